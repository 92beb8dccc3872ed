using Ark.Core.Sites;
using Ark.Remote.Ssh;
using Spectre.Console;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Output;

/// <summary>Shows in a terminal which machines are still waited for.</summary>
public static class CheckWaiting
{
    private const int Named = 5;

    /// <param name="work">Reports each machine as its connection stands or failed.</param>
    public static async Task<T> ShowAsync<T>(Site site, Func<IProgress<MachineConnection>?, Task<T>> work) =>
        Terminal.Error.Profile.Capabilities.Interactive
            ? await Terminal.Error.Status().StartAsync(Text.Asking, status => work(new Waiting(site, text => status.Status = Markup.Escape(text))))
            : await work(null);

    private sealed class Waiting(Site site, Action<string> show) : IProgress<MachineConnection>
    {
        private readonly List<string> _open = [.. Sites.Session.Addresses(site).Select(a => a.Host)];
        private readonly int _all = Sites.Session.Addresses(site).Count;
        private readonly Lock _lock = new();

        /// <summary>Called by any thread.</summary>
        public void Report(MachineConnection value)
        {
            lock (_lock)
            {
                _open.Remove(value.Address.Host);
                var names = string.Join(", ", _open.Take(Named)) + (_open.Count > Named ? " …" : "");
                show(_open.Count == 0 ? Text.Asking : string.Format(null, Text.Connecting, _all - _open.Count, _all, names));
            }
        }
    }
}
