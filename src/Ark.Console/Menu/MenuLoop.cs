using Ark.Console.Texts;

namespace Ark.Console.Menu;

/// <summary>Shows a menu, reads what a person types, runs what it equals. Ends with the input, or with q in the first menu.</summary>
public sealed class MenuLoop(TextReader input, TextWriter output, Func<IReadOnlyList<string>, Task<int>> run)
{
    public async Task<int> RunAsync(MenuEntry menu, CancellationToken cancellation)
    {
        var last = ExitCode.Done;
        while (true)
        {
            Show(menu);
            if (await ReadAsync(Text.Choose, cancellation) is not { } typed || typed is "q" or "b") return last;
            var entry = menu.Entries.FirstOrDefault(e => e.Key == typed || e.Title == typed);
            if (entry is null) output.WriteLine(string.Format(null, Text.NoSuchEntry, typed));
            else last = entry.Entries.Count > 0 ? await RunAsync(entry, cancellation) : await RunCommandsAsync(entry, cancellation);
        }
    }

    private void Show(MenuEntry menu)
    {
        output.WriteLine();
        output.WriteLine(menu.Title);
        foreach (var entry in menu.Entries) output.WriteLine($"  {entry.Key}  {entry.Title}");
        if (menu.Entries.Count == 0) output.WriteLine("  " + Text.NothingHere);
        output.WriteLine(menu.Key.Length == 0 ? "  q  " + Text.Quit : "  b  " + Text.Back);
    }

    private async Task<int> RunCommandsAsync(MenuEntry entry, CancellationToken cancellation)
    {
        var last = ExitCode.Done;
        foreach (var command in entry.Commands)
        {
            output.WriteLine("$ ark " + string.Join(' ', command));
            if (entry.AskEach && await ReadAsync("y/n", cancellation) is not ("y" or "Y")) continue;
            last = await run(command);
            if (last == ExitCode.Done) continue;
            output.WriteLine(string.Format(null, Text.Failed, last));
            break;
        }

        return last;
    }

    private async Task<string?> ReadAsync(string prompt, CancellationToken cancellation)
    {
        await output.WriteAsync(prompt + " > ");
        await output.FlushAsync(cancellation);
        return (await input.ReadLineAsync(cancellation))?.Trim();
    }
}
