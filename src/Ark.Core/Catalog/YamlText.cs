using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ark.Core.Catalog;

/// <summary>Writes values as YAML within flow collections or behind a key.</summary>
internal static partial class YamlText
{
    /// <summary>The text, in quotes where YAML would take it for anything else.</summary>
    public static string Of(string text) =>
        Plain().IsMatch(text) && !Typed().IsMatch(text) ? text : "\"" + JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";

    public static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Of))}]";

    [GeneratedRegex(@"^[A-Za-z0-9_/.][A-Za-z0-9_/.@+=-]*( [A-Za-z0-9_/.@+=-]+)*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"^([-+.0-9].*|true|false|null|yes|no|on|off|~)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Typed();
}
