using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Core.Secrets;
using Ark.Remote.Swarm;

namespace Ark.Remote.State;

/// <summary>
/// What Ark knows of a site beyond what runs: the certificate authority, and each task as applied with its generated secrets, as
/// <see cref="SiteState"/> keeps them in the cluster. Whoever holds the passphrase reads it from any manager.
/// </summary>
public sealed class SiteStore
{
    private const string TaskPrefix = "task-";

    private readonly ISwarm _swarm;
    private readonly KeyRing _keys;
    private readonly TimeProvider _time;
    private SiteState? _state;

    private SiteStore(ISwarm swarm, ClusterFacts facts, KeyRing keys, TimeProvider time) => (_swarm, Facts, _keys, _time) = (swarm, facts, keys, time);

    /// <summary>What was in the cluster when the store was opened.</summary>
    public ClusterFacts Facts { get; }

    /// <summary>Null until <see cref="CreateAsync"/>.</summary>
    public SiteAuthority? Authority { get; private set; }

    /// <summary>Names and opens the site's secrets; null until <see cref="CreateAsync"/>.</summary>
    public SiteKey? Key => _state?.Key;

    /// <summary>Ids of the tasks that are on record.</summary>
    public IReadOnlyList<string> Tasks =>
        [.. (_state?.Names ?? []).Where(n => n.StartsWith(TaskPrefix, StringComparison.Ordinal)).Select(n => n[TaskPrefix.Length..])];

    /// <summary>Gathers the cluster's facts and opens the site's state with the passphrase. A site that has none yet is no failure.</summary>
    public static async Task<Outcome<SiteStore>> OpenAsync(ISwarm swarm, KeyRing keys, TimeProvider time, CancellationToken cancellation)
    {
        var gathering = swarm.GatherAsync(cancellation);
        var state = await SiteState.OpenAsync(swarm, keys, gathering, time, cancellation);
        var store = new SiteStore(swarm, await gathering, keys, time) { _state = state.Value };
        if (!state.Ok)
            return state.Problems[0].Code == "no-state" ? Outcome<SiteStore>.Of(store) : Outcome<SiteStore>.Fail(state.Problems);
        var authority = await state.Value.ReadAsync(SiteState.Authority, cancellation);
        if (!authority.Ok) return Outcome<SiteStore>.Fail(authority.Problems);
        store.Take(authority.Value);
        return Outcome<SiteStore>.Of(store);
    }

    /// <summary>Makes the site's key and authority; what is there already stays.</summary>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        _state ??= Whole(await SiteState.CreateAsync(_swarm, _keys, _time, cancellation));
        Take(Whole(await _state.ReadAsync(SiteState.Authority, cancellation)));
        if (Authority is not null) return;
        var authority = SiteAuthority.Create(_time.GetUtcNow());
        var clear = JsonSerializer.SerializeToUtf8Bytes(new SiteContent(authority.CertificatePem, authority.KeyPem.Reveal()), StateJson.Default.SiteContent);
        await _state.WriteAsync(SiteState.Authority, clear, null, cancellation);
        CryptographicOperations.ZeroMemory(clear);
        Authority = authority;
    }

    /// <summary>The authority, read from the cluster where it was not known yet.</summary>
    /// <exception cref="SwarmException">There is none, or the passphrase does not open it.</exception>
    public async Task<SiteAuthority> ReadAuthorityAsync(CancellationToken cancellation)
    {
        if (Authority is not null) return Authority;
        _state ??= Whole(await SiteState.OpenAsync(_swarm, _keys, _swarm.GatherAsync(cancellation), _time, cancellation));
        Take(Whole(await _state.ReadAsync(SiteState.Authority, cancellation)));
        return Authority ?? throw new SwarmException("The site has no certificate authority yet: ark base --part swarm");
    }

    /// <summary>Versions of a task's record, the newest first.</summary>
    public IReadOnlyList<int> Versions(string task) => [.. (_state?.Versions(SiteState.Task(task)) ?? []).Select(v => v.Number)];

    /// <summary>A version of a task's record; the newest if none is named; null where there is none.</summary>
    public async Task<RecordedTask?> ReadTaskAsync(string task, int? version, CancellationToken cancellation)
    {
        if (_state is null || Versions(task) is not { Count: > 0 } versions || (version is { } wanted && !versions.Contains(wanted))) return null;
        var content = Whole(await _state.ReadAsync(SiteState.Task(task), cancellation, version));
        return content.Bytes is { } clear ? RecordedTask.FromBytes(task, content.Version, clear) : null;
    }

    /// <summary>Writes the next version of a task's record, unless the newest says the same; the last five are kept.</summary>
    /// <param name="addresses">Instance to its address of the pool; null in VM mode.</param>
    public async Task WriteTaskAsync(
        string task, string text, IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>> secrets, IReadOnlyDictionary<string, IPAddress>? addresses, CancellationToken cancellation)
    {
        var state = _state ?? throw new SwarmException("The site has no state yet: ark base --part swarm");
        var clear = new RecordedTask(task, 0, text, secrets) { Addresses = addresses ?? new Dictionary<string, IPAddress>() }.ToBytes();
        await state.WriteAsync(SiteState.Task(task), clear, task, cancellation);
        CryptographicOperations.ZeroMemory(clear);
    }

    /// <summary>The addresses in every version of every task's record that is kept.</summary>
    public async Task<IReadOnlyList<AddressRecord>> ReadAddressesAsync(CancellationToken cancellation)
    {
        List<AddressRecord> records = [];
        foreach (var task in Tasks)
            foreach (var version in Versions(task))
                if (await ReadTaskAsync(task, version, cancellation) is { } record)
                    records.Add(new(task, version, record.Addresses));
        return records;
    }

    /// <summary>Forgets a task that is gone, secrets and all.</summary>
    public Task ForgetTaskAsync(string task, CancellationToken cancellation) =>
        _state?.ForgetAsync(SiteState.Task(task), cancellation) ?? Task.CompletedTask;

    private void Take(StateContent content)
    {
        if (content.Bytes is not { } clear) return;
        var site = JsonSerializer.Deserialize(clear, StateJson.Default.SiteContent)!;
        Authority = new(site.AuthorityCertificate, new Secret(site.AuthorityKey));
    }

    private static T Whole<T>(Outcome<T> outcome) where T : class =>
        outcome.Ok ? outcome.Value : throw new SwarmException(string.Join(' ', outcome.Problems));
}
