using System.CommandLine;
using Ark.Console.Menu;
using Ark.Console.Sites;
using Ark.Core.Tasks;

namespace Ark.Console.Commands;

/// <summary><c>ark setup</c>: the five-step menu that <c>bin/setup.sh</c> opens.</summary>
public static class SetupCommand
{
    /// <param name="root">Runs what a menu entry equals.</param>
    public static Command Create(RootCommand root)
    {
        var command = new Command("setup", "The five-step menu: prepare, check, base, network, deploy.");
        command.SetAction((parsed, cancel) =>
        {
            var folder = parsed.SiteFolder();
            var site = Session.ReadSite(folder);
            var line = site.Value?.Line ?? "3.1";
            var tasks = folder.TaskIds().Select(id => (id, TaskFiles.ReadText(folder, id) is { } text && TaskReader.Read(text, id) is { Ok: true } task && task.Value.Task.Baseline.EndsWith("3.0", StringComparison.Ordinal) ? "3.0" : line)).ToList();
            string[] folderOption = parsed.GetValue(GlobalOptions.Site) is { } directory ? ["--site", directory] : [];
            string[] passphrase = parsed.GetValue(GlobalOptions.PassphraseFile) is { } file ? ["--passphrase-file", file] : [];
            var loop = new MenuLoop(System.Console.In, System.Console.Out, arguments => root.Parse([.. arguments, .. folderOption, .. passphrase]).InvokeAsync(null, cancel));
            return loop.RunAsync(SetupMenu.Build(tasks), cancel);
        });
        return command;
    }
}
