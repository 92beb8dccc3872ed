using System.Text.Json.Serialization;
using Ark.Lab.Labs;
using Ark.Lab.Machines;

namespace Ark.Lab.Operations;

/// <summary>A lab as it is now: what <c>status --format json</c> prints.</summary>
/// <param name="Switch">The network namespace from which machines can be reached.</param>
/// <param name="Clock">The address of the time server.</param>
internal sealed record LabReport(string Name, string Subnet, string Gateway, string Clock, string Switch, string User, string Password, IReadOnlyList<MachineReport> Machines)
{
    public static async Task<LabReport> ReadAsync(LabDefinition lab, CancellationToken cancellation) =>
        new(lab.Name, lab.Subnet, lab.Gateway, lab.Gateway, lab.Switch, LabDefinition.User, LabDefinition.Password,
            await Task.WhenAll(lab.All.Select(m => MachineReport.ReadAsync(m, cancellation))));
}

/// <summary>One machine as it is now.</summary>
/// <param name="State">running, booting or stopped.</param>
/// <param name="Cut">True while it is off the network.</param>
/// <param name="Pid">Its process 1, as this computer numbers it; null while it is off.</param>
/// <param name="Namespace">Its network namespace.</param>
/// <param name="Folder">Its disk (upper), Docker's data (docker), /data (data) and console.log.</param>
internal sealed record MachineReport(string Name, string Address, string State, bool Cut, int? Pid, string Namespace, string Folder)
{
    public static async Task<MachineReport> ReadAsync(Machine machine, CancellationToken cancellation) =>
        new(machine.Name, machine.Address, (await RunningMachine.StateAsync(machine, patient: false, cancellation)).ToString().ToLowerInvariant(), RunningMachine.IsCut(machine),
            RunningMachine.Leader(machine), machine.Namespace, machine.Folder);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(LabReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
