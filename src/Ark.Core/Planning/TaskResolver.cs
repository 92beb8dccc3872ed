using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Ark.Core.Catalog;
using Ark.Core.Placement;
using Ark.Core.Secrets;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Core.Templates;

namespace Ark.Core.Planning;

/// <summary>Turns a task into what it wants of the cluster: every instance's service, files, jobs and proofs, rendered. Pure.</summary>
public static class TaskResolver
{
    /// <summary>All problems at once: parameters, templates, images that no package brought.</summary>
    public static Outcome<DesiredTask> Resolve(TaskInputs inputs) => new Run(inputs).Resolve();

    public static string InstanceName(string component, int index) => $"{component}-{index}";

    /// <summary>The number at the end of an instance's name; 0 where somebody else named it.</summary>
    public static int IndexOf(string instance) => int.TryParse(instance.AsSpan(instance.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : 0;

    /// <summary>The service outside the site that takes a component's place: the customer's database in line 3.0; null for all others.</summary>
    public static ExternalDatabase? Outside(Site site, Component component) => component is { External: not null, Stage: Stage.Metadb } ? site.Metadb : null;

    public static int CountOf(TaskComponent chosen, Component component, string purpose) =>
        chosen.Count ?? (purpose == "poc" ? component.Count.Poc : null) ?? component.Count.Default;

    private sealed class Run(TaskInputs inputs)
    {
        private readonly List<Problem> _problems = [];
        private readonly Dictionary<string, Secret> _contents = [];
        private readonly Dictionary<string, ComponentView> _views = [];
        private readonly SiteView _site = new(
            inputs.Site.Mode == SiteMode.Vm ? "vm" : "physical", inputs.Site.Line, inputs.Site.Domain, inputs.Site.Region, inputs.Site.NtpServer,
            [.. inputs.Site.DnsForwarders.Select(f => f.ToString())]);

        private readonly TaskView _task = new(inputs.Task.Id, inputs.Task.Domain ?? inputs.Site.Domain, inputs.Task.Purpose);
        private IReadOnlyList<EndpointView> _endpoints = [];
        private IReadOnlyList<NameView> _names = [];

        public Outcome<DesiredTask> Resolve()
        {
            var chosen = inputs.Task.Components.Select(c => (Task: c, Component: inputs.Baseline.Find(c.Name)!)).ToList();
            foreach (var (task, component) in chosen) View(task, component);
            if (_problems.Count > 0) return Outcome<DesiredTask>.Fail(_problems);

            _endpoints = [.. _views.Values.Select(v => v.Endpoint).OfType<EndpointView>().OrderBy(e => e.Component, StringComparer.Ordinal)];
            _names = Names(chosen.Select(c => c.Component));
            var components = Ordered(chosen).Select(c => Component(c.Task, c.Component)).ToList();
            return Outcome<DesiredTask>.From(_problems, () => new()
            {
                Id = inputs.Task.Id,
                Text = inputs.Text,
                Components = components,
                Secrets = _contents,
            });
        }

        /// <summary>What others may know of a component.</summary>
        private void View(TaskComponent task, Component component)
        {
            var parameters = ParameterValues.Resolve(component, task.Parameters, inputs.Secrets.GetValueOrDefault(component.Name) ?? new Dictionary<string, Secret>());
            _problems.AddRange(parameters.Problems);
            if (!parameters.Ok) return;
            var outside = Outside(inputs.Site, component);
            List<InstanceView> instances = outside is not null
                ? [new(component.Name, 1, outside.Host, "", "")]
                : [.. Enumerable.Range(1, CountOf(task, component, inputs.Task.Purpose)).Select(i => Instance(component.Name, i))];
            var ports = component.Ports.ToDictionary(p => p.Name, p => outside is not null && p.Name == component.Endpoint?.Port ? outside.Port : task.Ports.TryGetValue(p.Name, out var number) ? number : p.Number);
            _views[component.Name] = new()
            {
                Instances = instances,
                Ports = ports,
                Parameters = parameters.Value,
                Endpoint = component.Endpoint is { } e ? new(component.Name, ports[e.Port], e.FrontPort, e.Balance, e.HttpCheck, instances) : null,
            };
        }

        private InstanceView Instance(string component, int index)
        {
            var name = InstanceName(component, index);
            var spot = inputs.Spots[name];
            return new(name, index, spot.Address, spot.Machine, spot.Room);
        }

        private List<NameView> Names(IEnumerable<Component> components)
        {
            var names = new SortedDictionary<string, SortedDictionary<string, InstanceView>>(StringComparer.Ordinal);
            foreach (var component in components.Where(c => Outside(inputs.Site, c) is null))
                foreach (var instance in _views[component.Name].Instances)
                    foreach (var name in (string[])[instance.Name, component.Name, .. component.DnsNames])
                    {
                        var full = $"{name}.{_task.Domain}";
                        if (!names.TryGetValue(full, out var there)) names[full] = there = new(StringComparer.Ordinal);
                        there.TryAdd(instance.Address, instance);
                    }

            return [.. names.Select(n => new NameView(n.Key, [.. n.Value.Values]))];
        }

        /// <summary>Those that others depend on first; alphabetical where nothing decides.</summary>
        private static List<(TaskComponent Task, Component Component)> Ordered(List<(TaskComponent Task, Component Component)> chosen)
        {
            var ordered = new List<(TaskComponent Task, Component Component)>();
            void Visit((TaskComponent Task, Component Component) item)
            {
                if (ordered.Contains(item)) return;
                foreach (var needed in chosen.Where(c => item.Component.DependsOn.Contains(c.Component.Name))) Visit(needed);
                ordered.Add(item);
            }

            foreach (var item in chosen.OrderBy(c => c.Component.Name, StringComparer.Ordinal)) Visit(item);
            return ordered;
        }

        private DesiredComponent Component(TaskComponent task, Component component)
        {
            var image = Image(task, component);
            var view = _views[component.Name];
            var scopes = view.Instances.Select(i => Scope(component, view, i)).ToList();
            if (Outside(inputs.Site, component) is { } outside)
                return External(component, outside, image, scopes[0] with { External = new(outside.Host, outside.Port, outside.User, inputs.ExternalPassword) });
            var use = new InstanceUse
            {
                Ports = [.. component.Ports.Select(p => new PortUse(view.Ports[p.Name], p.Protocol))],
                DiskBytes = component.Resources.DiskBytes,
                Exclusive = component.Placement.Exclusive,
            };
            var instances = scopes.Select(scope => Instance(component, image, scope, use)).ToList();
            return new()
            {
                Name = component.Name,
                Stage = component.Stage,
                DependsOn = component.DependsOn,
                Instances = instances,
                Init = [.. component.Init.Select(j => new RunInit(component.Name, scopes[0].Instance.Name, scopes[0].Instance.Machine, j.Name, All(j.Run, component, "init", scopes[0]), j.Deadline))],
                Proofs = [.. component.Proofs.Select(p => Proof(component, p, image, scopes))],
                Leave = Leave(component, view),
                Deadline = component.Update.Deadline,
            };
        }

        /// <summary>No instances: jobs and proofs in throw-away containers on the site's machines.</summary>
        private DesiredComponent External(Component component, ExternalDatabase outside, string image, RenderScope scope)
        {
            var first = inputs.Site.Machines[0].Name;
            return new()
            {
                Name = component.Name,
                Stage = component.Stage,
                DependsOn = component.DependsOn,
                Instances = [],
                Init = [.. component.External!.Init.Select(j => new RunInit(component.Name, null, first, j.Name, All(j.Run, component, "external.init", scope), j.Deadline, image, Input(j.Input, component, scope)))],
                Proofs = [.. component.External.Proofs.Select(p => Proof(component, p, image, [scope]))],
                Leave = [],
                Deadline = component.Update.Deadline,
                External = $"{outside.Host}:{outside.Port}",
            };
        }

        /// <summary>Name of what a command reads on stdin; the text itself stays in memory, and is left out while the password is unknown.</summary>
        private string? Input(string? template, Component component, RenderScope scope)
        {
            if (template is null) return null;
            var text = One(template, component.Name + ": external.input", scope, withSecrets: true);
            var name = $"input.{component.Name}-{Vault.NameOf(inputs.Key, component.Name, Encoding.UTF8.GetBytes(template))}";
            if (scope.External?.Password is not null || !template.Contains("external.password", StringComparison.Ordinal)) _contents[name] = new Secret(text);
            return name;
        }

        /// <summary>For each instance that stands and is above the count: rendered as itself, its peers being those that stay, and itself.</summary>
        private List<LeaveRun> Leave(Component component, ComponentView view)
        {
            if (component.Leave.Count == 0) return [];
            var wanted = view.Instances.Select(i => i.Name).ToHashSet();
            return
            [
                .. from service in inputs.Services
                   where service.Component == component.Name && !wanted.Contains(service.Name)
                   let leaving = Standing(service)
                   orderby leaving.Index
                   let scope = Scope(component, view, leaving) with { Peers = [.. view.Instances.Append(leaving).OrderBy(i => i.Index)] }
                   select new LeaveRun(service.Name, All(component.Leave, component, "leave", scope)),
            ];
        }

        /// <summary>An instance as it stands, whatever the task says now.</summary>
        private InstanceView Standing(ServiceFacts service)
        {
            var room = inputs.Site.Machines.FirstOrDefault(m => m.Name == service.Spec.Machine)?.Room ?? "";
            return new(service.Name, IndexOf(service.Name), InstanceUse.AddressOf(service.Spec), service.Spec.Machine, room);
        }

        private RenderScope Scope(Component component, ComponentView view, InstanceView instance) => new()
        {
            Site = _site,
            Task = _task,
            Component = component.Name,
            Instance = instance,
            Peers = view.Instances,
            Parameters = view.Parameters,
            Ports = view.Ports,
            Components = _views,
            Endpoints = _endpoints,
            Names = _names,
        };

        private DesiredInstance Instance(Component component, string image, RenderScope scope, InstanceUse use)
        {
            List<DesiredConfig> configs = [];
            List<FileRef> configRefs = [], secretRefs = [];
            foreach (var file in component.Files)
            {
                var text = One(file.Template, $"{component.Name}/{file.Source}", scope, file.Secret);
                var name = FileName(scope.Instance.Name, file, text);
                (file.Secret ? secretRefs : configRefs).Add(new(name, file.Target, file.Mode, file.Owner.User, file.Owner.Group));
                if (file.Secret) _contents[name] = new Secret(text);
                else configs.Add(new(name, text));
            }

            var spec = Spec(component, image, scope, configRefs, secretRefs);
            (use with { Address = scope.Instance.Address == scope.Instance.Machine ? null : IPAddress.Parse(scope.Instance.Address) }).AddTo(spec.Labels);
            return new(spec, configs);
        }

        private ServiceSpec Spec(Component component, string image, RenderScope scope, List<FileRef> configs, List<FileRef> secrets)
        {
            var part = component.Container;
            var health = part.Healthcheck;
            return new()
            {
                Name = scope.Instance.Name,
                Image = image,
                Labels = new(StringComparer.Ordinal)
                {
                    [ArkLabels.Schema] = "1",
                    [ArkLabels.Task] = inputs.Task.Id,
                    [ArkLabels.Component] = component.Name,
                    [ArkLabels.Instance] = scope.Instance.Name,
                },
                Entrypoint = part.Entrypoint is null ? null : All(part.Entrypoint, component, "container.entrypoint", scope),
                Command = part.Command is null ? null : All(part.Command, component, "container.command", scope),
                Environment = new(part.Environment.ToDictionary(e => e.Key, e => One(e.Value, $"{component.Name}: container.environment.{e.Key}", scope, false)), StringComparer.Ordinal),
                Healthcheck = health is null ? null : health with { Test = All(health.Test, component, "container.healthcheck.test", scope) },
                Volumes = [.. part.Volumes.Select(v => new VolumeRef($"{scope.Instance.Name}.{v.Name}", v.Target, v.ReadOnly))],
                Tmpfs = part.Tmpfs,
                Configs = [.. configs.OrderBy(c => c.Target, StringComparer.Ordinal)],
                Secrets = [.. secrets.OrderBy(c => c.Target, StringComparer.Ordinal)],
                Ulimits = part.Ulimits,
                Sysctls = new(part.Sysctls.ToDictionary(), StringComparer.Ordinal),
                CapAdd = part.CapAdd,
                CapDrop = part.CapDrop,
                User = part.User,
                WorkingDir = part.WorkingDir,
                Hostname = part.Hostname is null ? null : One(part.Hostname, component.Name + ": container.hostname", scope, false),
                Init = part.Init,
                ReadOnly = part.ReadOnly,
                StopSignal = part.StopSignal,
                StopGracePeriod = part.StopGracePeriod,
                CpuReservation = component.Resources.Cpus,
                MemoryReservation = component.Resources.MemoryBytes,
                CpuLimit = part.CpuLimit,
                MemoryLimit = part.MemoryLimit,
                PidsLimit = part.PidsLimit,
                Machine = scope.Instance.Machine,
                Network = "host",
                Monitor = (health is null ? TimeSpan.Zero : health.StartPeriod + health.Retries * health.Interval) + TimeSpan.FromSeconds(10),
            };
        }

        private DesiredProof Proof(Component component, Proof proof, string image, List<RenderScope> scopes) =>
            new(proof.Name, proof.Within, [.. proof.Steps.Select((step, i) => new DesiredProofStep(step.On, Calls(component, step, $"proof \"{proof.Name}\" step {i + 1}", image, scopes)))], proof.Rolling);

        private List<ProofCall> Calls(Component component, ProofStep step, string path, string image, List<RenderScope> scopes)
        {
            var input = Input(step.Input, component, scopes[0]);
            return
            [
                .. from place in Places(step.On, scopes)
                   let inside = place.Scope with { Token = ProofRun.Token }
                   let command = All(step.Run, component, path, inside)
                   let expect = step.Expect is null ? null : One(step.Expect, $"{component.Name}: {path}", inside, false)
                   select place.Machine is null
                       ? new ProofCall(0, place.Scope.Instance.Name, place.Scope.Instance.Machine, null, command, expect, input)
                       : new ProofCall(0, null, place.Machine, image, command, expect, input),
            ];
        }

        /// <summary>Where a step could be run: in every instance, or, with a machine, in a throw-away container there.</summary>
        private IEnumerable<(RenderScope Scope, string? Machine)> Places(ProofTarget on, List<RenderScope> scopes) =>
            on == ProofTarget.Machines ? inputs.Site.Machines.Select(m => (scopes[0], (string?)m.Name))
            : scopes[0].External is not null ? [(scopes[0], inputs.Site.Machines[0].Name)]
            : scopes.Select(s => (s, (string?)null));

        /// <summary>The image pinned by digest: the baseline's, or the tag that the task asks for.</summary>
        private string Image(TaskComponent task, Component component)
        {
            var (name, tag) = component.Container.Image.Split(':') is [var n, var t] ? (n, t) : (component.Container.Image, null);
            var pin = inputs.Baseline.Images.GetValueOrDefault(name);
            tag = task.ImageTag ?? tag ?? pin?.Tag;
            var digest = tag is null ? null : tag == pin?.Tag ? pin.Digest : inputs.Digests.GetValueOrDefault($"{name}:{tag}");
            if (digest is not null) return $"{inputs.Registry}/{name}:{tag}@{digest}";
            _problems.Add(new("no-image", component.Name, $"No image package brought {name}{(tag is null ? "" : ":" + tag)}.", "ark images import PACKAGE"));
            return name;
        }

        /// <summary>Content-addressed; at most 64 characters, as Swarm wants it.</summary>
        private string FileName(string instance, FileTemplate file, string text)
        {
            var content = Encoding.UTF8.GetBytes(text);
            var hash = file.Secret ? Vault.NameOf(inputs.Key, instance, content) : Convert.ToHexStringLower(SHA256.HashData(content))[..16];
            var target = string.Concat(Path.GetFileName(file.Target).Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));
            var stem = $"{instance}.{target}";
            var name = $"{stem[..Math.Min(stem.Length, 45)]}-{hash}";
            return inputs.Tampered.Contains(name) ? name + "-1" : name;
        }

        private IReadOnlyList<string> All(IReadOnlyList<string> templates, Component component, string path, RenderScope scope)
        {
            var rendered = TemplateRenderer.RenderAll(templates, $"{component.Name}: {path}", scope, withSecrets: false);
            _problems.AddRange(rendered.Problems);
            return rendered.Value ?? [];
        }

        private string One(string template, string path, RenderScope scope, bool withSecrets)
        {
            var rendered = TemplateRenderer.Render(template, path, scope, withSecrets);
            _problems.AddRange(rendered.Problems);
            return rendered.Value ?? "";
        }
    }
}
