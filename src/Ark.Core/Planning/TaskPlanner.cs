namespace Ark.Core.Planning;

/// <summary>
/// Compares a task with the cluster and says what is to do. Pure and deterministic: the same task and facts give the same plan,
/// and a cluster that is as the task says gives an empty one.
/// </summary>
public static class TaskPlanner
{
    public static Outcome<Plan> Plan(DesiredTask desired, ClusterFacts facts, string? recordedText, PlanScope scope)
    {
        var problems = Refusals(desired, facts, scope);
        return Outcome<Plan>.From(problems, () => new Run(desired, facts, recordedText, scope).Plan());
    }

    /// <summary>What belongs to another task, and what scope names without the task knowing it.</summary>
    private static List<Problem> Refusals(DesiredTask desired, ClusterFacts facts, PlanScope scope)
    {
        var problems = new List<Problem>();
        foreach (var name in scope.Components ?? new HashSet<string>())
            if (desired.Components.All(c => c.Name != name))
                problems.Add(new("unknown-component", $"task {desired.Id}", $"The task has no component {name}.", "ark plan"));
        if (scope.Adopt) return problems;
        var foreign = from component in desired.Components.Where(scope.Has)
                      from service in facts.Services
                      where service.Component == component.Name && service.Task != desired.Id
                      group service by (component.Name, service.Task);
        problems.AddRange(foreign.Select(g => new Problem("belongs-to-other-task", g.Key.Name,
            $"{g.Key.Name} belongs to task {g.Key.Task} on this site.", $"ark apply --task {desired.Id} --adopt")));
        return problems;
    }

    /// <summary>One planning run: collects the steps of all components, then what goes, then the garbage.</summary>
    private sealed class Run(DesiredTask desired, ClusterFacts facts, string? recordedText, PlanScope scope)
    {
        private readonly List<Step> _steps = [];
        private readonly HashSet<string> _ids = [];
        private readonly Dictionary<string, string> _lastStepOf = [];
        private string? _record;

        public Plan Plan()
        {
            var components = desired.Components.Where(scope.Has).ToList();
            if (recordedText != desired.Text)
                _record = Add(new() { Id = $"record-task:{desired.Id}", Target = $"task {desired.Id}", After = "recorded in the cluster", Work = new RecordTask(desired.Id, desired.Text) });
            foreach (var component in components)
                PlanComponent(component);
            if (scope.Prune)
                PlanPruning();
            PlanGarbage();
            return new Plan($"task {desired.Id}", _steps);
        }

        private void PlanComponent(DesiredComponent component)
        {
            var wanted = component.Instances.ToDictionary(i => i.Spec.Name);
            var there = facts.Services.Where(s => s.Component == component.Name).ToList();
            var ready = component.DependsOn.Where(_lastStepOf.ContainsKey).Select(d => _lastStepOf[d]).ToList();
            var before = _steps.Count;

            var leaving = there.Where(s => !wanted.ContainsKey(s.Name)).OrderByDescending(s => TaskResolver.IndexOf(s.Name)).ToList();
            var previous = Chain(leaving, ready, service => RemoveStep(service, component.Leave.FirstOrDefault(l => l.Instance == service.Name)?.Command ?? []));

            var created = component.Instances.Where(i => facts.Find(i.Spec.Name) is null).ToList();
            var createIds = created.Select(i => Add(CreateStep(i, component, [.. ready, .. previous]))).ToList();

            var rollout = createIds.Count > 0 ? createIds : previous;
            var existing = InOrder(component);
            foreach (var (index, (instance, service)) in existing.Index())
                rollout = PlanExisting(component, instance, service, existing[(index + 1)..], rollout.Count > 0 ? rollout : ready);

            PlanProof(component, _steps.Skip(before).Select(s => s.Id).ToList(), ready);
        }

        /// <summary>
        /// What is there and is to stay. First those that do not run: nothing is lost with them when they are replaced, and until they are back, waited for
        /// if need be, no other may go. Of either kind those that move go first: the others are told the new addresses when somebody answers there.
        /// </summary>
        private List<(DesiredInstance Instance, ServiceFacts Service)> InOrder(DesiredComponent component) =>
        [
            .. component.Instances.Select(i => (Instance: i, Service: facts.Find(i.Spec.Name)!)).Where(i => i.Service is not null)
                .OrderBy(i => i.Service.State == InstanceState.Running).ThenBy(i => !Moves(i.Instance, i.Service)).ThenBy(i => SpecDiff.Same(i.Instance.Spec, i.Service)),
        ];

        private static bool Moves(DesiredInstance instance, ServiceFacts service) => instance.Spec.Machine != service.Spec.Machine;

        /// <summary>Steps that run one after the other; returns the last one's id.</summary>
        private List<string> Chain<T>(IEnumerable<T> items, List<string> needs, Func<T, Step> step)
        {
            List<string> last = [];
            foreach (var item in items)
                last = [Add(step(item) with { Needs = Needs(last.Count > 0 ? last : needs) })];
            return last;
        }

        private Step CreateStep(DesiredInstance instance, DesiredComponent component, IReadOnlyList<string> needs) => new()
        {
            Id = $"create-service:{instance.Spec.Name}",
            Target = instance.Spec.Name,
            After = Place(instance.Spec),
            Needs = Needs([.. needs, .. Prerequisites(instance)]),
            Work = new CreateService(instance.Spec, component.Deadline),
        };

        /// <param name="later">What comes after it in the rollout.</param>
        private List<string> PlanExisting(DesiredComponent component, DesiredInstance instance, ServiceFacts service, List<(DesiredInstance Instance, ServiceFacts Service)> later, List<string> needs)
        {
            var name = instance.Spec.Name;
            if (SpecDiff.Same(instance.Spec, service))
            {
                if (service.State == InstanceState.Running) return needs;
                return [Add(new() { Id = $"await-healthy:{name}", Target = name, Before = State(service), After = "healthy", Needs = Needs(needs), Work = new AwaitHealthy(name, instance.Spec.Hash(), component.Deadline) })];
            }

            var update = Add(new()
            {
                Id = $"update-service:{name}",
                Target = name,
                Before = string.Join("; ", SpecDiff.Before(service, instance.Spec)),
                After = string.Join("; ", SpecDiff.After(service, instance.Spec)),
                Needs = Needs([.. needs, .. Prerequisites(instance)]),
                Rollout = component.Name,
                Work = new UpdateService(instance.Spec, service.Spec, component.Deadline),
            });
            // A proof asks every instance where it is to be: until the last has moved there, health has to do.
            if (later.Count == 0 || later.Exists(l => Moves(l.Instance, l.Service)) || Rolling(component, later) is not { Count: > 0 } rolling) return [update];
            return [Add(ProveStep(component.Name, $"prove:{component.Name}:after-{name}", "", rolling, [update]) with { Rollout = component.Name })];
        }

        /// <summary>
        /// What is proven in the midst of a rollout. An instance that still has another image is not asked: what a proof calls came with the new one.
        /// </summary>
        private static List<ProofRun> Rolling(DesiredComponent component, List<(DesiredInstance Instance, ServiceFacts Service)> later)
        {
            var waiting = later.Where(l => l.Service.Spec.Image != l.Instance.Spec.Image).Select(l => l.Instance.Spec.Name).ToHashSet();
            return [.. component.Proofs.Where(p => p.Rolling).Select(p => p.Run(name => !waiting.Contains(name))).Where(p => p.Calls.Count > 0)];
        }

        /// <summary>Pulls and files that an instance needs before it is touched.</summary>
        private List<string> Prerequisites(DesiredInstance instance)
        {
            List<string> ids = [];
            var (image, machine) = (instance.Spec.Image, instance.Spec.Machine);
            ids.Add(Add(new() { Id = $"pull-image:{Image(instance.Spec)}@{machine}", Target = machine, After = Image(instance.Spec), Needs = Needs([]), Work = new PullImage(machine, image) }));
            foreach (var config in instance.Configs.Where(c => facts.Configs.All(f => f.Name != c.Name)))
                ids.Add(Add(new() { Id = $"create-config:{config.Name}", Target = instance.Spec.Name, After = config.Name, Needs = Needs([]), Work = new CreateConfig(config.Name, config.Text, FileLabels(instance)) }));
            foreach (var secret in instance.Spec.Secrets.Where(c => facts.Secrets.All(f => f.Name != c.Name)))
                ids.Add(Add(new() { Id = $"create-secret:{secret.Name}", Target = instance.Spec.Name, After = secret.Name, Needs = Needs([]), Work = new CreateSecret(secret.Name, FileLabels(instance)) }));
            return ids;
        }

        private SortedDictionary<string, string> FileLabels(DesiredInstance instance) => new(StringComparer.Ordinal)
        {
            [ArkLabels.Kind] = "file",
            [ArkLabels.Task] = desired.Id,
            [ArkLabels.Component] = instance.Spec.Labels[ArkLabels.Component],
        };

        /// <summary>Jobs and proof run when anything changed, and when the last run did not come as far as proving what stands there.</summary>
        private void PlanProof(DesiredComponent component, List<string> changes, List<string> ready)
        {
            var fingerprint = component.Fingerprint();
            if (changes.Count == 0 && ProofFacts.Of(facts, component.Name) is { Passed: true } proof && proof.Fingerprint == fingerprint) return;
            var needs = changes.Count > 0 ? changes : ready;
            foreach (var job in component.Init)
                needs = [Add(new() { Id = $"run-init:{component.Name}:{job.Job}", Target = job.Instance ?? component.Name, After = job.Job, Needs = Needs(needs), Work = job })];
            var rollout = changes.Any(id => id.StartsWith("update-service:", StringComparison.Ordinal)) ? component.Name : null;
            _lastStepOf[component.Name] = Add(ProveStep(component.Name, $"prove:{component.Name}", fingerprint, [.. component.Proofs.Select(p => p.Run())], needs) with { Rollout = rollout });
        }

        private Step ProveStep(string component, string id, string fingerprint, IReadOnlyList<ProofRun> proofs, IReadOnlyList<string> needs) => new()
        {
            Id = id,
            Target = component,
            After = string.Join("; ", proofs.Select(p => p.Name)),
            Needs = Needs(needs),
            Work = new Prove(component, fingerprint, proofs),
        };

        private void PlanPruning()
        {
            var named = desired.Components.Select(c => c.Name).ToHashSet();
            // The component goes as a whole: nobody is left who would have to forget an instance.
            foreach (var group in facts.Services.Where(s => s.Task == desired.Id && !named.Contains(s.Component)).GroupBy(s => s.Component))
                Chain(group.OrderByDescending(s => TaskResolver.IndexOf(s.Name)), [], service => RemoveStep(service, []));
        }

        /// <summary>Files of this task that neither what is wanted nor Swarm's previous specs refer to.</summary>
        private void PlanGarbage()
        {
            var gone = _steps.Select(s => s.Work).OfType<RemoveService>().Select(r => r.Name).ToHashSet();
            var updated = _steps.Select(s => s.Work).OfType<UpdateService>().ToDictionary(u => u.Spec.Name);
            var used = desired.Components.SelectMany(c => c.Instances).SelectMany(i => Files(i.Spec)).ToHashSet();
            foreach (var service in facts.Services.Where(s => !gone.Contains(s.Name)))
            {
                used.UnionWith(Files(service.Spec));
                if (!updated.ContainsKey(service.Name)) used.UnionWith(service.PreviousFiles);
            }

            bool Ours(IReadOnlyDictionary<string, string> labels) =>
                labels.GetValueOrDefault(ArkLabels.Kind) == "file" && labels.GetValueOrDefault(ArkLabels.Task) == desired.Id;
            var configs = facts.Configs.Where(c => Ours(c.Labels) && !used.Contains(c.Name)).Select(c => c.Name).ToList();
            var secrets = facts.Secrets.Where(c => Ours(c.Labels) && !used.Contains(c.Name)).Select(c => c.Name).ToList();
            if (configs.Count + secrets.Count == 0) return;
            Add(new()
            {
                Id = "collect-garbage:files",
                Target = $"task {desired.Id}",
                Before = $"{configs.Count} configs and {secrets.Count} secrets that nothing uses",
                Needs = [.. _steps.Select(s => s.Id)],
                Work = new CollectGarbage(configs, secrets),
            });
        }

        private static IEnumerable<string> Files(ServiceSpec spec) => spec.Configs.Concat(spec.Secrets).Select(f => f.Name);

        private static Step RemoveStep(ServiceFacts service, IReadOnlyList<string> leave) => new()
        {
            Id = $"remove-service:{service.Name}",
            Target = service.Name,
            Before = Place(service.Spec),
            Work = new RemoveService(service.Name, service.Spec.Machine, leave),
        };

        private IReadOnlyList<string> Needs(IReadOnlyList<string> needs) =>
            [.. (_record is null || needs.Count > 0 ? needs : [_record]).Distinct()];

        /// <summary>Adds a step once; the same pull serves several instances.</summary>
        private string Add(Step step)
        {
            if (_ids.Add(step.Id)) _steps.Add(step);
            return step.Id;
        }

        private static string State(ServiceFacts service) =>
            service.State.ToString().ToLowerInvariant() + (service.Message.Length == 0 ? "" : ": " + service.Message);
    }

    /// <summary>What stands where: image, machine, and the address where it is another.</summary>
    internal static string Place(ServiceSpec spec) =>
        $"{Image(spec)} on {spec.Machine}{(InstanceUse.Of(spec).Address is { } address ? $" as {address}" : "")}";

    /// <summary>Name and tag, without registry and digest.</summary>
    internal static string Image(ServiceSpec spec)
    {
        var name = spec.Image.Split('@')[0];
        return name[(name.LastIndexOf('/') + 1)..];
    }
}
