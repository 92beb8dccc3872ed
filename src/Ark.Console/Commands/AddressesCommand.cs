using System.CommandLine;
using System.Net;
using System.Text.Json;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Core.Planning;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Remote.State;
using Spectre.Console;

namespace Ark.Console.Commands;

/// <summary><c>ark addresses</c>: the pool, or in VM mode the machines' addresses and their ports.</summary>
public static class AddressesCommand
{
    public static Command Create()
    {
        var command = new Command("addresses", "Show the pool: what is free, reserved and used, and by whom. In VM mode: who uses which ports of the machines' addresses.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var opened = await Session.OpenAsync(parsed.SiteFolder(), cancellation);
        if (!opened.Ok) return Talk.Problems(opened.Problems, ExitCode.Usage);
        await using var session = opened.Value;
        Talk.Problems([.. opened.Problems, .. session.Unreached], ExitCode.Done);
        var facts = new ClusterFacts { At = TimeProvider.System.GetUtcNow(), Nodes = [], Services = [], Configs = [], Secrets = [] };
        IReadOnlyList<AddressRecord> records = [];
        if (await session.FindSwarmAsync(cancellation) is not { } swarm)
            Talk.Say("warning: there is no Swarm yet: nothing uses an address.");
        else if (session.Site.Mode == SiteMode.Vm)
            facts = await swarm.GatherAsync(cancellation);
        else
        {
            // Which addresses are promised stands in the tasks' records, and they are encrypted.
            var keys = Passphrase.Find(parsed);
            if (!keys.Ok) return Talk.Problems(keys.Problems, ExitCode.Usage);
            var store = await SiteStore.OpenAsync(swarm, keys.Value, TimeProvider.System, cancellation);
            if (!store.Ok) return Talk.Problems(store.Problems, ExitCode.Usage);
            (facts, records) = (store.Value.Facts, await store.Value.ReadAddressesAsync(cancellation));
        }

        Show(AddressReport.Of(session.Site, facts, records, Written(session.Folder)), parsed.WantsJson());
        return ExitCode.Done;
    }

    /// <summary>What the tasks that were carried along say; one that cannot be read is told by the verbs that work on it.</summary>
    private static Dictionary<string, IPAddress> Written(SiteFolder folder)
    {
        Dictionary<string, IPAddress> written = [];
        foreach (var id in folder.TaskIds())
            if (TaskFiles.ReadText(folder, id) is { } text && TaskReader.Read(text, id) is { Ok: true, Value: var document })
                foreach (var (instance, address) in document.Task.Components.SelectMany(c => c.Addresses))
                    written.TryAdd(instance, address);
        return written;
    }

    private static void Show(AddressReport report, bool json)
    {
        if (json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(report, AddressJson.Default.AddressReport));
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        if (report.Pool is { } pool)
        {
            table.AddColumns("Address", "State", "By", "Task");
            foreach (var line in report.Grouped())
                table.AddRow(Cells(line.Address, line.WasUsed ? line.State + ", was used" : line.State, line.Owner, line.Task));
            Terminal.Out.Write(table);
            Terminal.Out.MarkupLineInterpolated($"{pool.Subnet}, gateway {pool.Gateway}: {pool.Free} free, {pool.Reserved} reserved, {pool.Used} used");
            return;
        }

        table.AddColumns("Address", "By", "Task", "Ports");
        foreach (var line in report.Ports)
            table.AddRow(Cells(line.Address, line.User, line.Task, string.Join(" ", line.Ports)));
        Terminal.Out.Write(table);
    }

    private static Text[] Cells(params string[] texts) => [.. texts.Select(t => new Text(t))];
}
