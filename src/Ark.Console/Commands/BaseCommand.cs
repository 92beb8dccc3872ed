using System.CommandLine;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Base;
using Ark.Core.Planning;
using Ark.Remote.Base;
using Ark.Remote.Images;
using Ark.Remote.State;

namespace Ark.Console.Commands;

/// <summary><c>ark base</c>: installs what every machine needs under the middleware, or brings it back to what it should be.</summary>
public static class BaseCommand
{
    public static Command Create()
    {
        var parts = new Option<BasePart[]>("--part") { Description = "Only these parts: kernel, docker, swarm, certificates, registry, mirror, labels, names.", AllowMultipleArgumentsPerToken = true };
        var renew = new Option<bool>("--renew") { Description = "Issue the registry's certificates anew." };
        var command = new Command("base", "Install or converge the base: Docker, Swarm, registry and mirror, certificates, labels, names.") { parts, renew, GlobalOptions.DryRun };
        command.SetAction((parsed, cancel) => RunAsync(parsed, parsed.GetValue(parts) ?? [], parsed.GetValue(renew), cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, BasePart[] parts, bool renew, CancellationToken cancellation)
    {
        var folder = parsed.SiteFolder();
        List<Problem> wrong = [.. Session.ReadSite(folder).Problems, .. (await ImageIndex.ReadAsync(folder.Images, cancellation)).Problems];
        if (wrong.Exists(p => p.Severity == Severity.Error)) return Talk.Problems(wrong, ExitCode.Usage);
        var keys = Passphrase.Find(parsed);
        if (!keys.Ok) return Talk.Problems(keys.Problems, ExitCode.Usage);
        var clear = SecretCommand.EncryptClear(folder, new(() => keys));
        if (clear.Any(p => p.Severity == Severity.Error)) return Talk.Problems(clear, ExitCode.Usage);
        var opened = await Session.OpenAsync(folder, cancellation);
        if (!opened.Ok) return Talk.Problems(opened.Problems, Session.ExitCodeOf(opened));
        await using var session = opened.Value;
        Talk.Problems([.. opened.Problems, .. session.Unreached], ExitCode.Done);

        async Task<Outcome<BaseRound>> Next(int round, CancellationToken cancel)
        {
            var world = await BaseWorld.GatherAsync(session, keys.Value, cancel);
            if (!world.Ok) return Outcome<BaseRound>.Fail(world.Problems);
            var plan = BasePlanner.Plan(world.Value.Request with { Parts = parts.Length == 0 ? null : parts.ToHashSet(), Renew = renew && round == 1 });
            if (!plan.Ok) return Outcome<BaseRound>.Fail(plan.Problems);
            return Outcome<BaseRound>.Of(new(world.Value.Swarm, plan.Value, async stop =>
                Execution.Tell(await Execution.RunAsync(plan.Value, new BaseSteps(world.Value.Tools).RunAsync, folder, "base", stop), "ark base")));
        }

        int? Ask(int round, Plan plan)
        {
            if (round == 1 && parsed.WantsJson()) System.Console.Out.WriteLine(PlanFile.Write(plan));
            if (round == 1 || !plan.IsEmpty) PlanView.Show(plan, Terminal.Error);
            if (parsed.IsDry() || plan.IsEmpty) return session.Unreached.Any(p => p.Severity == Severity.Error) ? ExitCode.Failed : ExitCode.Done;
            return round > 1 || Terminal.Confirm("Go on?", parsed.GetValue(GlobalOptions.Yes)) ? null : ExitCode.Failed;
        }

        return await BaseRounds.ConvergeAsync(Next, Ask, LockHolder.Current(), cancellation);
    }
}
