using System.CommandLine;
using Ark.Console;
using Ark.Console.Commands;
using Ark.Console.Texts;

var root = new RootCommand("Ark deploys middleware on the machines of a site and keeps it running.")
{
    PrepareCommand.Create(),
    BaseCommand.Create(),
    ApplyCommand.CreatePlan(),
    ApplyCommand.CreateApply(),
    ApplyCommand.CreateStatus(),
    ScaleCommand.CreateScale(),
    RemoveCommand.CreateRestart(),
    ScaleCommand.CreateUpgrade(),
    ScaleCommand.CreateRollback(),
    RemoveCommand.CreateRemove(),
    MachineCommand.Create(),
    CatalogCommand.Create(),
    ImagesCommand.Create(),
    PackageCommand.Create(),
    SecretCommand.Create(),
    JournalCommand.Create(),
};
root.Add(SetupCommand.Create(root));
foreach (var option in GlobalOptions.All) root.Add(option);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Talk.Say($"error: {error.Message}");
    return ExitCode.Usage;
}

if (parsed.GetValue(GlobalOptions.Language) is { } language) Text.Language = Text.Parse(language);
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1), EnableDefaultExceptionHandler = false });
}
catch (OperationCanceledException)
{
    Talk.Say("interrupted");
    return ExitCode.Interrupted;
}
