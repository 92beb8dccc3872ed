using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ark.Core.Templates;

/// <summary>Filters beside Liquid's own that set a value into another language safely.</summary>
internal static class TemplateFilters
{
    /// <summary>A single value as JSON: a text in quotes with what needs it escaped; also right in YAML.</summary>
    public static string Json(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        string s => "\"" + JsonEncodedText.Encode(s, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException("json takes a single value, not a list or an object"),
    };

    /// <summary>A single value as one word of a POSIX shell.</summary>
    public static string Shell(object? value) => ShellText.Quote(Text(value, "shell"));

    /// <summary>A single value for any part of a URL: a space is %20, since + is one in a query only.</summary>
    public static string UrlEncode(object? value) => Uri.EscapeDataString(Text(value, "url_encode"));

    private static string Text(object? value, string filter) => value is null or string or IFormattable or bool
        ? Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""
        : throw new ArgumentException(filter + " takes a single value, not a list or an object");
}
