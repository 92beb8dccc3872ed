using Ark.Core;
using Ark.Lab.Computer;
using Ark.Lab.Labs;

namespace Ark.Lab.Machines;

/// <summary>The power switch of a machine, and the wait for what it does.</summary>
internal static class Power
{
    /// <summary>Between two looks; it grows, so that twenty machines are not asked all the time.</summary>
    private static readonly (TimeSpan First, TimeSpan Last) Pace = (TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1));

    /// <summary>Switches a machine on, if it is not, and returns at once.</summary>
    public static async Task OnAsync(Machine machine, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(machine.PowerFile, "on\n", cancellation);
        if (RunningMachine.Supervisor(machine) is null)
            await Detached.StartAsync(["bash", RunningMachine.SuperviseScript(machine.Lab), machine.Folder], LogFile(machine), cancellation);
    }

    /// <summary>Switches a machine off and waits until it is.</summary>
    /// <param name="hard">Pulls the plug: its processes are killed. Otherwise it shuts down in order.</param>
    public static async Task<Problem?> OffAsync(Machine machine, bool hard, TimeSpan patience, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(machine.PowerFile, "off\n", cancellation);
        if (RunningMachine.Leader(machine) is { } leader)
        {
            if (hard)
                Native.Kill(leader, Native.SigKill);
            else
                await Programs.RunAsync([.. RunningMachine.Enter(leader), "systemctl", "--no-block", "poweroff"], cancellation);
        }
        return await UntilAsync(() => Task.FromResult(RunningMachine.Supervisor(machine) is null), patience, cancellation) ? null
            : new("machine-does-not-stop", machine.Name, $"It was still running after {patience.TotalSeconds:0} s", $"./ark lab stop {machine.Name} --hard --name {machine.Lab.Name}");
    }

    /// <summary>Restarts a machine and waits until it runs again.</summary>
    /// <param name="hard">Pulls the plug and puts it back. Otherwise it shuts down in order.</param>
    public static async Task<Problem?> RebootAsync(Machine machine, bool hard, TimeSpan patience, CancellationToken cancellation)
    {
        if (RunningMachine.Leader(machine) is not { } before)
        {
            await OnAsync(machine, cancellation);
            return await ReadyAsync(machine, patience, cancellation);
        }
        if (hard)
            Native.Kill(before, Native.SigKill);
        else
            await Programs.RunAsync([.. RunningMachine.Enter(before), "systemctl", "--no-block", "reboot"], cancellation);
        return await UntilAsync(() => Task.FromResult(RunningMachine.Leader(machine) is { } now && now != before), patience, cancellation)
            ? await ReadyAsync(machine, patience, cancellation)
            : new("machine-does-not-stop", machine.Name, $"It had not gone down after {patience.TotalSeconds:0} s", $"./ark lab reboot {machine.Name} --hard --name {machine.Lab.Name}");
    }

    /// <summary>Waits until a machine that was switched on runs.</summary>
    public static async Task<Problem?> ReadyAsync(Machine machine, TimeSpan patience, CancellationToken cancellation)
    {
        var gone = 0;
        var ready = await UntilAsync(async () =>
        {
            var state = await RunningMachine.StateAsync(machine, patient: true, cancellation);
            gone = state == MachineState.Stopped ? gone + 1 : 0;
            return state == MachineState.Running || gone > 10;
        }, patience, cancellation);
        if (ready && gone == 0)
            return null;
        var fact = gone > 0 ? "It does not start" : $"It was not ready after {patience.TotalSeconds:0} s";
        return new("machine-not-ready", machine.Name, $"{fact}{LastWords(machine)}", $"read {Path.Combine(machine.Folder, "console.log")}, then ./ark lab up again");
    }

    private static string LogFile(Machine machine) => Path.Combine(machine.Folder, "supervise.log");

    private static string LastWords(Machine machine)
    {
        string[] logs = [LogFile(machine), Path.Combine(machine.Folder, "console.log")];
        var words = logs.Where(File.Exists).SelectMany(File.ReadLines).Select(l => l.Trim()).LastOrDefault(l => l.Length > 0);
        return words is null ? "" : $": {words}";
    }

    private static async Task<bool> UntilAsync(Func<Task<bool>> done, TimeSpan patience, CancellationToken cancellation)
    {
        var end = TimeProvider.System.GetTimestamp() + (long)(patience.TotalSeconds * TimeProvider.System.TimestampFrequency);
        for (var pause = Pace.First; !await done(); pause = pause * 1.2 < Pace.Last ? pause * 1.2 : Pace.Last)
        {
            if (TimeProvider.System.GetTimestamp() > end)
                return false;
            await Task.Delay(pause, cancellation);
        }
        return true;
    }
}
