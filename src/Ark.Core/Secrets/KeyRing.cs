namespace Ark.Core.Secrets;

/// <summary>
/// A passphrase with the keys that came of it: things encrypted with different salts (a properties file written on another day, the cluster's state)
/// open with one passphrase, and each salt costs its stretching once. Safe for several threads.
/// </summary>
public sealed class KeyRing(Secret passphrase)
{
    private readonly Dictionary<string, SiteKey> _keys = [];
    private readonly Lock _lock = new();

    public SiteKey For(ReadOnlySpan<byte> salt)
    {
        var name = Convert.ToHexString(salt);
        lock (_lock)
        {
            if (!_keys.TryGetValue(name, out var key))
                _keys[name] = key = SiteKey.Derive(passphrase, salt);
            return key;
        }
    }
}
