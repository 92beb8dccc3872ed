using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ark.EndToEnd.Lab;
using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>No secret of a site is anywhere but where it belongs.</summary>
[Collection("operations")]
public sealed class SecretTests(DemoSite site)
{
    private static readonly string[] Machines = ["m1", "m2", "m3"];

    /// <summary>One search for all: what it finds of the planted one shows that it would find the others.</summary>
    [Fact]
    public async Task No_secret_is_in_journals_logs_plans_inspections_process_lists_or_the_package_and_a_planted_one_is_found_in_each()
    {
        var secrets = await SecretsAsync();
        Assert.True(secrets.Count >= 7, string.Join(", ", secrets.Keys));
        const string canary = "Canary of the test: 4711/+x";
        secrets["canary"] = canary;
        await PlantAsync(canary);
        var search = await SearchAsync(secrets);

        Assert.True(search.Bytes > 100 << 20, $"Only {search.Bytes} bytes were looked at.");
        var found = search.Found.ToLookup(f => f.Contains(": canary ", StringComparison.Ordinal));
        Assert.True(!found[false].Any(), string.Join('\n', found[false]));
        Assert.Contains(found[true], f => f.Contains("canary.gz", StringComparison.Ordinal));
        Assert.Contains(found[true], f => f.StartsWith("m1: journal", StringComparison.Ordinal));
        Assert.Contains(found[true], f => f.StartsWith("m2: inspections", StringComparison.Ordinal));
        Assert.Contains(found[true], f => f.StartsWith("m2: processes", StringComparison.Ordinal));
        await site.Lab.InsideAsync("m1", "rm -f /home/ops/ark/var/journal/canary.gz");
        await site.Lab.InsideAsync("m2", "docker rm -f canary >/dev/null; for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline 2>/dev/null | grep -q '^sh -c sleep 600 # Canary' && kill ${p#/proc/}; done; true");
    }

    private async Task PlantAsync(string canary)
    {
        var coded = Convert.ToBase64String(Encoding.UTF8.GetBytes("x" + canary));
        await site.Lab.InsideAsync("m1", $"echo '{coded}' | gzip > /home/ops/ark/var/journal/canary.gz; logger -t canary '{canary}'");
        await site.Lab.InsideAsync("m2", $"docker run -d --name canary --label 'x={canary}' --entrypoint sleep $(docker images -q | head -n 1) 600 >/dev/null; setsid sh -c 'sleep 600 # {canary}' >/dev/null 2>&1 &");
    }

    /// <summary>Name to value of every secret of the site, from where each belongs.</summary>
    private async Task<Dictionary<string, string>> SecretsAsync()
    {
        Dictionary<string, string> secrets = new(StringComparer.Ordinal)
        {
            ["passphrase"] = await site.Lab.InsideAsync("m1", "cat /home/ops/.ark/passphrase"),
            ["console's key"] = (await site.Lab.InsideAsync("m1", "sed -n '/BEGIN/,/END/p' /home/ops/ark/var/ssh/id")).Split('\n')[^3],
            ["registry's key"] = (await site.Lab.InsideAsync("m1", "cat /etc/ark/registry/*key*")).Split('\n')[1],
        };
        foreach (var (instance, (address, _, _)) in (await site.StatusAsync()).Where(i => i.Key.EndsWith("-1", StringComparison.Ordinal)))
        {
            var files = await site.Lab.InsideAsync(CarriedSite.MachineOf(address),
                $"c=$(docker ps -qf label=com.docker.swarm.service.name={instance}); for t in $(docker service inspect {instance} --format '{{{{range .Spec.TaskTemplate.ContainerSpec.Secrets}}}}{{{{.File.Name}}}} {{{{end}}}}'); do docker exec $c cat $t 2>/dev/null || docker exec -u 0 $c cat $t; echo; done");
            var number = 0;
            foreach (var word in files.Split((char[])[' ', '\n', '"', '=', ';'], StringSplitOptions.RemoveEmptyEntries).Where(IsGenerated).Distinct())
                secrets[string.Create(CultureInfo.InvariantCulture, $"secret {++number} of {instance}")] = word;
        }

        return secrets;
    }

    /// <summary>A configuration file that is secret as a whole has other words as well.</summary>
    private static bool IsGenerated(string word) => word.Length >= 16 && word.All(char.IsAsciiLetterOrDigit) && word.Any(char.IsAsciiLetterUpper);

    private async Task<SecretSearch> SearchAsync(IReadOnlyDictionary<string, string> secrets)
    {
        var search = new SecretSearch(secrets);
        // Something happens meanwhile: commands, proofs and jobs are in the process lists.
        var busy = site.ArkAsync("restart cache-1 --yes");
        while (!busy.IsCompleted)
            foreach (var machine in Machines)
                search.Text(machine + ": processes", await site.Lab.InsideAsync(machine, "for p in /proc/[0-9]*; do case $(readlink $p/exe) in '') ;; *) tr '\\0' ' ' < $p/cmdline; tr '\\0' ' ' < $p/environ; echo; esac; done 2>/dev/null; true"));
        search.Text("ark restart", LabProgram.Of(await busy));
        search.Text("ark plan", LabProgram.Of(await site.TryArkAsync("plan --format json")));
        search.Text("ark status", LabProgram.Of(await site.TryArkAsync("status --format json")));
        search.Text("ark base", LabProgram.Of(await site.TryArkAsync("base --dry-run --format json")));
        foreach (var machine in Machines)
        {
            search.Text(machine + ": journal", await site.Lab.InsideAsync(machine, "journalctl --no-pager -o json --all 2>/dev/null"));
            search.Text(machine + ": logs", await site.Lab.InsideAsync(machine, "for c in $(docker ps -aq); do docker logs $c 2>&1; done"));
            search.Text(machine + ": inspections", await site.Lab.InsideAsync(machine, """
                docker inspect $(docker ps -aq); docker image inspect $(docker images -q); docker info --format '{{json .}}'
                for what in service config secret node; do docker $what ls -q 2>/dev/null | xargs -r docker $what inspect; done
                docker service ls -q 2>/dev/null | xargs -r docker service ps -q | xargs -r docker inspect
                """));
            await TarAsync(search, machine, "/var/log /etc/docker /etc/hosts /tmp");
        }

        await TarAsync(search, "m1", "/home/ops/ark");
        return search;
    }

    private async Task TarAsync(SecretSearch search, string machine, string paths)
    {
        var start = new ProcessStartInfo(Path.Combine(LabProgram.Root, "ark"), ["lab", "exec", machine, "--name", site.Lab.Name, "--", "sh", "-c", $"tar -cf - {paths} 2>/dev/null"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await search.TarAsync(machine + ":", process.StandardOutput.BaseStream, name => name.EndsWith("var/ssh/id", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
