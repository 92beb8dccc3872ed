using System.CommandLine;
using System.Text.RegularExpressions;
using Ark.Console.Output;
using Ark.Core.Sites;
using Ark.Core.Sizing;

namespace Ark.Console.Commands;

/// <summary><c>ark size</c>: what machines, instances and people a mix of products needs, and by which rule.</summary>
public static partial class SizeCommand
{
    private static readonly Option<string[]> Products = new("--products") { Description = "What the customer buys, as EDAS+MQ or EDAS,MQ: EDAS, MQ, DRDS, GTS (or TXC), CSB, ARMS, DBPaaS, HiTSDB.", Required = true, AllowMultipleArgumentsPerToken = true };

    private static readonly Option<string> Mode = OneOf("--mode", "Containers with addresses of their own on physical machines, or VMs.", "physical", "vm");

    private static readonly Option<string> Edition = OneOf("--edition", "The standard edition, or the trial edition with its 5 machines.", "standard", "trial");

    private static readonly Option<string> Purpose = OneOf("--purpose", "Production, or a proof of concept.", "production", "poc");

    private static readonly Option<long?> Messages = new("--messages") { Description = "Messages a second through MQ." };

    private static readonly Option<long?> Qps = new("--qps") { Description = "Queries a second to DRDS." };

    private static readonly Option<long?> DrdsCores = new("--drds-cores") { Description = "Cores of all DRDS instances together." };

    private static readonly Option<long?> Tps = new("--tps") { Description = "Transactions a second for database expansion and import (DRDS)." };

    private static readonly Option<long?> IndexTps = new("--index-tps") { Description = "Transactions a second for heterogeneous indexes and small-table broadcast (DRDS)." };

    private static readonly Option<long?> EdasNodes = new("--edas-nodes") { Description = "EDAS service nodes, which the customer brings." };

    private static readonly Option<bool> FastLogs = new("--fast-logs") { Description = "EDAS log processing of high performance: HBase on machines of its own." };

    private static readonly Option<bool> DisasterRecovery = new("--disaster-recovery") { Description = "DBPaaS with disaster recovery." };

    private static readonly Option<string?> ArmsMachine = new("--arms-machine") { Description = "Physical machines of ARMS: Q48 (if nothing is said) or Q46.22." };

    private static readonly Option<string> DrdsTest = OneOf("--drds-test", "How DRDS alone is tried in a proof of concept.", "normal", "simple");

    public static Command Create()
    {
        var command = new Command("size", "Plan resources: machines, instances, addresses, disks and people of a mix of products, every number with its rule.")
        {
            Products, Mode, Edition, Purpose, Messages, Qps, DrdsCores, Tps, IndexTps, EdasNodes, FastLogs, DisasterRecovery, ArmsMachine, DrdsTest,
        };
        command.SetAction(parsed =>
        {
            var made = Sizer.Plan(Request(parsed));
            var problems = made.Problems.Select(p => p with { Place = OptionOf(p.Place) });
            if (!made.Ok) return Talk.Problems(problems, ExitCode.Usage);
            Talk.Problems(problems, ExitCode.Done);
            SizeView.Show(made.Value, parsed.WantsJson());
            return ExitCode.Done;
        });
        return command;
    }

    private static SizingRequest Request(ParseResult parsed) => new()
    {
        Products = parsed.GetValue(Products)!,
        Mode = parsed.GetValue(Mode) == "vm" ? SiteMode.Vm : SiteMode.Physical,
        Edition = parsed.GetValue(Edition) == "trial" ? Core.Sizing.Edition.Trial : Core.Sizing.Edition.Standard,
        Purpose = parsed.GetValue(Purpose) == "poc" ? Core.Sizing.Purpose.Poc : Core.Sizing.Purpose.Production,
        Load = new()
        {
            Messages = parsed.GetValue(Messages),
            Qps = parsed.GetValue(Qps),
            DrdsCores = parsed.GetValue(DrdsCores),
            Tps = parsed.GetValue(Tps),
            IndexTps = parsed.GetValue(IndexTps),
            EdasNodes = parsed.GetValue(EdasNodes),
        },
        FastLogs = parsed.GetValue(FastLogs),
        DisasterRecovery = parsed.GetValue(DisasterRecovery),
        ArmsMachine = parsed.GetValue(ArmsMachine),
        DrdsTest = parsed.GetValue(DrdsTest) == "simple" ? Core.Sizing.DrdsTest.Simple : Core.Sizing.DrdsTest.Normal,
    };

    /// <summary>The option of a request's field: <c>drdsCores</c> is <c>--drds-cores</c>.</summary>
    private static string OptionOf(string field) => "--" + Capital().Replace(field, m => "-" + m.Value.ToLowerInvariant());

    private static Option<string> OneOf(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => words[0] };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
