using System.CommandLine;
using Ark.Console;
using Ark.Console.Commands;

var root = new RootCommand("Ark deploys middleware on the machines of a site and keeps it running.")
{
    ImagesCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Talk.Say($"error: {error.Message}");
    return ExitCode.Usage;
}
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1), EnableDefaultExceptionHandler = false };
try
{
    return await parsed.InvokeAsync(configuration);
}
catch (OperationCanceledException)
{
    Talk.Say("interrupted");
    return ExitCode.Interrupted;
}
