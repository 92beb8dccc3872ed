using System.Globalization;
using System.Text;
using Ark.Core;
using Ark.Core.Base;
using Ark.Core.Planning;
using Ark.Remote.Execution;
using Ark.Remote.Files;
using Ark.Remote.Images;
using Ark.Remote.Ssh;
using Ark.Remote.State;
using Ark.Remote.Swarm;
using Docker.DotNet;

namespace Ark.Remote.Base;

/// <summary>What the base's steps work with.</summary>
public sealed record BaseTools
{
    /// <summary>Machines that answered, by address.</summary>
    public required IReadOnlyDictionary<string, IRemoteShell> Shells { get; init; }

    /// <summary>The Docker API of a machine.</summary>
    public required Func<string, DockerClient> Docker { get; init; }

    /// <summary>Folder with one folder of packages a distribution.</summary>
    public required string Packages { get; init; }

    /// <summary>Folder of the image packages that were carried along, with <c>registry.tar</c> in it.</summary>
    public required string Images { get; init; }

    /// <summary>Reads the site's authority from the cluster.</summary>
    public required Func<CancellationToken, Task<SiteAuthority>> ReadAuthority { get; init; }

    /// <summary>Makes the site's state and authority in the cluster; nothing happens where they are there.</summary>
    public required Func<CancellationToken, Task> CreateState { get; init; }

    public required TimeProvider Time { get; init; }
}

/// <summary>Does the steps of a base plan. Every step may be done again after a crash: what is there already is success.</summary>
public sealed class BaseSteps(BaseTools tools)
{
    private const string MachinePackages = "/var/lib/ark/packages";
    private const string MachineRegistryTar = "/var/lib/ark/registry.tar";
    private static readonly TimeSpan InstallDeadline = TimeSpan.FromMinutes(10);

    public async Task<string> RunAsync(Step step, CancellationToken cancellation)
    {
        try
        {
            return await DoAsync(step.Work, cancellation);
        }
        catch (Exception failure) when (failure is RemoteException or SwarmException or IOException)
        {
            throw new StepException(failure.Message, failure);
        }
    }

    private async Task<string> DoAsync(Work work, CancellationToken cancellation)
    {
        switch (work)
        {
            case InstallDocker install:
                return await InstallAsync(install, cancellation);
            case WriteFile file:
                await ManagedFiles.WriteAsync(Shell(file.Machine), file.Path, Convert.ToString(file.Mode, 8), file.Text, cancellation);
                await ManagedFiles.ApplyAsync(Shell(file.Machine), file.Effect, file.Path, cancellation);
                return file.Path;
            case WriteBlock block:
                await ManagedFiles.WriteBlockAsync(Shell(block.Machine), block.Path, block.Text, cancellation);
                return block.Path;
            case RestoreFile restore:
                await ManagedFiles.RestoreAsync(Shell(restore.Machine), restore.Path, cancellation);
                return restore.Path;
            case InitSwarm init:
                await SwarmMembership.InitAsync(tools.Docker(init.Machine), init.Machine, init.Pool, cancellation);
                return "manager";
            case JoinSwarm join:
                return await JoinAsync(join, cancellation);
            case ChangeRole role:
                await OnNodeAsync(role.Machine, (nodes, node) => nodes.SetManagerAsync(node, role.ToManager, cancellation), cancellation);
                await SwarmMembership.AwaitRoleAsync(tools.Docker(role.Machine), role.ToManager, tools.Time, cancellation);
                return role.ToManager ? "manager" : "worker";
            case LabelNode label:
                await OnNodeAsync(label.Machine, (nodes, node) => nodes.LabelNodeAsync(node, label.Labels.ToDictionary(l => l.Key, string? (l) => l.Value), cancellation), cancellation);
                return string.Join(", ", label.Labels.Select(l => $"{l.Key}={l.Value}"));
            case CreateSiteState:
                await tools.CreateState(cancellation);
                return "kept in the cluster";
            case TrustAuthority trust:
                await ManagedFiles.WriteAsync(Shell(trust.Machine), trust.Path, "644", (await tools.ReadAuthority(cancellation)).CertificatePem, cancellation);
                return trust.Path;
            case IssueCertificate issue:
                return await IssueAsync(issue, cancellation);
            case ImportImages import:
                var sent = await ImageTree.SendAsync(Shell(import.Machine), tools.Images, import.Directory, null, cancellation);
                return $"{sent.SentFiles} files, {sent.SentBytes >> 20} MiB";
            case MirrorImages mirror:
                var copied = await ImageTree.SendAsync(Shell(mirror.Machine), mirror.Directory, mirror.Directory, null, cancellation);
                return $"{copied.SentFiles} files, {copied.SentBytes >> 20} MiB";
            case RunRegistry registry:
                return await RunRegistryAsync(registry, cancellation);
            case RemoveContainer container:
                await ManagedFiles.RunAsync(Shell(container.Machine), $"docker rm -f {ShellText.Quote(container.Name)}", "", cancellation);
                return "removed";
            default:
                throw new InvalidOperationException($"No way to do {work.GetType().Name}.");
        }
    }

    private IRemoteShell Shell(string machine) =>
        tools.Shells.TryGetValue(machine, out var shell) ? shell : throw new StepException($"The machine {machine} cannot be reached.");

    /// <summary>A flat apt repository is carried over, and apt installs of it only what the machine lacks; nothing is asked of a network.</summary>
    private async Task<string> InstallAsync(InstallDocker install, CancellationToken cancellation)
    {
        var from = Path.Combine(tools.Packages, install.Distribution);
        var to = $"{MachinePackages}/{install.Distribution}";
        var shell = Shell(install.Machine);
        var files = Directory.GetFiles(from).Order(StringComparer.Ordinal).Select(f => Tree(from, f)).ToList();
        await TreeUpload.SendAsync(shell, files, f => File.OpenRead(Path.Combine(from, f.Path)), to, new() { Mode = "0644", Sudo = true }, null, cancellation);
        await ManagedFiles.RunAsync(shell, $$"""
            set -e
            export DEBIAN_FRONTEND=noninteractive
            list={{ShellText.Quote(to)}}/ark.list
            echo 'deb [trusted=yes] file:{{to}} ./' > "$list"
            state={{ShellText.Quote(to)}}/.apt; mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
            apt="apt-get -q -o Dir::Etc::SourceList=$list -o Dir::Etc::SourceParts=- -o Dir::State::Lists=$state/lists -o Dir::Cache=$state/cache -o APT::Sandbox::User=root -o DPkg::Lock::Timeout=120"
            dpkg --configure -a
            $apt update
            $apt install -y --no-install-recommends -o Dpkg::Options::=--force-confold docker.io </dev/null
            systemctl enable --now docker
            timeout 60 sh -c 'until docker info >/dev/null 2>&1; do sleep 0.3; done'
            """, "", cancellation, InstallDeadline);
        return (await ManagedFiles.RunAsync(shell, "docker version --format '{{.Server.Version}}'", "", cancellation)).Trim();
    }

    private static TreeFile Tree(string folder, string file)
    {
        using var content = File.OpenRead(file);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content));
        return new(Path.GetRelativePath(folder, file), content.Length, hash);
    }

    private async Task<string> JoinAsync(JoinSwarm join, CancellationToken cancellation)
    {
        if (join.LeaveFirst) await SwarmMembership.LeaveAsync(tools.Docker(join.Machine), cancellation);
        List<string> refusals = [];
        foreach (var manager in join.Managers)
        {
            try
            {
                await SwarmMembership.JoinAsync(tools.Docker(join.Machine), join.Machine, tools.Docker(manager), manager, join.AsManager, cancellation);
                return $"{(join.AsManager ? "manager" : "worker")}, through {manager}";
            }
            catch (Exception failure) when (failure is SwarmException or StepException)
            {
                refusals.Add($"{manager}: {failure.Message}");
            }
        }

        throw new StepException($"{join.Machine} could not join the Swarm. {string.Join("; ", refusals)}");
    }

    /// <summary>Any manager that answers changes the node of a machine.</summary>
    private async Task OnNodeAsync(string machine, Func<ISwarmNodes, string, Task> change, CancellationToken cancellation)
    {
        var node = (await SwarmMembership.ReadAsync(tools.Docker(machine), cancellation)).NodeId;
        List<string> refusals = [];
        foreach (var manager in tools.Shells.Keys.OrderByDescending(m => m == machine))
        {
            try
            {
                await change(new DockerSwarmNodes(tools.Docker(manager)), node);
                return;
            }
            catch (SwarmException failure)
            {
                refusals.Add($"{manager}: {failure.Message}");
            }
        }

        throw new StepException($"No manager could change the node of {machine}. {string.Join("; ", refusals)}");
    }

    /// <summary>The key is on the disk before the certificate, and the registry takes both up at once.</summary>
    private async Task<string> IssueAsync(IssueCertificate issue, CancellationToken cancellation)
    {
        var authority = await tools.ReadAuthority(cancellation);
        var (certificate, key) = authority.Issue(issue.Names, tools.Time.GetUtcNow());
        var shell = Shell(issue.Machine);
        await PutAsync(shell, BaseNames.RegistryKey, "0400", BaseNames.RegistryUser, key.Reveal(), cancellation);
        await PutAsync(shell, BaseNames.RegistryCertificate, "0644", null, certificate, cancellation);
        await ManagedFiles.RunAsync(shell, $"docker restart {BaseNames.RegistryContainer} >/dev/null 2>&1 || true", "", cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"for {string.Join(", ", issue.Names)}");
    }

    private static Task PutAsync(IRemoteShell shell, string path, string mode, string? owner, string text, CancellationToken cancellation) =>
        shell.UploadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), path, new() { Mode = mode, Owner = owner, Sudo = true }, null, cancellation);

    private async Task<string> RunRegistryAsync(RunRegistry registry, CancellationToken cancellation)
    {
        var shell = Shell(registry.Machine);
        var there = await ManagedFiles.RunAsync(shell, $"docker image inspect {ShellText.Quote(registry.Image)} >/dev/null 2>&1 && echo yes || true", "", cancellation);
        if (there.Trim() != "yes")
        {
            await using var tar = File.OpenRead(Path.Combine(tools.Images, "registry.tar"));
            await shell.UploadAsync(tar, MachineRegistryTar, new() { Sudo = true }, null, cancellation);
            await ManagedFiles.RunAsync(shell, $"docker load -q -i {MachineRegistryTar}", "", cancellation);
        }

        var labels = new[] { "--label", $"{BaseNames.ContainerLabel}={registry.Name}", "--label", $"{ArkLabels.Spec}={registry.Hash}" };
        await ManagedFiles.RunAsync(shell, $"""
            docker rm -f {ShellText.Quote(registry.Name)} >/dev/null 2>&1 || true
            docker run -d --name {ShellText.Quote(registry.Name)} {ShellText.Quote(labels)} {ShellText.Quote(registry.Arguments)} {ShellText.Quote(registry.Image)}
            """, "", cancellation);
        var listen = registry.Arguments.First(a => a.StartsWith("REGISTRY_HTTP_ADDR=", StringComparison.Ordinal)).Split('=')[1];
        await ManagedFiles.RunAsync(shell, $"""
            for i in $(seq 60); do bash -c 'exec 3<>/dev/tcp/{listen.Replace(":", "/", StringComparison.Ordinal)}' 2>/dev/null && exit 0; sleep 0.25; done
            docker logs --tail 5 {ShellText.Quote(registry.Name)} >&2; exit 1
            """, "", cancellation);
        return "listens on " + listen;
    }
}
