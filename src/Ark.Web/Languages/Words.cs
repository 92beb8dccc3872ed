using System.Globalization;
using System.Resources;

namespace Ark.Web.Languages;

/// <summary>What pages say, in the language of the request. A host adds its own resources to those of this library.</summary>
public sealed class Words(params IReadOnlyList<ResourceManager> resources)
{
    public static ResourceManager Web { get; } = new("Ark.Web.Languages.Words", typeof(Words).Assembly);

    /// <summary>The text of <paramref name="key"/>; the key itself where there is none, which a test finds.</summary>
    public string this[string key] => Find(key) ?? key;

    public string this[string key, params object?[] values] => string.Format(CultureInfo.InvariantCulture, this[key], values);

    public string? Find(string key) => resources.Select(r => r.GetString(key, CultureInfo.CurrentUICulture)).FirstOrDefault(t => t is not null);
}
