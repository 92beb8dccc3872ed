using Ark.Web.Audit;
using Ark.Web.Data;
using Ark.Web.Layout;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Ark.Web.Backup;

/// <summary>
/// <c>backup FILE</c> and <c>restore FILE [--replace]</c>, before any other arguments of the host: <c>--ConnectionStrings:Ark …</c>. The service itself does not start.
/// Exit codes: 0 done, 1 not done and nothing changed, 2 wrong usage.
/// </summary>
public static class BackupCommand
{
    private const string Replace = "--replace";

    public static bool IsOne(IReadOnlyList<string> args) => args.Count > 0 && args[0] is "backup" or "restore";

    /// <param name="build">Makes the host of the remaining arguments: it knows the database.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Func<string[], WebApplication> build)
    {
        var verb = args[0];
        var replace = verb == "restore" && args.Contains(Replace);
        string[] rest = [.. args.Skip(1).Where(a => !replace || a != Replace)];
        if (rest.Length == 0 || rest[0].StartsWith('-'))
        {
            await Console.Error.WriteLineAsync($"Usage: {verb} FILE{(verb == "restore" ? $" [{Replace}]" : "")} [--ConnectionStrings:Ark …]");
            return 2;
        }

        await using var app = build(rest[1..]);
        var database = app.Services.GetRequiredService<Database>();
        var product = app.Services.GetRequiredService<Product>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, e) =>
        {
            e.Cancel = true;
            stop.Cancel();
        };
        try
        {
            var (manifest, audit) = verb == "backup"
                ? await WriteBackup.RunAsync(database, product.Name, time, rest[0], stop.Token)
                : await RestoreBackup.RunAsync(database, product.Name, time, rest[0], replace, [typeof(WebHost).Assembly, product.Host], stop.Token);
            await Console.Error.WriteLineAsync($"{(verb == "backup" ? "Backed up" : "Restored")} {manifest.Tables.Sum(t => t.Rows)} rows of {manifest.Tables.Count} tables, as of {manifest.At:yyyy-MM-dd HH:mm:ss} UTC. {Say(audit)}");
            return 0;
        }
        catch (BackupException e)
        {
            await Console.Error.WriteLineAsync(e.Problem.ToString());
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped; nothing was changed.");
            return 130;
        }
    }

    private static string Say(ReadAudit.Verdict audit) => audit.Whole
        ? $"The audit's chain is whole: {audit.Entries} entries."
        : $"Take care: the audit's chain is broken at entry {audit.BrokenAt}, and was so when the backup was made.";
}
