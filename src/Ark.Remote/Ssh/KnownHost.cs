using System.Security.Cryptography;
using System.Text;

namespace Ark.Remote.Ssh;

/// <summary>One line of OpenSSH's known_hosts file that names keys: plain or hashed hosts, patterns, the <c>@revoked</c> mark.</summary>
/// <param name="Hosts">The first field: <c>host,[host]:port</c> or <c>|1|salt|hash</c>.</param>
/// <param name="Type">Of the key: <c>ssh-ed25519</c>.</param>
/// <param name="Key">The key as base64.</param>
internal sealed record KnownHost(string Hosts, string Type, string Key, bool Revoked)
{
    /// <summary>The line's content; null for blank lines, comments, certificate authorities and what is not understood.</summary>
    internal static KnownHost? Parse(string line)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 0 || fields[0].StartsWith('#'))
            return null;
        var marked = fields[0].StartsWith('@');
        if (marked && fields[0] != "@revoked")
            return null;
        var rest = marked ? fields[1..] : fields;
        return rest.Length < 3 ? null : new KnownHost(rest[0], rest[1], rest[2], marked);
    }

    /// <summary>The line names one host as it is: no list, no pattern, not hashed.</summary>
    internal bool IsPlain => Hosts.AsSpan().IndexOfAny(",*?!|") < 0;

    /// <summary>True when the line speaks of this host, named as <see cref="MachineAddress.ToString"/> does.</summary>
    internal bool Names(string host)
    {
        if (Hosts.StartsWith("|1|", StringComparison.Ordinal))
            return NamesHashed(host);
        var named = false;
        foreach (var pattern in Hosts.Split(','))
        {
            if (pattern.StartsWith('!'))
            {
                if (Matches(pattern.AsSpan(1), host))
                    return false;
            }
            else
            {
                named |= Matches(pattern, host);
            }
        }
        return named;
    }

    internal static string Fingerprint(ReadOnlySpan<byte> key) => Convert.ToBase64String(SHA256.HashData(key)).TrimEnd('=');

    internal string Fingerprint()
    {
        var key = new byte[Key.Length];
        return Convert.TryFromBase64String(Key, key, out var length) ? Fingerprint(key.AsSpan(0, length)) : "(unreadable)";
    }

    // The format prescribes HMAC-SHA1; it hides names, it protects nothing.
#pragma warning disable CA5350
    private bool NamesHashed(string host)
    {
        var parts = Hosts.Split('|');
        if (parts.Length != 4)
            return false;
        Span<byte> salt = stackalloc byte[64];
        Span<byte> hash = stackalloc byte[64];
        return Convert.TryFromBase64String(parts[2], salt, out var saltLength)
            && Convert.TryFromBase64String(parts[3], hash, out var hashLength)
            && HMACSHA1.HashData(salt[..saltLength], Encoding.UTF8.GetBytes(host)).AsSpan().SequenceEqual(hash[..hashLength]);
    }
#pragma warning restore CA5350

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> host)
    {
        if (pattern.IsEmpty)
            return host.IsEmpty;
        if (pattern[0] == '*')
        {
            for (var i = 0; i <= host.Length; i++)
                if (Matches(pattern[1..], host[i..]))
                    return true;
            return false;
        }
        return !host.IsEmpty
            && (pattern[0] == '?' || char.ToLowerInvariant(pattern[0]) == char.ToLowerInvariant(host[0]))
            && Matches(pattern[1..], host[1..]);
    }
}
