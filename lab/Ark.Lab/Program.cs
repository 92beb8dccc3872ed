using Ark.Lab.Commands;
using Ark.Lab.Computer;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

Native.UsePlainFileModes();
var line = LabCommands.Root().Parse(args);
// Programs that run get the time to tidy up after themselves.
var code = await line.InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
return line.Errors.Count > 0 ? Terminal.WrongUsage : code;
