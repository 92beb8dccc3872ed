using System.Net;
using Ark.Console.Output;
using Ark.Core;
using Ark.Core.Base;
using Ark.Core.Catalog;
using Ark.Core.Planning;
using Ark.Core.Secrets;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Core.Yaml;
using Ark.Remote.Files;
using Ark.Remote.Images;
using Ark.Remote.State;
using Ark.Remote.Swarm;

namespace Ark.Console.Sites;

/// <summary>One task against the cluster: what it wants, what is, and what both are made of.</summary>
public sealed record TaskWorld
{
    public required Session Session { get; init; }

    public required ISwarm Swarm { get; init; }

    public required SiteStore Store { get; init; }

    public required Baseline Baseline { get; init; }

    public required DeploymentTask Task { get; init; }

    /// <summary>As it is put on record.</summary>
    public required string Text { get; init; }

    public required DesiredTask Desired { get; init; }

    /// <summary>Null where the task was never applied here.</summary>
    public RecordedTask? Recorded { get; init; }

    /// <summary>Component to secret parameter to value, those generated just now too.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, Secret>> Secrets { get; init; }

    /// <summary>Instance to its address of the pool; null in VM mode.</summary>
    public IReadOnlyDictionary<string, IPAddress>? Addresses { get; init; }

    public ClusterFacts Facts => Store.Facts;

    /// <param name="id">Null: the properties' task, or the only one.</param>
    /// <param name="change">Makes another text of the task's, which was carried along or is on record (scale, rollback).</param>
    /// <param name="drained">Machines whose instances must go elsewhere.</param>
    public static async Task<Outcome<TaskWorld>> GatherAsync(
        Session session, KeyRing keys, string? id, Func<string, string, Outcome<string>>? change, IReadOnlySet<string> drained, CancellationToken cancellation)
    {
        var swarm = await session.FindSwarmAsync(cancellation);
        if (swarm is null) return Outcome<TaskWorld>.Fail(new Problem("no-swarm", "site", "No machine that answers is a manager of a Swarm.", "ark base"));
        var store = await SiteStore.OpenAsync(swarm, keys, TimeProvider.System, cancellation);
        if (!store.Ok) return Outcome<TaskWorld>.Fail(store.Problems);
        if (store.Value.Key is null) return Outcome<TaskWorld>.Fail(new Problem("no-state", "site", "The base is not complete: the site has no state in the cluster.", "ark base"));

        var chosen = TaskFiles.Choose(session, store.Value, id);
        if (!chosen.Ok) return Outcome<TaskWorld>.Fail(chosen.Problems);
        var recorded = await store.Value.ReadTaskAsync(chosen.Value, null, cancellation);
        var text = TaskFiles.ReadText(session.Folder, chosen.Value) ?? recorded?.Text;
        if (text is null) return Outcome<TaskWorld>.Fail(new Problem("no-task", session.Folder.TaskFile(chosen.Value), "There is no such task.", "put task_<id>.tgz into tasks/"));
        if (change is not null)
        {
            var changed = change(text, Path.GetRelativePath(session.Folder.Root, session.Folder.TaskFile(chosen.Value)));
            if (!changed.Ok) return Outcome<TaskWorld>.Fail(changed.Problems);
            text = changed.Value;
        }

        var loaded = await LoadAsync(session.Folder, session.Site, chosen.Value, text, cancellation);
        if (!loaded.Ok) return Outcome<TaskWorld>.Fail(loaded.Problems);
        var (task, baseline) = (loaded.Value.Task, loaded.Value.Baseline);

        var physical = session.Site.Mode == SiteMode.Physical;
        var spots = TaskPlacement.Place(new()
        {
            Site = session.Site,
            Task = task,
            Baseline = baseline,
            Facts = store.Value.Facts,
            Drained = drained,
            Volumes = await VolumesAsync(session, task, baseline, store.Value.Facts, cancellation),
            Records = physical ? await store.Value.ReadAddressesAsync(cancellation) : [],
        });
        if (!spots.Ok) return Outcome<TaskWorld>.Fail(spots.Problems);
        var secrets = SecretParameters.Complete(task, baseline, recorded?.Secrets, keys);
        if (!secrets.Ok) return Outcome<TaskWorld>.Fail(secrets.Problems);
        var password = ExternalPassword(session, task, baseline, store.Value.Facts, keys);
        if (password.Problems.Count > 0) return Outcome<TaskWorld>.Fail(password.Problems);
        var desired = TaskResolver.Resolve(new()
        {
            Site = session.Site,
            Task = task,
            Text = text,
            Baseline = baseline,
            Spots = spots.Value,
            Services = store.Value.Facts.Services,
            Secrets = secrets.Value,
            ExternalPassword = password.Password,
            Digests = Digests(session),
            Registry = session.Site.Internet && session.Site.RegistryUrl is { } url ? url : BaseNames.Registry,
            Key = store.Value.Key,
            Tampered = store.Value.Facts.Configs.Where(IsTampered).Select(c => c.Name).ToHashSet(),
        });
        return Outcome<TaskWorld>.From([.. spots.Problems, .. desired.Problems], () => new()
        {
            Session = session,
            Swarm = swarm,
            Store = store.Value,
            Baseline = baseline,
            Task = task,
            Text = text,
            Desired = desired.Value!,
            Recorded = recorded,
            Secrets = secrets.Value,
            Addresses = physical ? AddressesOf(task, spots.Value) : null,
        });
    }

    /// <summary>Asked of the machines only where an instance with data does not stand: it was removed, or never there.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> VolumesAsync(Session session, DeploymentTask task, Baseline baseline, ClusterFacts facts, CancellationToken cancellation)
    {
        var missing = task.Components.Select(c => (Task: c, Component: baseline.Find(c.Name)!))
            .Any(c => c.Component.Container.Volumes.Count > 0 && TaskResolver.Outside(session.Site, c.Component) is null && facts.Services.Count(s => s.Component == c.Component.Name) < TaskResolver.CountOf(c.Task, c.Component, task.Purpose));
        return missing ? await session.VolumesAsync(cancellation) : new Dictionary<string, IReadOnlyList<string>>();
    }

    /// <summary>What is put on record: the addresses given, and those that the task writes for instances above the count.</summary>
    private static Dictionary<string, IPAddress> AddressesOf(DeploymentTask task, IReadOnlyDictionary<string, Spot> spots)
    {
        var addresses = spots.ToDictionary(s => s.Key, s => IPAddress.Parse(s.Value.Address));
        foreach (var (instance, address) in task.Components.SelectMany(c => c.Addresses)) addresses.TryAdd(instance, address);
        return addresses;
    }

    public sealed record Loaded(DeploymentTask Task, Baseline Baseline);

    /// <summary>The task and its baseline, with all that does not fit together.</summary>
    public static async Task<Outcome<Loaded>> LoadAsync(SiteFolder folder, Site site, string id, string text, CancellationToken cancellation)
    {
        var draft = TaskReader.ReadDraft(text, Path.GetRelativePath(folder.Root, folder.TaskFile(id)));
        var (baseline, problems) = await JudgeAsync(folder, site, id, draft, cancellation);
        return Outcome<Loaded>.From(problems, () => new(draft.Document!.Task, baseline!));
    }

    /// <summary>All that is wrong with a task's text, with its baseline, and between both and the site as far as each can be read.</summary>
    /// <param name="site">Null: the properties are wrong themselves.</param>
    public static async Task<IReadOnlyList<Problem>> ProblemsAsync(SiteFolder folder, Site? site, string id, Outcome<string> text, string place, CancellationToken cancellation) =>
        (await JudgeAsync(folder, site, id, text.Ok ? TaskReader.ReadDraft(text.Value, place) : new(null, text.Problems), cancellation)).Problems;

    private static async Task<(Baseline? Baseline, IReadOnlyList<Problem> Problems)> JudgeAsync(SiteFolder folder, Site? site, string id, TaskDraft draft, CancellationToken cancellation)
    {
        List<Problem> problems = [.. draft.Problems];
        var sound = problems.TrueForAll(p => p.Severity != Severity.Error);
        if (draft.Document is { Task.Id: { Length: > 0 } written } other && written != id && sound)
            problems.Add(new("other-task", other.PlaceOf("id"), $"The task's id is {YamlFile.Show(written)}, its folder or archive says {YamlFile.Show(id)}.", $"call the folder task_{written}"));
        var files = await CatalogFolder.ReadAsync(folder.Catalog, cancellation);
        if (!files.Ok || draft.Document is not { Task.Baseline.Length: > 0 } document) return (null, [.. problems, .. files.Problems]);
        var baseline = BaselineReader.Read(files.Value, document.Task.Baseline);
        // An image that its owner did not supply concerns only the tasks that want it: the plan says so.
        var ofBaseline = baseline.Problems.Where(p => p is not { Code: "unknown-image", Severity: Severity.Warning }).Select(p => p with
        {
            Place = p.Code == "unknown-baseline" && p.Place == document.Task.Baseline + "/baseline.yaml" ? document.PlaceOf("baseline") : Path.Combine(Path.GetRelativePath(folder.Root, folder.Catalog), p.Place),
        });
        if (baseline.Ok && site is not null)
            problems.AddRange(TaskValidation.Validate(document, baseline.Value, site).Where(p => sound || p.Code != "no-components"));
        return (baseline.Value, [.. BaselineReader.InOrder(problems), .. files.Problems, .. ofBaseline]);
    }

    /// <summary>From the properties; asked for where the database that it opens was not proven yet; null where nobody said it.</summary>
    private static (Secret? Password, IReadOnlyList<Problem> Problems) ExternalPassword(Session session, DeploymentTask task, Baseline baseline, ClusterFacts facts, KeyRing keys)
    {
        if (task.Components.Select(c => baseline.Find(c.Name)!).FirstOrDefault(c => TaskResolver.Outside(session.Site, c) is not null) is not { } component) return (null, []);
        var database = session.Site.Metadb!;
        if (database.Password is { } value)
        {
            var opened = SiteSecrets.Reveal(value, "metadb_password", keys, session.Folder.Properties);
            return (opened.Value, opened.Problems);
        }

        if (ProofFacts.Of(facts, component.Name) is { Passed: true }) return (null, []);
        return (Terminal.AskSecret($"Password of {database.User} at {database.Host}:{database.Port}:") is { } typed ? new Secret(typed) : null, []);
    }

    /// <summary>The content of a config of ours is told by the digits at the end of its name.</summary>
    private static bool IsTampered(ConfigFacts config) =>
        config.Labels.GetValueOrDefault(ArkLabels.Kind) == "file" && !config.Name.Contains(config.ContentHash, StringComparison.Ordinal);

    /// <summary>Tags in the registry folder, for tasks that ask for another tag than the baseline's.</summary>
    private static Dictionary<string, string> Digests(Session session)
    {
        var directory = session.Site.RegistryDir;
        var all = Directory.Exists(directory) ? directory : session.Folder.Images;
        return RegistryLayout.Repositories(all)
            .SelectMany(r => RegistryLayout.Tags(all, r).Select(t => (Name: $"{r}:{t}", Digest: RegistryLayout.Tag(all, r, t))))
            .Where(t => t.Digest is not null)
            .ToDictionary(t => t.Name, t => t.Digest!);
    }
}
