using System.Threading.Channels;
using Ark.Console.Texts;
using Ark.Remote.Execution;
using Spectre.Console;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Output;

/// <summary>Shows a run while it runs: a line a finished step, and in a terminal what is under way, with its age.</summary>
public sealed class RunView(int steps, TimeProvider time)
{
    private readonly Dictionary<string, DateTimeOffset> _running = [];
    private int _ended;

    /// <summary>Shows events until the channel is completed.</summary>
    public async Task ShowAsync(ChannelReader<RunEvent> events, IAnsiConsole console)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            await foreach (var e in events.ReadAllAsync()) Take(e, console);
            return;
        }

        await console.Status().StartAsync(Text.Starting, async status =>
        {
            while (await WaitAsync(events))
            {
                while (events.TryRead(out var e)) Take(e, console);
                status.Status = Markup.Escape(UnderWay(console.Profile.Width - 4));
            }
        });
    }

    /// <summary>False at the end; a second passes at most, so that ages move on.</summary>
    private async Task<bool> WaitAsync(ChannelReader<RunEvent> events)
    {
        var ready = events.WaitToReadAsync().AsTask();
        return await Task.WhenAny(ready, Task.Delay(TimeSpan.FromSeconds(1), time)) != ready || await ready;
    }

    private void Take(RunEvent e, IAnsiConsole console)
    {
        if (e.Moment == StepMoment.Started)
        {
            _running[e.Step] = e.At;
            return;
        }

        if (e.Moment == StepMoment.Progress)
        {
            console.MarkupLineInterpolated($"  {e.Step}: {Talk.PlainLines(e.Detail)}");
            return;
        }

        _running.Remove(e.Step);
        _ended++;
        var took = e.Took > TimeSpan.Zero ? $"  {e.Took.TotalSeconds:0.0} s" : "";
        switch (e.Moment)
        {
            case StepMoment.Done: console.MarkupLineInterpolated($"[green]✓[/] {e.Step}{took}"); break;
            case StepMoment.Failed: console.MarkupLineInterpolated($"[red]✗ {e.Step}{took}: {Talk.PlainLines(CheckWords.Say(e.Detail))}[/]"); break;
            default: console.MarkupLineInterpolated($"[yellow]- {string.Format(null, Text.StepSkipped, e.Step, CheckWords.Say(e.Detail))}[/]"); break;
        }
    }

    private string UnderWay(int width)
    {
        var now = time.GetUtcNow();
        var text = $"{_ended}/{steps}  " + string.Join(", ", _running.OrderBy(r => r.Value).Select(r => $"{r.Key} {(now - r.Value).TotalSeconds:0} s"));
        return text.Length <= width ? text : text[..Math.Max(0, width - 1)] + "…";
    }
}
