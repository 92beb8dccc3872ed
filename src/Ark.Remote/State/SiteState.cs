using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Core.Secrets;
using Ark.Remote.Swarm;

namespace Ark.Remote.State;

/// <summary>
/// What a site must not lose, kept in the cluster itself: tasks as applied, generated secrets, the authority's key. Each is a name with
/// numbered versions, compressed and encrypted with the site's key, in configs <c>ark.state.NAME.000004</c> (further parts end in
/// <c>.p2</c>, …), which Raft keeps on every manager. The config <c>ark.site</c> holds the salt and proves the passphrase.
/// </summary>
public sealed class SiteState
{
    /// <summary>The config that every site has.</summary>
    public const string SiteConfig = "ark.site";

    /// <summary>Name of the site authority's certificate and key.</summary>
    public const string Authority = "authority";

    /// <summary>Versions of a name that are kept.</summary>
    public const int Kept = 5;

    /// <summary>Bytes in one config; Swarm takes 1000 KiB at most, and its log moves whole objects.</summary>
    public const int LongestPart = 500_000;

    private const string Prefix = "ark.state.";
    private const string NameLabel = "ark.state";
    private const string VersionLabel = "ark.version";
    private const string PartsLabel = "ark.parts";
    private const string AtLabel = "ark.at";
    private const string CheckName = "site";

    private readonly ISwarm _swarm;
    private readonly KeyRing _keys;
    private readonly TimeProvider _time;
    private IReadOnlyList<ConfigFacts> _configs;

    private SiteState(ISwarm swarm, KeyRing keys, SiteKey key, IReadOnlyList<ConfigFacts> configs, TimeProvider time) =>
        (_swarm, _keys, Key, _configs, _time) = (swarm, keys, key, configs, time);

    /// <summary>The site's own key: what names secrets and encrypts state on all consoles alike.</summary>
    public SiteKey Key { get; }

    /// <summary>Name of a task as applied.</summary>
    public static string Task(string id) => "task-" + id;

    /// <summary>Opens the state of a site that has one.</summary>
    /// <param name="facts">Being gathered; the key is stretched meanwhile.</param>
    /// <returns>Problem <c>no-state</c> where the site has none yet, <c>wrong-passphrase</c> where the passphrase is another.</returns>
    public static async Task<Outcome<SiteState>> OpenAsync(ISwarm swarm, KeyRing keys, Task<ClusterFacts> facts, TimeProvider time, CancellationToken cancellation)
    {
        if (await swarm.ReadConfigAsync(SiteConfig, cancellation) is not { } check)
            return Outcome<SiteState>.Fail(new Problem("no-state", SiteConfig, "The cluster holds no site's state yet.", "ark base"));
        var opened = await System.Threading.Tasks.Task.Run(() => Vault.Open(keys, CheckName, check, "the cluster's config " + SiteConfig), cancellation);
        return opened.Ok
            ? Outcome<SiteState>.Of(new(swarm, keys, keys.For(Vault.SaltOf(check)), (await facts).Configs, time))
            : Outcome<SiteState>.Fail(opened.Problems.Select(p => p.Code == "wrong-passphrase"
                ? p with { Message = "The passphrase is not this site's.", Remedy = "give the passphrase with which the site was made" } : p).ToList());
    }

    /// <summary>Makes the state of a new site; one that is there already is opened.</summary>
    public static async Task<Outcome<SiteState>> CreateAsync(ISwarm swarm, KeyRing keys, TimeProvider time, CancellationToken cancellation)
    {
        if (await swarm.FindConfigAsync(SiteConfig, cancellation) is null)
        {
            var key = keys.For(RandomNumberGenerator.GetBytes(SiteKey.SaltBytes));
            var check = Vault.Seal(key, CheckName, RandomNumberGenerator.GetBytes(16), RandomNumberGenerator.GetBytes(Vault.NonceBytes));
            try
            {
                await swarm.CreateConfigAsync(SiteConfig, check, Labels((AtLabel, Now(time))), cancellation);
            }
            catch (WorldMovedException)
            {
                // Another console was faster: its key is the site's.
            }
        }

        return await OpenAsync(swarm, keys, swarm.GatherAsync(cancellation), time, cancellation);
    }

    /// <summary>Versions of a name that the cluster holds, the newest first.</summary>
    public IReadOnlyList<StateVersion> Versions(string name) =>
    [
        .. _configs.Where(c => c.Labels.GetValueOrDefault(NameLabel) == name && c.Name.Length == Head(name, 0).Length)
            .Select(c => new StateVersion(name, Number(c, VersionLabel), Instant(c)))
            .OrderByDescending(v => v.Number),
    ];

    /// <summary>Names that the cluster holds something under, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _configs.Select(c => c.Labels.GetValueOrDefault(NameLabel)).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The newest version in clear, or the one asked for; null where there is none.</summary>
    public async Task<Outcome<StateContent>> ReadAsync(string name, CancellationToken cancellation, int? version = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var number = version ?? Versions(name).FirstOrDefault()?.Number;
            if (number is null)
                return Outcome<StateContent>.Of(new(null, 0));
            var head = Head(name, number.Value);
            var parts = _configs.FirstOrDefault(c => c.Name == head) is { } config ? Number(config, PartsLabel) : 0;
            var data = await System.Threading.Tasks.Task.WhenAll(Enumerable.Range(1, parts).Select(n => _swarm.ReadConfigAsync(Part(head, n), cancellation)));
            if (parts > 0 && data.All(d => d is not null))
            {
                var opened = Vault.Open(_keys, head, data.SelectMany(d => d!).ToArray(), "the cluster's config " + head);
                return opened.Ok ? Outcome<StateContent>.Of(new(Unpack(opened.Value), number.Value)) : Outcome<StateContent>.Fail(opened.Problems);
            }

            // Another console collected it meanwhile: look again.
            if (attempt > 2)
                return Outcome<StateContent>.Fail(new Problem("lost-state", head, $"Version {number} of {name} is not in the cluster.", "ark status"));
            _configs = (await _swarm.GatherAsync(cancellation)).Configs;
        }
    }

    /// <summary>Writes a new version unless the newest says the same, and collects those beyond <see cref="Kept"/>.</summary>
    /// <param name="task">Whose it is; null for what belongs to the site.</param>
    public async Task WriteAsync(string name, byte[] clear, string? task, CancellationToken cancellation)
    {
        if (name.Length is 0 or > 40 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            throw new ArgumentException("Up to 40 letters, digits, - and _.", nameof(name));
        if (await ReadAsync(name, cancellation) is { Ok: true, Value.Bytes: { } newest } && newest.AsSpan().SequenceEqual(clear))
            return;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await WriteAsync(name, (Versions(name).FirstOrDefault()?.Number ?? 0) + 1, clear, task, cancellation);
                break;
            }
            catch (WorldMovedException) when (attempt < 5)
            {
                _configs = (await _swarm.GatherAsync(cancellation)).Configs;
                // What a console that was killed left of a version without a head is in the way of its number.
                await RemoveHeadlessAsync(name, cancellation);
            }
        }

        _configs = (await _swarm.GatherAsync(cancellation)).Configs;
        foreach (var old in Versions(name).Skip(Kept))
            await RemoveAsync(name, old.Number, cancellation);
    }

    /// <summary>Removes all versions of a name.</summary>
    public async Task ForgetAsync(string name, CancellationToken cancellation)
    {
        foreach (var version in Versions(name))
            await RemoveAsync(name, version.Number, cancellation);
    }

    /// <summary>The head comes last: with it the version is whole.</summary>
    private async Task WriteAsync(string name, int number, byte[] clear, string? task, CancellationToken cancellation)
    {
        var head = Head(name, number);
        var parts = Vault.Seal(Key, head, Pack(clear), RandomNumberGenerator.GetBytes(Vault.NonceBytes)).Chunk(LongestPart).ToList();
        List<(string, string)> labels = [(NameLabel, name), (VersionLabel, Text(number)), (PartsLabel, Text(parts.Count)), (AtLabel, Now(_time))];
        if (task is not null)
            labels.Add((ArkLabels.Task, task));
        for (var n = parts.Count; n > 0; n--)
            await _swarm.CreateConfigAsync(Part(head, n), parts[n - 1], Labels([.. labels]), cancellation);
    }

    private async Task RemoveAsync(string name, int number, CancellationToken cancellation)
    {
        var head = Head(name, number);
        await _swarm.RemoveConfigAsync(head, cancellation);
        foreach (var part in _configs.Where(c => c.Name.StartsWith(head + ".p", StringComparison.Ordinal)))
            await _swarm.RemoveConfigAsync(part.Name, cancellation);
        _configs = [.. _configs.Where(c => c.Name != head && !c.Name.StartsWith(head + ".p", StringComparison.Ordinal))];
    }

    private async Task RemoveHeadlessAsync(string name, CancellationToken cancellation)
    {
        var heads = Versions(name).Select(v => v.Number).ToHashSet();
        foreach (var number in _configs.Where(c => c.Labels.GetValueOrDefault(NameLabel) == name).Select(c => Number(c, VersionLabel)).Distinct().Where(n => !heads.Contains(n)).ToList())
            await RemoveAsync(name, number, cancellation);
    }

    private static string Head(string name, int number) => $"{Prefix}{name}.{number.ToString("D6", CultureInfo.InvariantCulture)}";

    private static string Part(string head, int number) => number == 1 ? head : $"{head}.p{Text(number)}";

    private static Dictionary<string, string> Labels(params (string Name, string Value)[] more)
    {
        var labels = new Dictionary<string, string> { [ArkLabels.Kind] = "state", [ArkLabels.Schema] = "1" };
        foreach (var (name, value) in more)
            labels[name] = value;
        return labels;
    }

    private static int Number(ConfigFacts config, string label) => int.TryParse(config.Labels.GetValueOrDefault(label), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static DateTimeOffset Instant(ConfigFacts config) =>
        DateTimeOffset.TryParse(config.Labels.GetValueOrDefault(AtLabel), CultureInfo.InvariantCulture, out var at) ? at : default;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Now(TimeProvider time) => time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static byte[] Pack(byte[] clear)
    {
        using var packed = new MemoryStream();
        using (var zip = new BrotliStream(packed, CompressionLevel.Optimal))
            zip.Write(clear);
        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var clear = new MemoryStream();
        using (var zip = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress))
            zip.CopyTo(clear);
        return clear.ToArray();
    }
}

/// <summary>One version of a name in the site's state.</summary>
public sealed record StateVersion(string Name, int Number, DateTimeOffset At);

/// <param name="Bytes">In clear; null where the cluster holds none.</param>
/// <param name="Version">0 where there is none.</param>
public sealed record StateContent(byte[]? Bytes, int Version);
