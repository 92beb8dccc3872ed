using Ark.Lab.Commands;
using Ark.Lab.Computer;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

Native.UsePlainFileModes();
var line = LabCommands.Root().Parse(args);
var code = await line.InvokeAsync();
return line.Errors.Count > 0 ? Terminal.WrongUsage : code;
