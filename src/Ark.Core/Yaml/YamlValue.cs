using System.Globalization;
using System.Text.RegularExpressions;

namespace Ark.Core.Yaml;

/// <summary>
/// A value of a YAML file that is still to be taken as some type. Each converter gives the value, or null after it reported what is wrong at
/// the value's place.
/// </summary>
public sealed class YamlValue
{
    private readonly YamlFile _file;
    private readonly YamlNode _node;

    internal YamlValue(YamlFile file, YamlNode node) => (_file, _node) = (file, node);

    public YamlPlace Place => _node.Place;

    /// <summary>Path from the file's root: <c>ports[0].port</c>.</summary>
    public string Path => _node.Path;

    public bool IsMap => _node is YamlMapping;

    public bool IsList => _node is YamlSequence;

    /// <summary>A scalar with a value.</summary>
    public bool IsScalar => _node is YamlScalar scalar && !IsNull(scalar);

    /// <summary>Text. A number, a boolean or nothing without quotes is refused, because other programs would not read it as text.</summary>
    public string? String()
    {
        if (_node is YamlScalar { Form: ScalarForm.Plain } scalar && !IsNull(scalar) && LooksTyped(scalar.Text))
            return Wrong<string>($"text, not {YamlFile.Show(scalar.Text)}", $"set it in quotes: \"{scalar.Text}\"");
        return _node is YamlScalar text && !IsNull(text) ? text.Text : Mismatch<string>("text");
    }

    /// <summary>Text, number or boolean, as written.</summary>
    public string? Text() => _node is YamlScalar scalar && !IsNull(scalar) ? scalar.Text : Mismatch<string>("a single value");

    /// <summary>Text that matches wholly; <paramref name="what"/> completes "must be …".</summary>
    public string? Matching(Regex pattern, string what)
    {
        var text = String();
        return text is null || pattern.IsMatch(text) ? text : Bad<string>($"{Name()} must be {what}, not {YamlFile.Show(text)}.", "");
    }

    /// <summary>One of the words.</summary>
    public string? OneOf(params IReadOnlyList<string> words)
    {
        var text = String();
        return text is null || words.Contains(text)
            ? text
            : Bad<string>($"{Name()} must be one of {string.Join(", ", words)}, not {YamlFile.Show(text)}.", Nearest.Hint(text, words));
    }

    /// <summary>A whole number without quotes.</summary>
    public int? Integer(int min = int.MinValue, int max = int.MaxValue)
    {
        if (_node is not YamlScalar { Form: ScalarForm.Plain } scalar || IsNull(scalar))
            return Mismatch<int?>("a whole number");
        if (!long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return Wrong<int?>($"a whole number, not {YamlFile.Show(scalar.Text)}", "");
        return number >= min && number <= max
            ? (int)number
            : Bad<int?>($"{Name()} must be {Limits(min, max)}, not {number}.", "", "out-of-range");
    }

    /// <summary>A number, fractions too, with or without quotes (Compose writes <c>cpus: "0.5"</c>).</summary>
    public double? Number(double min = double.MinValue, double max = double.MaxValue)
    {
        if (_node is not YamlScalar scalar || IsNull(scalar))
            return Mismatch<double?>("a number");
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (!double.TryParse(scalar.Text, style, CultureInfo.InvariantCulture, out var number))
            return Wrong<double?>($"a number, not {YamlFile.Show(scalar.Text)}", "");
        return number >= min && number <= max
            ? number
            : Bad<double?>(System.FormattableString.Invariant($"{Name()} must be between {min} and {max}, not {number}."), "", "out-of-range");
    }

    public bool? Boolean() => _node switch
    {
        YamlScalar { Form: ScalarForm.Plain, Text: "true" or "True" or "TRUE" } => true,
        YamlScalar { Form: ScalarForm.Plain, Text: "false" or "False" or "FALSE" } => false,
        YamlScalar scalar when !IsNull(scalar) => Wrong<bool?>($"true or false, not {YamlFile.Show(scalar.Text)}", "write true or false, without quotes"),
        _ => Mismatch<bool?>("true or false"),
    };

    /// <summary>A size in bytes: <c>128M</c>, or a number of bytes.</summary>
    public long? Size()
    {
        if (Text() is not { } text)
            return null;
        return Units.Size(text) ?? Bad<long?>($"{Name()} is no size: {YamlFile.Show(text)}.", Units.SizeForm);
    }

    /// <summary>A duration as Compose writes it: <c>1m30s</c>, <c>500ms</c>.</summary>
    public TimeSpan? Duration()
    {
        if (Text() is not { } text)
            return null;
        return Units.Duration(text) ?? Bad<TimeSpan?>($"{Name()} is no duration: {YamlFile.Show(text)}.", Units.DurationForm);
    }

    public YamlMap? Map() => _node is YamlMapping map ? new(_file, map) : Mismatch<YamlMap>("a map (key: value)");

    /// <summary>The items of a list; empty, and a problem, if it is none.</summary>
    public IReadOnlyList<YamlValue> Items()
    {
        if (_node is YamlSequence list)
            return [.. list.Items.Select(i => new YamlValue(_file, i))];
        Mismatch<object>("a list");
        return [];
    }

    /// <summary>The maps of a list of maps; items that are none are reported and left out.</summary>
    public IReadOnlyList<YamlMap> Maps() => [.. Items().Select(i => i.Map()).OfType<YamlMap>()];

    /// <summary>The texts of a list, numbers and booleans as written; items that are none are reported and left out.</summary>
    public IReadOnlyList<string> Texts() => [.. Items().Select(i => i.Text()).OfType<string>()];

    /// <summary>The words of a list of words; items that are none are reported and left out.</summary>
    public IReadOnlyList<string> Strings() => [.. Items().Select(i => i.String()).OfType<string>()];

    /// <summary>Reports that the value, though of the right type, is wrong.</summary>
    public void Add(string code, string message, string remedy = "", Severity severity = Severity.Error) =>
        _file.Add(code, Place, message, remedy, severity);

    /// <summary>What messages call the value: its path in quotes.</summary>
    public string Name() => Path.Length == 0 ? "the file" : $"'{Path}'";

    private static string Limits(int min, int max) => (min, max) switch
    {
        (int.MinValue, _) => $"at most {max}",
        (_, int.MaxValue) => $"at least {min}",
        _ => $"between {min} and {max}",
    };

    private T? Mismatch<T>(string wanted) => _node switch
    {
        YamlRefused => default,
        YamlMapping => Wrong<T>(wanted + ", not a map", ""),
        YamlSequence => Wrong<T>(wanted + ", not a list", ""),
        YamlScalar scalar when IsNull(scalar) => Wrong<T>(wanted + "; it is empty", "write the value, or leave the key out"),
        YamlScalar scalar => Wrong<T>($"{wanted}, not the text {YamlFile.Show(scalar.Text)}", ""),
        _ => throw new InvalidOperationException($"Unknown node {_node}."),
    };

    private T? Wrong<T>(string wanted, string remedy) => Bad<T>($"{Name()} must be {wanted}.", remedy, "wrong-type");

    private T? Bad<T>(string message, string remedy, string code = "bad-value")
    {
        Add(code, message, remedy);
        return default;
    }

    private static bool IsNull(YamlScalar scalar) => scalar is { Form: ScalarForm.Plain, Text: "" or "~" or "null" or "Null" or "NULL" };

    private static bool LooksTyped(string text) =>
        text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE"
        || (text.Any(char.IsAsciiDigit) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        || (text.StartsWith("0x", StringComparison.Ordinal) && text.Length > 2 && text[2..].All(char.IsAsciiHexDigit))
        || (text.StartsWith("0o", StringComparison.Ordinal) && text.Length > 2 && text[2..].All(c => c is >= '0' and <= '7'));
}
