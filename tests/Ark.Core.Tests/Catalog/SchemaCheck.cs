using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Ark.Core.Tests.Catalog;

/// <summary>Validates against as much of JSON Schema 2020-12 as the catalogue's schemas use; any other keyword is an error of the schema.</summary>
internal sealed class SchemaCheck(JsonObject root)
{
    private static readonly HashSet<string> Annotations = ["$schema", "$id", "$defs", "title", "description", "default"];

    /// <summary>Paths at which the value is wrong; empty if it is right.</summary>
    public List<string> Check(JsonNode? value) => Check(root, value, "");

    /// <summary>The schema of the object at a path, as far as the path decides it.</summary>
    public JsonObject Resolve(JsonNode schema)
    {
        var of = schema.AsObject();
        return of["$ref"] is { } reference ? root["$defs"]![reference.GetValue<string>()["#/$defs/".Length..]]!.AsObject() : of;
    }

    private List<string> Check(JsonNode schema, JsonNode? value, string path)
    {
        if (schema is JsonValue always)
            return always.GetValue<bool>() ? [] : [path];
        List<string> wrong = [];
        foreach (var (key, rule) in schema.AsObject().Where(k => !Annotations.Contains(k.Key)))
            wrong.AddRange(Rule(schema.AsObject(), key, rule!, value, path));
        return wrong;
    }

    private IEnumerable<string> Rule(JsonObject schema, string key, JsonNode rule, JsonNode? value, string path)
    {
        switch (key)
        {
            case "$ref": return Check(Resolve(schema), value, path);
            case "type": return Say(rule is JsonArray types ? types.Any(t => Is(t!.GetValue<string>(), value)) : Is(rule.GetValue<string>(), value));
            case "const": return Say(JsonNode.DeepEquals(rule, value));
            case "enum": return Say(rule.AsArray().Any(v => JsonNode.DeepEquals(v, value)));
            case "anyOf": return Say(rule.AsArray().Any(s => Check(s!, value, path).Count == 0));
            case "allOf": return rule.AsArray().SelectMany(s => Check(s!, value, path));
            case "if":
                var branch = schema[Check(rule, value, path).Count == 0 ? "then" : "else"];
                return branch is null ? [] : Check(branch, value, path);
            case "then" or "else": return [];
            case "pattern": return Say(value is not JsonValue || !Is("string", value) || Regex.IsMatch(value.GetValue<string>(), rule.GetValue<string>()));
            case "minLength": return Say(!Is("string", value) || value!.GetValue<string>().Length >= rule.GetValue<int>());
            case "maxLength": return Say(!Is("string", value) || value!.GetValue<string>().Length <= rule.GetValue<int>());
            case "minimum": return Say(!Is("number", value) || value!.GetValue<double>() >= Number(rule));
            case "maximum": return Say(!Is("number", value) || value!.GetValue<double>() <= Number(rule));
            case "required": return Say(value is not JsonObject o || rule.AsArray().All(k => o.ContainsKey(k!.GetValue<string>())));
            case "properties":
                return value is not JsonObject map ? [] : rule.AsObject().Where(p => map.ContainsKey(p.Key)).SelectMany(p => Check(p.Value!, map[p.Key], path + "." + p.Key));
            case "additionalProperties":
                return value is not JsonObject all ? [] : all.Where(p => schema["properties"]?[p.Key] is null).SelectMany(p => Check(rule, p.Value, path + "." + p.Key));
            case "propertyNames": return value is not JsonObject named ? [] : named.SelectMany(p => Check(rule, p.Key, path + "." + p.Key));
            case "items":
                return value is not JsonArray list ? [] : list.Skip((schema["prefixItems"] as JsonArray)?.Count ?? 0).SelectMany((v, i) => Check(rule, v, $"{path}[{i}]"));
            case "prefixItems": return value is not JsonArray first ? [] : rule.AsArray().Zip(first).SelectMany((v, i) => Check(v.First!, v.Second, $"{path}[{i}]"));
            case "minItems": return Say(value is not JsonArray some || some.Count >= rule.GetValue<int>());
            case "uniqueItems": return Say(value is not JsonArray each || each.Select(v => v?.ToJsonString()).Distinct().Count() == each.Count);
            default: throw new NotSupportedException($"The schema uses '{key}', which this check does not know.");
        }

        IEnumerable<string> Say(bool right) => right ? [] : [$"{path} ({key})"];
    }

    private static bool Is(string type, JsonNode? value) => (type, value?.GetValueKind() ?? System.Text.Json.JsonValueKind.Null) switch
    {
        ("object", System.Text.Json.JsonValueKind.Object) or ("array", System.Text.Json.JsonValueKind.Array) or ("string", System.Text.Json.JsonValueKind.String) => true,
        ("boolean", System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False) or ("number", System.Text.Json.JsonValueKind.Number) => true,
        ("integer", System.Text.Json.JsonValueKind.Number) => double.IsInteger(value!.GetValue<double>()),
        _ => false,
    };

    private static double Number(JsonNode rule) => double.Parse(rule.ToJsonString(), CultureInfo.InvariantCulture);

    /// <summary>A YAML text as an editor reads it: types by YAML's 1.2 core schema.</summary>
    public static JsonNode? Json(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return Json(stream.Documents[0].RootNode);
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: var text } => Plain(text!),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new NotSupportedException(),
    };

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when Regex.IsMatch(text, @"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$") => double.Parse(text, CultureInfo.InvariantCulture),
        _ => text,
    };
}
