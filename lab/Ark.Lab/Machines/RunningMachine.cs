using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Ark.Lab.Computer;
using Ark.Lab.Labs;

namespace Ark.Lab.Machines;

/// <summary>What a machine is doing.</summary>
internal enum MachineState { Stopped, Booting, Running }

/// <summary>Looks at a machine from outside.</summary>
internal static class RunningMachine
{
    /// <summary>The computer's process that keeps the machine, or null.</summary>
    public static int? Supervisor(Machine machine) =>
        ReadPid(Path.Combine(machine.Folder, "supervisor.pid")) is { } pid && Processes.Arguments(pid).Contains(SuperviseScript(machine.Lab)) ? pid : null;

    /// <summary>The machine's process 1 as this computer numbers it; null while it is off or between two boots.</summary>
    public static int? Leader(Machine machine)
    {
        if (Supervisor(machine) is null || ReadPid(Path.Combine(machine.Folder, "boot.pid")) is not { } boot)
            return null;
        return Processes.Children(boot).Where(Processes.IsFirstOfItsNamespace).Select(p => (int?)p).FirstOrDefault();
    }

    /// <summary>Running means: systemd has started what it was to start, and sshd answers on the machine's address (not asked while it is cut off).</summary>
    /// <param name="patient">Lets the question take up to ten seconds while systemd is still busy, instead of answering at once.</param>
    public static async Task<MachineState> StateAsync(Machine machine, bool patient, CancellationToken cancellation)
    {
        if (Leader(machine) is not { } leader)
            return Supervisor(machine) is null ? MachineState.Stopped : MachineState.Booting;
        string[] question = patient ? ["timeout", "10", "systemctl", "is-system-running", "--wait"] : ["systemctl", "is-system-running"];
        var system = await Programs.RunAsync([.. Enter(leader), .. question], cancellation);
        if (system.Output.Trim() is not ("running" or "degraded"))
            return MachineState.Booting;
        return IsCut(machine) || await AnswersAsync(machine) ? MachineState.Running : MachineState.Booting;
    }

    public static bool IsCut(Machine machine) => File.Exists(machine.CutFile);

    /// <summary>The beginning of a command line that runs the rest of it as root inside a machine.</summary>
    public static IReadOnlyList<string> Enter(int leader, string user = "root") =>
        ["nsenter", "--target", leader.ToString(CultureInfo.InvariantCulture), "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root",
            "env", "--ignore-environment", $"--chdir={(user == "root" ? "/root" : "/home/" + user)}", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
            $"TERM={Environment.GetEnvironmentVariable("TERM") ?? "dumb"}", $"HOME={(user == "root" ? "/root" : "/home/" + user)}", $"USER={user}", $"LOGNAME={user}",
            .. user == "root" ? Array.Empty<string>() : ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", "--"]];

    internal static string SuperviseScript(LabDefinition lab) => Path.Combine(lab.Folder, "supervise.sh");

    /// <summary>True when sshd greets. The question is asked from the switch, by a thread that has entered its namespace and does not come back.</summary>
    private static Task<bool> AnswersAsync(Machine machine)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => answer.SetResult(Greets(machine))) { IsBackground = true };
        thread.Start();
        return answer.Task;
    }

    private static bool Greets(Machine machine)
    {
        try
        {
            Native.EnterNetwork("/run/netns/" + machine.Lab.Switch);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 2000, SendTimeout = 2000 };
            socket.Connect(IPAddress.Parse(machine.Address), 22);
            var greeting = new byte[4];
            return socket.Receive(greeting) == 4 && Encoding.ASCII.GetString(greeting) == "SSH-";
        }
        catch (Exception e) when (e is SocketException or IOException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static int? ReadPid(string file)
    {
        try
        {
            return int.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
