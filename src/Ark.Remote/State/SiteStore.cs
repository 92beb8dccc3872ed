using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Core.Secrets;
using Ark.Remote.Swarm;

namespace Ark.Remote.State;

/// <summary>
/// The site's state in the cluster: configs encrypted with a key from the passphrase. <c>ark.site</c> holds the certificate authority,
/// <c>ark.task.527.000004</c> a task as applied with its generated secrets. Whoever holds the passphrase reads it from any manager.
/// </summary>
public sealed class SiteStore
{
    private const string SiteName = "ark.site";
    private const int KeptVersions = 5;

    private readonly ISwarm _swarm;
    private readonly KeyRing _keys;
    private readonly TimeProvider _time;

    private SiteStore(ISwarm swarm, ClusterFacts facts, KeyRing keys, TimeProvider time) => (_swarm, Facts, _keys, _time) = (swarm, facts, keys, time);

    /// <summary>What was in the cluster when the store was opened.</summary>
    public ClusterFacts Facts { get; }

    /// <summary>Null until <see cref="CreateAsync"/>.</summary>
    public SiteAuthority? Authority { get; private set; }

    /// <summary>Names and opens the site's secrets; null until <see cref="CreateAsync"/>.</summary>
    public SiteKey? Key { get; private set; }

    /// <summary>Gathers the cluster's facts and opens the site's state with the passphrase.</summary>
    public static async Task<Outcome<SiteStore>> OpenAsync(ISwarm swarm, KeyRing keys, TimeProvider time, CancellationToken cancellation)
    {
        var facts = swarm.GatherAsync(cancellation);
        var site = await swarm.ReadConfigAsync(SiteName, cancellation);
        var store = new SiteStore(swarm, await facts, keys, time);
        if (site is null) return Outcome<SiteStore>.Of(store);
        var clear = Vault.Open(keys, SiteName, site, SiteName);
        if (!clear.Ok) return Outcome<SiteStore>.Fail(clear.Problems);
        store.Take(site, clear.Value);
        return Outcome<SiteStore>.Of(store);
    }

    /// <summary>Makes the site's key and authority; what is there already stays.</summary>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        if (await _swarm.ReadConfigAsync(SiteName, cancellation) is null)
        {
            var authority = SiteAuthority.Create(_time.GetUtcNow());
            var key = _keys.For(RandomNumberGenerator.GetBytes(SiteKey.SaltBytes));
            var clear = JsonSerializer.SerializeToUtf8Bytes(new SiteContent(authority.CertificatePem, authority.KeyPem.Reveal()), StateJson.Default.SiteContent);
            var content = Vault.Seal(key, SiteName, clear, RandomNumberGenerator.GetBytes(Vault.NonceBytes));
            CryptographicOperations.ZeroMemory(clear);
            await _swarm.CreateConfigAsync(SiteName, content, new Dictionary<string, string> { [ArkLabels.Schema] = "1", [ArkLabels.Kind] = "site" }, cancellation);
        }

        await ReadAuthorityAsync(cancellation);
    }

    /// <summary>The authority, read from the cluster where it was not known yet.</summary>
    /// <exception cref="SwarmException">There is none, or the passphrase does not open it.</exception>
    public async Task<SiteAuthority> ReadAuthorityAsync(CancellationToken cancellation)
    {
        if (Authority is not null) return Authority;
        var site = await _swarm.ReadConfigAsync(SiteName, cancellation) ?? throw new SwarmException("The site has no certificate authority yet: ark base --part swarm");
        var clear = Vault.Open(_keys, SiteName, site, SiteName);
        if (!clear.Ok) throw new SwarmException(string.Join(' ', clear.Problems));
        Take(site, clear.Value);
        return Authority!;
    }

    /// <summary>Versions of a task's record, the newest first.</summary>
    public IReadOnlyList<int> Versions(string task) =>
        [.. Facts.Configs.Where(c => IsRecord(c, task)).Select(c => Version(c.Name)).OrderDescending()];

    /// <summary>Ids of the tasks that are on record.</summary>
    public IReadOnlyList<string> Tasks =>
        [.. Facts.Configs.Where(c => c.Labels.GetValueOrDefault(ArkLabels.Kind) == "task").Select(c => c.Labels.GetValueOrDefault(ArkLabels.Task, "")).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A version of a task's record; the newest if none is named; null where there is none.</summary>
    public async Task<RecordedTask?> ReadTaskAsync(string task, int? version, CancellationToken cancellation)
    {
        if ((version ?? Versions(task).Cast<int?>().FirstOrDefault()) is not { } number) return null;
        var name = Name(task, number);
        if (await _swarm.ReadConfigAsync(name, cancellation) is not { } content) return null;
        var clear = Vault.Open(_keys, name, content, name);
        return clear.Ok ? RecordedTask.FromBytes(task, number, clear.Value) : throw new SwarmException(string.Join(' ', clear.Problems));
    }

    /// <summary>Writes the next version of a task's record; the last five are kept.</summary>
    public async Task WriteTaskAsync(string task, string text, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>> secrets, CancellationToken cancellation)
    {
        var versions = Versions(task);
        var record = new RecordedTask(task, versions.FirstOrDefault() + 1, text, secrets);
        var name = Name(task, record.Version);
        var clear = record.ToBytes();
        var content = Vault.Seal(Key ?? throw new SwarmException("The site has no state yet: ark base --part swarm"), name, clear, RandomNumberGenerator.GetBytes(Vault.NonceBytes));
        CryptographicOperations.ZeroMemory(clear);
        await _swarm.CreateConfigAsync(name, content, new Dictionary<string, string>
        {
            [ArkLabels.Schema] = "1",
            [ArkLabels.Kind] = "task",
            [ArkLabels.Task] = task,
            ["ark.at"] = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        }, cancellation);
        foreach (var old in versions.Skip(KeptVersions - 1)) await _swarm.RemoveConfigAsync(Name(task, old), cancellation);
    }

    /// <summary>Forgets a task that is gone, secrets and all.</summary>
    public async Task ForgetTaskAsync(string task, CancellationToken cancellation)
    {
        foreach (var version in Versions(task)) await _swarm.RemoveConfigAsync(Name(task, version), cancellation);
    }

    private void Take(byte[] sealedBytes, byte[] clear)
    {
        var content = JsonSerializer.Deserialize(clear, StateJson.Default.SiteContent)!;
        Authority = new(content.AuthorityCertificate, new Secret(content.AuthorityKey));
        Key = _keys.For(Vault.SaltOf(sealedBytes));
    }

    private static bool IsRecord(ConfigFacts config, string task) =>
        config.Labels.GetValueOrDefault(ArkLabels.Kind) == "task" && config.Labels.GetValueOrDefault(ArkLabels.Task) == task;

    private static int Version(string name) => int.Parse(name[(name.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture);

    private static string Name(string task, int version) => string.Create(CultureInfo.InvariantCulture, $"ark.task.{task}.{version:000000}");
}
