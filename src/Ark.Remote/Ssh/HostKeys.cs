using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>
/// The host keys of a site's machines, in a file of OpenSSH's known_hosts format. A machine's key is recorded at first contact, with a
/// warning that shows its fingerprint, and verified ever after. Several tasks and several processes may use one file at a time.
/// </summary>
public sealed class HostKeys(string file)
{
    private readonly Lock _gate = new();
    private volatile Snapshot? _last;

    /// <summary>The file, which need not exist yet.</summary>
    public string File { get; } = Path.GetFullPath(file);

    /// <summary>The types of keys that are recorded for a machine, so that it is asked for one of them.</summary>
    public IReadOnlyList<string> TypesOf(MachineAddress address) =>
        [.. Read().Of(address.ToString()).Where(k => !k.Revoked).Select(k => k.Type).Distinct()];

    /// <summary>
    /// Judges the key that a machine shows: an error when it is not the recorded one, a warning when it was recorded just now, null when it is known.
    /// </summary>
    /// <param name="key">The public key as in the SSH protocol, which starts with its type.</param>
    public Problem? Judge(MachineAddress address, byte[] key)
    {
        var host = address.ToString();
        var type = TypeOf(key);
        var text = Convert.ToBase64String(key);
        var fingerprint = KnownHost.Fingerprint(key);
        // Most keys are known: for those nobody has to wait for anybody.
        var seen = Read().Of(host);
        if (seen.Any(k => !k.Revoked && k.Key == text) && !seen.Any(k => k.Revoked && k.Key == text))
            return null;
        lock (_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(File)!);
            using var others = FileLock.Hold(File);
            var known = Read().Of(host);
            if (known.Any(k => k.Revoked && k.Key == text))
                return SshProblems.HostKeyRevoked(address, fingerprint, File);
            var valid = known.Where(k => !k.Revoked).ToList();
            if (valid.Any(k => k.Key == text))
                return null;
            if (valid.Count > 0)
                return SshProblems.HostKeyChanged(address, type, [.. valid.Select(k => k.Fingerprint())], fingerprint, File);
            Append($"{host} {type} {text}");
            return SshProblems.FirstContact(address, type, fingerprint, File);
        }
    }

    /// <summary>Forgets the keys of a machine, for one that was installed anew; the next contact counts as the first. True when there were any.</summary>
    public bool Forget(MachineAddress address)
    {
        lock (_gate)
        {
            if (!System.IO.File.Exists(File))
                return false;
            using var others = FileLock.Hold(File);
            var lines = System.IO.File.ReadAllLines(File);
            var kept = lines.Where(l => KnownHost.Parse(l) is not { Revoked: false } k || !k.Names(address.ToString())).ToArray();
            if (kept.Length == lines.Length)
                return false;
            Replace(string.Concat(kept.Select(l => l + "\n")));
            return true;
        }
    }

    /// <summary>The file as it is now. It is read again only where it was changed: a site's thousand machines are looked up in it one by one.</summary>
    private Snapshot Read()
    {
        var now = new FileInfo(File);
        if (!now.Exists) return Snapshot.Empty;
        if (_last is { } last && (last.Length, last.Written) == (now.Length, now.LastWriteTimeUtc)) return last;
        return _last = new(now.Length, now.LastWriteTimeUtc, [.. System.IO.File.ReadLines(File).Select(KnownHost.Parse).OfType<KnownHost>()]);
    }

    private void Append(string line)
    {
        var text = System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File) : "";
        Replace(text + (text.Length == 0 || text.EndsWith('\n') ? "" : "\n") + line + "\n");
    }

    /// <summary>Readers see the old file or the new one, never a part.</summary>
    private void Replace(string text)
    {
        var next = File + ".new";
        System.IO.File.WriteAllText(next, text);
        System.IO.File.Move(next, File, overwrite: true);
        _last = null;
    }

    private static string TypeOf(byte[] key)
    {
        var length = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(key);
        return System.Text.Encoding.ASCII.GetString(key, 4, length);
    }

    /// <summary>Lines by the host that they name, and those that may name any.</summary>
    private sealed class Snapshot(long length, DateTime written, IReadOnlyList<KnownHost> lines)
    {
        private readonly ILookup<string, KnownHost> _plain = lines.Where(l => l.IsPlain).ToLookup(l => l.Hosts, StringComparer.OrdinalIgnoreCase);
        private readonly List<KnownHost> _others = [.. lines.Where(l => !l.IsPlain)];

        internal static Snapshot Empty { get; } = new(0, default, []);

        internal long Length => length;

        internal DateTime Written => written;

        internal List<KnownHost> Of(string host) => [.. _plain[host], .. _others.Where(l => l.Names(host))];
    }
}
