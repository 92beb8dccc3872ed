using System.CommandLine;
using Ark.Console;
using Ark.Console.Commands;
using Ark.Console.Texts;
using Ark.Remote.Execution;
using Ark.Remote.Ssh;
using Ark.Remote.Swarm;

var root = new RootCommand("Ark deploys middleware on the machines of a site and keeps it running.")
{
    PrepareCommand.Create(),
    CheckCommand.Create(),
    BaseCommand.Create(),
    ApplyCommand.CreatePlan(),
    ApplyCommand.CreateApply(),
    ApplyCommand.CreateStatus(),
    ApplyCommand.CreateDiff(),
    AddressesCommand.Create(),
    ScaleCommand.CreateScale(),
    RemoveCommand.CreateRestart(),
    ScaleCommand.CreateUpgrade(),
    ScaleCommand.CreateRollback(),
    RemoveCommand.CreateRemove(),
    MachineCommand.Create(),
    SizeCommand.Create(),
    CatalogCommand.Create(),
    ImagesCommand.Create(),
    PackageCommand.Create(),
    SecretCommand.Create(),
    JournalCommand.CreateJournal(),
    JournalCommand.CreateAudit(),
};
root.Add(SetupCommand.Create(root));
foreach (var option in GlobalOptions.All) root.Add(option);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Talk.Say($"error: {error.Message}");
    return ExitCode.Usage;
}

if (parsed.Unknown() is { } unknown)
{
    Talk.Say($"error: {unknown}");
    return ExitCode.Usage;
}

if (parsed.GetValue(GlobalOptions.Language) is { } language) Text.Language = Text.Parse(language);
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1), EnableDefaultExceptionHandler = false });
}
catch (RemoteException failure)
{
    return Talk.Problems([failure.Problem], ExitCode.Failed);
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
{
    return Talk.Problems([new("io", "", failure.Message, "look at the file or folder that it names, and at the space on the disk")], ExitCode.Failed);
}
catch (OperationCanceledException)
{
    Talk.Say(Text.Interrupted);
    return ExitCode.Interrupted;
}
catch (Exception failure) when (failure is SwarmException or StepException)
{
    // The cluster refused or went away outside of a plan's steps.
    Talk.Say(string.Format(null, Text.ErrorOf, CheckWords.Say(failure.Message)));
    return ExitCode.Failed;
}
