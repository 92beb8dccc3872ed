using System.Globalization;
using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>Reads the key <c>parameters</c> of a component.</summary>
internal static class ParameterReader
{
    private static readonly string[] Types = [.. Enum.GetNames<ParameterType>().Select(n => n.ToLowerInvariant())];

    public static List<Parameter> Read(YamlMap root)
    {
        List<Parameter> parameters = [];
        foreach (var map in root.Get("parameters")?.Maps() ?? [])
        {
            if (One(map) is not { } parameter)
                continue;
            if (parameters.Any(p => p.Name == parameter.Name))
                map.File.Add("duplicate-parameter", map.File.PlaceOf(map.Path + ".name"), $"Two parameters are called '{parameter.Name}'.", "give each a name of its own");
            else
                parameters.Add(parameter);
        }

        return parameters;
    }

    private static Parameter? One(YamlMap map)
    {
        var name = map.Need("name")?.Matching(Words.Identifier(), Words.IdentifierForm);
        var word = map.Need("type")?.OneOf(Types);
        var type = word is null ? ParameterType.String : Enum.Parse<ParameterType>(word, ignoreCase: true);
        var initial = map.Get("default");
        var parameter = new Parameter
        {
            Name = name ?? "",
            Type = type,
            Default = initial?.Text(),
            Help = map.Need("help")?.String() ?? "",
            Min = Limit(map, "min", type),
            Max = Limit(map, "max", type),
            Pattern = Pattern(map, Only(map, "pattern", word, type is ParameterType.String or ParameterType.Secret)),
            Values = Only(map, "values", word, type is ParameterType.Choice)?.Texts() ?? [],
            Length = Only(map, "length", word, type is ParameterType.Secret)?.Integer(8, 128) ?? 24,
        };
        map.Close();
        if (word is null)
            return null;
        Check(map, parameter, initial);
        return name is null ? null : parameter;
    }

    private static void Check(YamlMap map, Parameter parameter, YamlValue? initial)
    {
        if (parameter.Min > parameter.Max)
            map.File.Add("parameter-limits", map.Place, $"'{parameter.Name}' has min above max.");
        if (parameter.Type == ParameterType.Choice && !map.Has("values"))
            map.File.Add("missing-key", map.Place, $"'{map.Path}' is a choice and has no 'values'.", "add 'values: [a, b]'");
        if (initial is null || parameter.Default is not { } text)
            return;
        if (parameter.IsSecret)
            initial.Add("secret-in-clear", $"The secret '{parameter.Name}' has a default, which everybody could read here.", "leave it out: a secret is generated unless the task brings one");
        else if (ParameterValues.Parse(parameter, text, out var wanted) is null)
            initial.Add("bad-parameter", $"The default of '{parameter.Name}' must be {wanted}, not {YamlFile.Show(text)}.");
    }

    /// <summary>The value of a key that only some types have.</summary>
    private static YamlValue? Only(YamlMap map, string key, string? type, bool belongs)
    {
        if (belongs || type is null)
            return map.Get(key);
        map.Get(key)?.Add("bad-value", $"A parameter of type {type} has no '{key}'.", "leave it out, or choose another type");
        return null;
    }

    private static double? Limit(YamlMap map, string key, ParameterType type)
    {
        var value = map.Get(key);
        switch (type)
        {
            case ParameterType.Size:
                return value?.Size();
            case ParameterType.Duration:
                return value?.Duration()?.TotalSeconds;
            case ParameterType.Integer or ParameterType.Number:
                return value?.Number();
            default:
                value?.Add("bad-value", $"A parameter of type {type.ToString().ToLower(CultureInfo.InvariantCulture)} has no '{key}'.", "leave it out, or choose another type");
                return null;
        }
    }

    private static string? Pattern(YamlMap map, YamlValue? value)
    {
        if (value?.String() is not { } pattern)
            return null;
        try
        {
            ParameterValues.Whole(pattern);
            return pattern;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            var why = e is NotSupportedException ? "it looks around or back, which takes no bounded time" : "it is no regular expression";
            value.Add("bad-pattern", $"'{map.Path}.pattern' is no pattern that can be used: {why}.", "write a regular expression without looking around or back");
            return null;
        }
    }
}
