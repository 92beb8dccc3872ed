using Ark.EndToEnd.Lab;
using Ark.EndToEnd.Sites;
using Xunit;

namespace Ark.EndToEnd.Kills;

/// <summary>Three machines with a package for a small component, as <c>lab/site</c> makes them: no base yet.</summary>
internal sealed class KillSite : CarriedSite, IAsyncDisposable
{
    public static async Task<KillSite> StartAsync()
    {
        var site = new KillSite();
        var folder = Path.Combine(LabProgram.Root, "tests", "Ark.EndToEnd", "Kills");
        var made = await RunAsync(Path.Combine(LabProgram.Root, "lab", "site"),
            [site.Lab.Name, "--catalog", Path.Combine(folder, "kills"), "--task", Path.Combine(folder, "task_kills"), "--images", "base registry"]);
        Assert.True(made.ExitCode == 0, LabProgram.Of(made));
        return site;
    }

    /// <summary>What a person would compare: settings, containers, nodes, images of each machine, and all that is in the cluster, without ids and times.</summary>
    public async Task<string> StateAsync()
    {
        const string machine = """
            cat /etc/docker/daemon.json /etc/sysctl.d/90-ark.conf; sed -n '/ark/,$p' /etc/hosts; ls /etc/docker/certs.d/* /etc/ark/registry 2>/dev/null
            docker info --format '{{.DockerRootDir}} {{.Swarm.LocalNodeState}} {{.Swarm.ControlAvailable}} {{.Swarm.Managers}} {{.Swarm.Nodes}}'
            docker ps -a --format '{{.Names}} {{.Image}} {{.State}}' | sed 's/^\([a-z0-9-]*\.1\)\.[a-z0-9]* /\1 /' | sort
            docker volume ls -q | grep -v '^[0-9a-f]\{64\}$' | sort
            find /var/images -name link 2>/dev/null | sort | xargs -r cat; find /var/images -name '*.ark*' -o -name '*.part' 2>/dev/null
            true
            """;
        const string cluster = """
            for n in $(docker node ls -q); do docker node inspect $n --format '{{.Status.Addr}} {{.Spec.Role}} {{.Spec.Availability}} {{json .Spec.Labels}}'; done | sort
            for s in $(docker service ls --format '{{.Name}}' | sort); do docker service inspect $s --format '{{json .Spec}}' | sed 's/"Target":"[a-z0-9]\{25\}"//g; s/"\(ConfigID\|SecretID\)":"[^"]*"//g; s/"ForceUpdate":[0-9]*//g; s/\.password-[0-9a-f]*/.password/g; s/"ark.spec[^,}]*//g'; done
            docker config ls --format '{{.Name}}' | sort; docker secret ls --format '{{.Name}}' | sed 's/-[0-9a-f]*$//' | sort
            """;
        List<string> all = [];
        foreach (var name in (string[])["m1", "m2", "m3"]) all.Add(name + "\n" + await Lab.InsideAsync(name, machine));
        all.Add(await Lab.InsideAsync("m1", cluster));
        return string.Join("\n\n", all);
    }

    public async ValueTask DisposeAsync() => await Lab.RunAsync("down");
}
