using System.Globalization;
using System.Text.RegularExpressions;
using Ark.Core.Secrets;
using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>The values of a component's parameters for a task, checked and typed.</summary>
/// <param name="Clear">
/// Name to <see cref="string"/>, <see cref="long"/> (integers, sizes in bytes, durations of whole seconds), <see cref="double"/> (numbers,
/// durations with fractions of a second) or <see cref="bool"/>.
/// </param>
/// <param name="Secrets">The secret ones.</param>
public sealed partial record ParameterValues(IReadOnlyDictionary<string, object> Clear, IReadOnlyDictionary<string, Secret> Secrets)
{
    public static ParameterValues None { get; } = new(new Dictionary<string, object>(), new Dictionary<string, Secret>());

    /// <summary>
    /// Defaults, changed by what the task says. Problems (all at once): a parameter that the component has not, a value of the wrong type or
    /// beyond its limits, none where there is no default, a secret that is nowhere or that the task writes in clear.
    /// </summary>
    /// <param name="overrides">Parameter name to value as the task writes it.</param>
    /// <param name="secrets">Every secret parameter's value: the task's, decrypted, or the one generated and kept.</param>
    /// <param name="place">Where a parameter's value stands; by default <c>cache.parameters.maxmemory</c>.</param>
    public static Outcome<ParameterValues> Resolve(
        Component component,
        IReadOnlyDictionary<string, string> overrides,
        IReadOnlyDictionary<string, Secret> secrets,
        Func<string, string>? place = null)
    {
        place ??= name => $"{component.Name}.parameters.{name}";
        List<Problem> problems = [];
        var known = component.Parameters.Select(p => p.Name).ToList();
        foreach (var name in overrides.Keys.Concat(secrets.Keys).Where(n => !known.Contains(n)).Distinct().Order(StringComparer.Ordinal))
            problems.Add(new("unknown-parameter", place(name), $"{component.Name} has no parameter {YamlFile.Show(name)}.", Unknown(name, known)));

        SortedDictionary<string, object> clear = new(StringComparer.Ordinal);
        SortedDictionary<string, Secret> hidden = new(StringComparer.Ordinal);
        foreach (var parameter in component.Parameters)
        {
            var problem = parameter.IsSecret
                ? Hidden(component.Name, parameter, overrides, secrets, hidden)
                : Plain(component.Name, parameter, overrides, clear);
            if (problem is not null)
                problems.Add(problem with { Place = place(parameter.Name) });
        }

        return Outcome<ParameterValues>.From(problems, () => new(clear, hidden));
    }

    /// <summary>The name that an encrypted value of a parameter is bound to: <c>cache.password</c>.</summary>
    public static string SecretName(string component, string parameter) => $"{component}.{parameter}";

    /// <summary>The typed value of a text, or null and why it is none: completes "must be …".</summary>
    public static object? Parse(Parameter parameter, string text, out string wanted)
    {
        object? value = parameter.Type switch
        {
            ParameterType.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null,
            ParameterType.Number => Number(text),
            ParameterType.Boolean => text switch { "true" => true, "false" => false, _ => null },
            ParameterType.Size => Units.Size(text),
            ParameterType.Duration => Units.Duration(text) is { } time ? Seconds(time) : null,
            ParameterType.Choice => parameter.Values.Contains(text) ? text : null,
            _ => Matches(parameter, text) ? text : null,
        };
        var number = value is long or double ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : (double?)null;
        if (number < parameter.Min || number > parameter.Max)
            value = null;
        wanted = value is null ? Wanted(parameter) : "";
        return value;
    }

    private static Problem? Plain(
        string component, Parameter parameter, IReadOnlyDictionary<string, string> overrides, SortedDictionary<string, object> clear)
    {
        var text = overrides.GetValueOrDefault(parameter.Name) ?? parameter.Default;
        if (text is null)
            return new("missing-parameter", "", $"{component} needs a value for '{parameter.Name}': {parameter.Help}.", $"write {Wanted(parameter)}");
        if (Parse(parameter, text, out var wanted) is not { } value)
            return new("bad-parameter", "", $"{component}'s '{parameter.Name}' must be {wanted}, not {YamlFile.Show(text)}.");
        clear[parameter.Name] = value;
        return null;
    }

    private static Problem? Hidden(
        string component,
        Parameter parameter,
        IReadOnlyDictionary<string, string> overrides,
        IReadOnlyDictionary<string, Secret> secrets,
        SortedDictionary<string, Secret> hidden)
    {
        var name = parameter.Name;
        if (overrides.TryGetValue(name, out var written) && !Vault.IsEncrypted(written))
            return new("secret-in-clear", "", $"{component}'s '{name}' is a secret and cannot stand here in clear.", $"leave it out, and it is generated; or write what this prints: ark secret encrypt {SecretName(component, name)}");
        if (!secrets.TryGetValue(name, out var secret))
            return new("missing-secret", "", $"{component}'s secret '{name}' has no value.");

        if (secret.Reveal().Length == 0 || !Matches(parameter, secret.Reveal()))
            return new("bad-parameter", "", $"{component}'s '{name}' must be {Wanted(parameter)}. (Its value is not shown.)");
        hidden[name] = secret;
        return null;
    }

    private static string Unknown(string name, List<string> known)
    {
        var hint = Nearest.Hint(name, known);
        var list = known.Count == 0 ? "it has none" : "it has " + string.Join(", ", known);
        return hint.Length == 0 ? list : $"{hint} ({list})";
    }

    /// <summary>
    /// A text without a pattern of its own must be harmless wherever it is set: no quotes, no line ends, nothing that a shell or a
    /// configuration file takes for more than a letter, no dash in front.
    /// </summary>
    private static bool Matches(Parameter parameter, string text) => parameter switch
    {
        { Pattern: { } pattern } => !text.Any(char.IsControl) && Whole(pattern).IsMatch(text),
        { Type: ParameterType.Secret } => HarmlessSecret().IsMatch(text),
        _ => Harmless().IsMatch(text),
    };

    /// <summary>A pattern that must match the whole text, in time linear to it.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It looks around or back.</exception>
    internal static Regex Whole(string pattern) => new($@"^(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static double? Number(string text)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
    }

    private static object Seconds(TimeSpan time) => time.Ticks % TimeSpan.TicksPerSecond == 0 ? (object)(time.Ticks / TimeSpan.TicksPerSecond) : time.TotalSeconds;

    private static string Wanted(Parameter parameter) => parameter.Type switch
    {
        ParameterType.Integer => "a whole number" + Limits(parameter, Show),
        ParameterType.Number => "a number" + Limits(parameter, Show),
        ParameterType.Boolean => "true or false",
        ParameterType.Choice => "one of " + string.Join(", ", parameter.Values),
        ParameterType.Size => "a size such as 64M" + Limits(parameter, n => Units.Write((long)n)),
        ParameterType.Duration => "a duration such as 30s" + Limits(parameter, n => Units.Write(TimeSpan.FromSeconds(n))),
        _ when parameter.Pattern is { } pattern => "a text that matches " + pattern,
        ParameterType.Secret => "letters, digits and . _ , : / @ % + = ~ ^ ! * - without spaces",
        _ => "letters, digits, spaces and . _ , : / @ % + = -, without a dash in front",
    };

    private static string Limits(Parameter parameter, Func<double, string> show) => (parameter.Min, parameter.Max) switch
    {
        ({ } min, { } max) => $" between {show(min)} and {show(max)}",
        ({ } min, null) => $" of at least {show(min)}",
        (null, { } max) => $" of at most {show(max)}",
        _ => "",
    };

    private static string Show(double number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?!-)[\p{L}\p{N} ._,:/@%+=-]*\z")]
    private static partial Regex Harmless();

    [GeneratedRegex(@"^[A-Za-z0-9._,:/@%+=~^!*-]+\z")]
    private static partial Regex HarmlessSecret();
}
