using System.Buffers;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;

namespace Ark.EndToEnd.Sites;

/// <summary>Looks for secrets in whatever bytes it is given: as they are, in base64 at any offset, in hex, escaped for JSON and URLs, and within tar, gzip and zip files.</summary>
internal sealed class SecretSearch
{
    private const int Chunk = 1 << 20;

    private readonly Dictionary<string, string> _forms = new(StringComparer.Ordinal);
    private readonly SearchValues<string> _patterns;
    private readonly int _longest;

    /// <param name="secrets">Name (which a finding tells) to secret.</param>
    public SecretSearch(IReadOnlyDictionary<string, string> secrets)
    {
        foreach (var (name, secret) in secrets)
            foreach (var (how, form) in Forms(secret))
                _forms.TryAdd(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(form)), $"{name} {how}"); // As bytes are read.
        _patterns = SearchValues.Create([.. _forms.Keys], StringComparison.Ordinal);
        _longest = _forms.Keys.Max(f => f.Length);
    }

    /// <summary>Where secrets were found: <c>m1:/var/log/x.gz: root password of metadb in base64</c>. Never the secret itself.</summary>
    public SortedSet<string> Found { get; } = new(StringComparer.Ordinal);

    public long Bytes { get; private set; }

    public void Text(string place, string text) => Look(place, Encoding.UTF8.GetBytes(text));

    /// <summary>Every file of a tar stream, and what is within them.</summary>
    public async Task TarAsync(string place, Stream tar, Func<string, bool> skip, CancellationToken cancellation)
    {
        await using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            if (entry.DataStream is { } data && !skip(entry.Name))
                await FileAsync($"{place}/{entry.Name}", data, 0, cancellation);
    }

    private async Task FileAsync(string place, Stream data, int depth, CancellationToken cancellation)
    {
        using var memory = new MemoryStream();
        await data.CopyToAsync(memory, cancellation);
        var content = memory.GetBuffer().AsMemory(0, (int)memory.Length);
        Look(place, content.Span);
        if (depth == 4) return;
        try
        {
            if (Begins(content.Span, [0x1f, 0x8b]))
                await FileAsync(place + "!gz", new GZipStream(new MemoryStream(memory.ToArray()), CompressionMode.Decompress), depth + 1, cancellation);
            else if (Begins(content.Span, "PK\u0003\u0004"u8))
                foreach (var entry in new ZipArchive(new MemoryStream(memory.ToArray())).Entries)
                    await FileAsync($"{place}!{entry.FullName}", await entry.OpenAsync(cancellation), depth + 1, cancellation);
            else if (content.Length > 262 && content.Span[257..262].SequenceEqual("ustar"u8))
                Look(place + "!tar", content.Span); // Its files' bytes stand in it as they are; compressed ones among them are looked into as well.
        }
        catch (InvalidDataException)
        {
            // Begins like an archive and is none: it was looked at as it is.
        }
    }

    private void Look(string place, ReadOnlySpan<byte> content)
    {
        Bytes += content.Length;
        for (var at = 0; at < content.Length; at += Chunk)
        {
            var text = Encoding.Latin1.GetString(content[at..Math.Min(content.Length, at + Chunk + _longest)]);
            for (var from = 0; text.AsSpan(from).IndexOfAny(_patterns) is var i and >= 0; from += i + 1)
                foreach (var (form, name) in _forms)
                    if (text.AsSpan(from + i).StartsWith(form, StringComparison.Ordinal)) Found.Add($"{place}: {name}");
        }
    }

    private static bool Begins(ReadOnlySpan<byte> content, ReadOnlySpan<byte> magic) => content.StartsWith(magic);

    private static IEnumerable<(string How, string Form)> Forms(string secret)
    {
        yield return ("in clear", secret);
        yield return ("in hex", Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret)));
        yield return ("for a URL", Uri.EscapeDataString(secret));
        yield return ("for JSON", JavaScriptEncoder.Default.Encode(secret));
        for (var offset = 0; offset < 3; offset++)
        {
            // The middle of it: what stands before and after changes the first and last letters.
            var coded = Convert.ToBase64String([.. new byte[offset], .. Encoding.UTF8.GetBytes(secret)]).TrimEnd('=');
            var inner = coded[(offset == 0 ? 0 : offset + 1)..^1];
            yield return ("in base64", inner);
            yield return ("in base64url", inner.Replace('+', '-').Replace('/', '_'));
        }
    }
}
