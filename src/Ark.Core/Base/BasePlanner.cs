using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ark.Core.Planning;
using Ark.Core.Sites;

namespace Ark.Core.Base;

/// <summary>Compares the machines with what the base should be. Pure; machines without facts did not answer and are left out.</summary>
public static class BasePlanner
{
    /// <summary>Files whose facts the planner compares; for <see cref="FactsScript"/>.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [BaseNames.SysctlFile, BaseNames.DaemonFile, BaseNames.AuthorityFile, BaseNames.RegistryCertificate, BaseNames.ResolverFile, BaseNames.BeforeDir + BaseNames.ResolverFile];

    public static string FactsScriptFor(Site site) =>
        FactsScript.For(Files, [BaseNames.HostsFile], BaseLayout.Sysctls.Keys, site.DockerDir, site.RegistryDir);

    public static Outcome<Plan> Plan(BaseRequest request)
    {
        var missing = request.Machines.Values
            .Where(m => m.DockerVersion.Length == 0 && !request.Distributions.Contains(m.Distribution))
            .Select(m => new Problem("no-packages", m.Machine,
                $"Docker is not installed, and the package carries none for {m.Distribution} (it has: {string.Join(", ", request.Distributions.Order())}).",
                "install Docker by the distribution's means, or make a package on such a machine"))
            .ToList();
        return Outcome<Plan>.From(missing, () => new Run(request).Plan());
    }

    private sealed class Run(BaseRequest request)
    {
        private readonly Site _site = request.Site;
        private readonly BaseLayout _layout = new(request.Site, request.Cluster);
        private readonly List<Step> _steps = [];

        public Plan Plan()
        {
            var hosts = _layout.Hosts.Where(request.Machines.ContainsKey).Select(h => request.Machines[h]).ToList();
            foreach (var facts in hosts)
            {
                if (request.Has(BasePart.Kernel)) Kernel(facts);
                if (request.Has(BasePart.Docker)) Docker(facts);
            }

            if (request.Has(BasePart.Swarm)) Swarm(hosts);
            if (request.Has(BasePart.Certificates)) Certificates(hosts);
            if (request.Has(BasePart.Registry)) Registry(hosts);
            if (request.Has(BasePart.Mirror)) Mirror();
            if (request.Has(BasePart.Labels)) Labels(hosts);
            if (request.Has(BasePart.Names)) Names(hosts);
            return new("base", _steps);
        }

        private void Kernel(MachineFacts facts)
        {
            var wrong = BaseLayout.Sysctls.Where(s => !Reaches(facts.Sysctls.GetValueOrDefault(s.Key, ""), s.Value)).Select(s => $"{s.Key}={facts.Sysctls.GetValueOrDefault(s.Key)}").ToList();
            if (wrong.Count == 0 && Matches(facts, BaseNames.SysctlFile, BaseLayout.SysctlText)) return;
            Add("write-file", facts.Machine, BaseNames.SysctlFile, new WriteFile(facts.Machine, BaseNames.SysctlFile, Mode644, BaseLayout.SysctlText, FileEffect.LoadSysctls),
                wrong.Count > 0 ? string.Join(", ", wrong) : Was(facts, BaseNames.SysctlFile), "kernel settings");
        }

        private void Docker(MachineFacts facts)
        {
            if (facts.DockerVersion.Length == 0)
                Add("install-docker", facts.Machine, "", new InstallDocker(facts.Machine, facts.Distribution), "", $"Docker from the packages for {facts.Distribution}");
            var text = _layout.DaemonText();
            if (Matches(facts, BaseNames.DaemonFile, text) && facts.DockerRoot.TrimEnd('/') == _site.DockerDir.TrimEnd('/')) return;
            Add("write-file", facts.Machine, BaseNames.DaemonFile, new WriteFile(facts.Machine, BaseNames.DaemonFile, Mode644, text, FileEffect.RestartDocker),
                Was(facts, BaseNames.DaemonFile), $"data in {_site.DockerDir}, logs rotated, address pools", Of("install-docker", facts.Machine));
        }

        private void Swarm(List<MachineFacts> hosts)
        {
            var first = hosts.FirstOrDefault(h => IsMember(h) && h.IsManager)?.Machine;
            if (first is null)
            {
                var start = _layout.Managers.First(request.Machines.ContainsKey);
                Add("init-swarm", start, "", new InitSwarm(start, _layout.SwarmPool()), "", "first manager", DockerSteps(start));
            }

            var init = _steps.Where(s => s.Work is InitSwarm).ToList();
            var managers = _layout.Managers.Where(request.Machines.ContainsKey).ToList();
            foreach (var facts in hosts.Where(h => !IsMember(h) && init.All(s => s.Target != h.Machine)))
            {
                var asManager = managers.Contains(facts.Machine);
                Add("join-swarm", facts.Machine, "", new JoinSwarm(facts.Machine, asManager, [.. hosts.Where(h => IsMember(h) && h.IsManager).Select(h => h.Machine).Concat(init.Select(s => s.Target)).Distinct()], LeaveFirst: facts.SwarmState != "inactive"),
                    facts.SwarmState == "active" ? "member of a Swarm that does not know it" : facts.SwarmState, asManager ? "manager" : "worker", [.. DockerSteps(facts.Machine), .. init.Select(s => s.Id)]);
            }

            foreach (var facts in hosts.Where(h => IsMember(h) && _layout.Machines.Contains(h.Machine) && h.IsManager != managers.Contains(h.Machine)))
                Add("change-role", facts.Machine, "", new ChangeRole(facts.Machine, !facts.IsManager), facts.IsManager ? "manager" : "worker", facts.IsManager ? "worker" : "manager");
            if (request.Authority is null)
                Add("create-site-state", "site", "", new CreateSiteState(), "", "site key and certificate authority, encrypted in the cluster", Started(s => s is InitSwarm));
        }

        /// <summary>A machine that was taken out of the site while it was off still believes to be a member.</summary>
        private bool IsMember(MachineFacts facts) =>
            facts.SwarmState == "active" && (request.Cluster is null || request.Cluster.Nodes.Any(n => n.Id == facts.NodeId));

        private void Certificates(List<MachineFacts> hosts)
        {
            var state = Started(s => s is CreateSiteState);
            foreach (var facts in hosts)
            {
                if (request.Authority is null || !Matches(facts, BaseNames.AuthorityFile, request.Authority))
                    Add("trust-authority", facts.Machine, "", new TrustAuthority(facts.Machine, BaseNames.AuthorityFile), Was(facts, BaseNames.AuthorityFile), "Docker trusts the site's authority", [.. state, .. DockerSteps(facts.Machine)]);
                if (facts.Blocks.GetValueOrDefault(BaseNames.HostsFile, "") != _layout.HostsText())
                    Add("write-block", facts.Machine, BaseNames.HostsFile, new WriteBlock(facts.Machine, BaseNames.HostsFile, _layout.HostsText()),
                        Words(facts.Blocks.GetValueOrDefault(BaseNames.HostsFile, "")), Words(_layout.HostsText()));
            }

            foreach (var machine in RegistryMachines)
                if (CertificateFault(request.Machines[machine]) is { } fault)
                    Add("issue-certificate", machine, "", new IssueCertificate(machine, [BaseNames.RegistryHost, machine]), fault, "certificate of the registry, two years", [.. state, .. DockerSteps(machine)]);
        }

        private IEnumerable<string> RegistryMachines =>
            new[] { _layout.Client, _layout.Mirror }.OfType<string>().Where(request.Machines.ContainsKey);

        /// <summary>Null for a certificate of the site's authority, for the right names, that lasts another month.</summary>
        private string? CertificateFault(MachineFacts facts)
        {
            if (request.Renew) return "to be renewed";
            if (facts.Certificate.Length == 0 || request.Authority is null) return "none";
            try
            {
                using var certificate = X509Certificate2.CreateFromPem(facts.Certificate);
                using var authority = X509Certificate2.CreateFromPem(request.Authority);
                if (!certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData)) return "issued by " + certificate.Issuer;
                if (certificate.NotAfter.ToUniversalTime() < request.Now.UtcDateTime.AddDays(30)) return $"ends {certificate.NotAfter:yyyy-MM-dd}";
                return certificate.MatchesHostname(BaseNames.RegistryHost) && certificate.MatchesHostname(facts.Machine) ? null : "for other names";
            }
            catch (CryptographicException)
            {
                return "unreadable";
            }
        }

        private void Registry(List<MachineFacts> hosts)
        {
            if (request.Machines.TryGetValue(_layout.Client, out var client) && !_site.Internet)
            {
                var missing = request.Images.Where(i => client.Images.GetValueOrDefault(i.Key) != i.Value).Select(i => i.Key).Order(StringComparer.Ordinal).ToList();
                if (missing.Count > 0)
                    Add("import-images", _layout.Client, "", new ImportImages(_layout.Client, _site.RegistryDir, missing), "", string.Join(", ", missing));
            }

            foreach (var machine in RegistryMachines)
                RunRegistry(machine, BaseNames.RegistryContainer, $"{machine}:{BaseNames.RegistryPort}", tls: true);
            if (request.Machines.ContainsKey(_layout.Client))
                RunRegistry(_layout.Client, BaseNames.LoopbackContainer, "127.0.0.1:80", tls: false);
            foreach (var facts in hosts)
                foreach (var name in facts.Containers.Keys.Order().Where(name => !BelongsOn(facts.Machine, name)))
                    Add("remove-container", facts.Machine, name, new RemoveContainer(facts.Machine, name), "runs", "");
        }

        private bool BelongsOn(string machine, string container) =>
            machine == _layout.Client || (container == BaseNames.RegistryContainer && machine == _layout.Mirror);

        private void RunRegistry(string machine, string name, string listen, bool tls)
        {
            var image = request.Images.Keys.Where(i => i.StartsWith("registry:", StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();
            if (image is null) return;
            List<string> arguments =
            [
                "--network", "host", "--restart", "always", "--volume", _site.RegistryDir + ":/var/lib/registry",
                "--env", "REGISTRY_HTTP_ADDR=" + listen,
            ];
            if (tls)
                arguments.AddRange(["--volume", "/etc/ark/registry:/etc/ark/registry:ro", "--env", "REGISTRY_HTTP_TLS_CERTIFICATE=" + BaseNames.RegistryCertificate, "--env", "REGISTRY_HTTP_TLS_KEY=" + BaseNames.RegistryKey]);
            var hash = Sha256(string.Join('\n', [image, .. arguments]))[..16];
            var there = request.Machines[machine].Containers.GetValueOrDefault(name);
            if (there is { Running: true } && there.Hash == hash) return;
            Add("run-registry", machine, name, new RunRegistry(machine, name, "ark/" + image, arguments, hash),
                there is null ? "" : there.Running ? "other settings" : "stopped", "listens on " + listen,
                [.. DockerSteps(machine), .. Of("issue-certificate", machine), .. Of("import-images", machine), .. Of("run-registry", machine)]);
        }

        private void Mirror()
        {
            if (_layout.Mirror is not { } mirror || !request.Machines.TryGetValue(mirror, out var facts) || !request.Machines.TryGetValue(_layout.Client, out var client)) return;
            var import = Of("import-images", _layout.Client);
            var wanted = import.Count > 0 ? request.Images : client.Images;
            var missing = wanted.Count(i => facts.Images.GetValueOrDefault(i.Key) != i.Value);
            if (missing == 0) return;
            Add("mirror-images", mirror, "", new MirrorImages(mirror, _layout.Client, _site.RegistryDir), $"{missing} images missing", "the same images as the client", import);
        }

        private void Labels(List<MachineFacts> hosts)
        {
            foreach (var facts in hosts)
            {
                var wanted = _layout.NodeLabels(facts.Machine, facts);
                var node = request.Cluster?.Nodes.FirstOrDefault(n => n.Id == facts.NodeId && facts.NodeId.Length > 0);
                var wrong = wanted.Where(l => node?.Labels.GetValueOrDefault(l.Key) != l.Value && !(l.Key == ArkLabels.Disk && node?.Labels.ContainsKey(l.Key) == true)).ToList();
                if (wrong.Count == 0) continue;
                Add("label-node", facts.Machine, "", new LabelNode(facts.Machine, wanted),
                    string.Join(", ", wrong.Where(l => node?.Labels.ContainsKey(l.Key) == true).Select(l => $"{l.Key}={node!.Labels[l.Key]}")),
                    string.Join(", ", wrong.Select(l => $"{l.Key}={l.Value}")),
                    Started(s => s is InitSwarm or JoinSwarm, facts.Machine));
            }
        }

        private void Names(List<MachineFacts> hosts)
        {
            var all = (request.Cluster?.Services ?? []).Where(s => s.Component == "dncs").Select(s => s.Spec).ToList();
            foreach (var facts in hosts)
            {
                // Those of the machine's own room first: they answer with what stands in it.
                var servers = all.OrderByDescending(s => _layout.Room(s.Machine) == _layout.Room(facts.Machine)).Select(InstanceUse.AddressOf).ToList();
                var text = _layout.ResolverText(servers);
                var kept = facts.Files.ContainsKey(BaseNames.BeforeDir + BaseNames.ResolverFile);
                if (_site.MachinesUseDncs && servers.Count > 0 && !Matches(facts, BaseNames.ResolverFile, text))
                    Add("write-file", facts.Machine, BaseNames.ResolverFile, new WriteFile(facts.Machine, BaseNames.ResolverFile, Mode644, text, FileEffect.None), Was(facts, BaseNames.ResolverFile), "names from " + string.Join(", ", servers));
                else if (!_site.MachinesUseDncs && kept)
                    Add("restore-file", facts.Machine, BaseNames.ResolverFile, new RestoreFile(facts.Machine, BaseNames.ResolverFile), "Ark's", "as before Ark");
            }
        }

        private const int Mode644 = 0b110_100_100;

        private void Add(string action, string machine, string what, Work work, string before, string after, IReadOnlyList<string>? needs = null) =>
            _steps.Add(new()
            {
                Id = $"{action}:{machine}{(what.Length == 0 ? "" : ":" + what)}",
                Target = machine,
                Before = before,
                After = after,
                Needs = needs ?? [],
                Work = work,
            });

        private IReadOnlyList<string> Of(string action, string machine) =>
            [.. _steps.Where(s => s.Action == action && s.Target == machine).Select(s => s.Id)];

        private IReadOnlyList<string> DockerSteps(string machine) =>
            [.. _steps.Where(s => s.Target == machine && (s.Work is InstallDocker || s.Work is WriteFile { Path: BaseNames.DaemonFile })).Select(s => s.Id)];

        private IReadOnlyList<string> Started(Func<Work, bool> kind, string? machine = null) =>
            [.. _steps.Where(s => kind(s.Work) && (machine is null || s.Target == machine)).Select(s => s.Id)];

        /// <summary>A higher value than wanted is fine: somebody else may need it.</summary>
        private static bool Reaches(string there, string wanted) =>
            long.TryParse(there, out var is_) && long.TryParse(wanted, out var should) ? is_ >= should : there == wanted;

        private static bool Matches(MachineFacts facts, string path, string text) => facts.Files.GetValueOrDefault(path)?.Sha256 == Sha256(text);

        private static string Was(MachineFacts facts, string path) => facts.Files.ContainsKey(path) ? "other content" : "no file";

        private static string Words(string text) => text.Trim().ReplaceLineEndings(", ");

        private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
