using System.Globalization;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>Compose's short form of a memory file system, <c>/run:size=64m,mode=1777</c>, as a mount of Swarm.</summary>
internal static class TmpfsMount
{
    /// <exception cref="SwarmException">An option that Swarm does not know.</exception>
    public static Engine.Mount Parse(string text)
    {
        var (target, options) = text.IndexOf(':') is var i and >= 0 ? (text[..i], text[(i + 1)..]) : (text, "");
        Engine.TmpfsOptions? parsed = null;
        foreach (var option in options.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            parsed ??= new();
            if (option.StartsWith("size=", StringComparison.Ordinal) && Bytes(option[5..]) is { } size)
                parsed.SizeBytes = size;
            else if (option.StartsWith("mode=", StringComparison.Ordinal) && Octal(option[5..]) is { } mode)
                parsed.Mode = mode;
            else
                throw new SwarmException($"tmpfs {text}: Swarm knows size= and mode=, not '{option}'.");
        }

        return new() { Type = "tmpfs", Target = target, TmpfsOptions = parsed };
    }

    public static string Write(Engine.Mount mount)
    {
        List<string> options = [];
        if (mount.TmpfsOptions?.SizeBytes is { } size and not 0)
            options.Add(string.Create(CultureInfo.InvariantCulture, $"size={size}"));
        if (mount.TmpfsOptions?.Mode is { } mode and not 0)
            options.Add("mode=" + Convert.ToString(mode, 8));
        return options.Count == 0 ? mount.Target ?? "" : $"{mount.Target}:{string.Join(',', options)}";
    }

    private static uint? Octal(string text)
    {
        if (text.Length is 0 or > 6 || text.Any(c => c is < '0' or > '7'))
            return null;
        return Convert.ToUInt32(text, 8);
    }

    private static long? Bytes(string text)
    {
        var digits = text.TrimEnd('b', 'B');
        var (number, factor) = digits.Length == 0 ? ("", 1L) : char.ToLowerInvariant(digits[^1]) switch
        {
            'k' => (digits[..^1], 1L << 10),
            'm' => (digits[..^1], 1L << 20),
            'g' => (digits[..^1], 1L << 30),
            _ => (digits, 1L),
        };
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value * factor : null;
    }
}
