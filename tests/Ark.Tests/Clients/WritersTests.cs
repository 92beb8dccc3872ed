using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ark.Testing;
using Xunit;

namespace Ark.Tests.Clients;

/// <summary>The program that says what a site lost must itself be believed: here the losses are known beforehand.</summary>
public sealed class WritersTests
{
    [Fact]
    public async Task What_was_kept_is_found_and_nothing_is_left_behind()
    {
        await using var store = new ForgetfulStore();
        var report = await RunAsync(store, until: 15);
        Assert.Equal(("[]", "[]"), (Faults(report).Lost, Faults(report).Unread));
        Assert.True(report.GetProperty("acknowledged").GetInt32() >= 15);
        Assert.True(report.GetProperty("readBack").GetInt32() > 0);
        Assert.Equal(store.Addresses, report.GetProperty("verifiedThrough").EnumerateArray().Select(a => a.GetString()!));
        Assert.Equal(0, store.Left);
    }

    [Fact]
    public async Task A_write_that_was_acknowledged_and_is_not_there_or_not_as_written_is_lost()
    {
        await using var store = new ForgetfulStore { Keep = (serial, value) => serial switch { 3 => null, 5 => "5-something", _ => value } };
        Assert.Equal("[3,5]", Faults(await RunAsync(store, until: 8)).Lost);
    }

    [Fact]
    public async Task A_write_that_is_not_there_through_one_instance_is_lost()
    {
        await using var store = new ForgetfulStore();
        store.Shows = (port, serial) => serial != 4 || port == ForgetfulStore.PortOf(store.Addresses[0]);
        Assert.Equal("[4]", Faults(await RunAsync(store, until: 8)).Lost);
    }

    [Fact]
    public async Task A_reader_elsewhere_that_misses_what_was_acknowledged_is_told()
    {
        await using var store = new ForgetfulStore();
        store.Shows = (port, _) => port == ForgetfulStore.PortOf(store.Addresses[0]) || store.Came.Count > 20;
        Assert.NotEqual("[]", Faults(await RunAsync(store, until: 25)).Unread);
    }

    [Fact]
    public async Task The_instance_that_is_written_to_is_no_other_reader()
    {
        await using var store = new ForgetfulStore();
        store.Answers = port => port == ForgetfulStore.PortOf(store.Addresses[0]);
        var report = await RunAsync(store, until: 15);
        Assert.Equal(("[]", "[]"), (Faults(report).Lost, Faults(report).Unread));
        Assert.Equal(0, report.GetProperty("readBack").GetInt32());
    }

    [Fact]
    public async Task What_one_instance_refuses_is_unknown_and_the_writer_goes_on_to_another()
    {
        await using var store = new ForgetfulStore();
        store.Refuses = (port, serial) => serial >= 5 && port == ForgetfulStore.PortOf(store.Addresses[0]);
        var (lost, unread, unknown) = Faults(await RunAsync(store, until: 12));
        Assert.Equal(("[]", "[]"), (lost, unread));
        Assert.True(unknown >= 1);
        Assert.Contains((ForgetfulStore.PortOf(store.Addresses[1]), 12), store.Came);
    }

    [Fact]
    public async Task The_time_without_an_acknowledgement_is_the_gap()
    {
        await using var store = new ForgetfulStore();
        var refusing = new Stopwatch();
        store.Refuses = (_, serial) =>
        {
            if (serial == 5) refusing.Start();
            return serial >= 5 && refusing.Elapsed < TimeSpan.FromSeconds(2);
        };
        Assert.True((await RunAsync(store, until: 30)).GetProperty("longestGapSeconds").GetDouble() >= 2);
    }

    [Theory]
    [InlineData("no JSON")]
    [InlineData("""{"components":[{"component":"nonsense","addresses":["127.0.0.1:1"]}]}""")]
    public async Task Orders_that_are_not_understood_are_refused(string orders)
    {
        using var program = Start();
        await program.StandardInput.WriteLineAsync(orders);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, program.ExitCode);
    }

    private static (string Lost, string Unread, int Unknown) Faults(JsonElement report) =>
        (report.GetProperty("lost").GetRawText(), report.GetProperty("unread").GetRawText(), report.GetProperty("unknown").GetInt32());

    /// <summary>Writes to the store until a number has come; the report on it.</summary>
    private static async Task<JsonElement> RunAsync(ForgetfulStore store, long until)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var program = Start();
        var orders = new JsonObject
        {
            ["components"] = new JsonArray(new JsonObject { ["component"] = "edas-registry", ["addresses"] = new JsonArray([.. store.Addresses.Select(a => JsonValue.Create(a))]) }),
        };
        await program.StandardInput.WriteLineAsync(orders.ToJsonString());
        await program.StandardInput.FlushAsync(cancel);
        while (!store.Came.Any(c => c.Serial >= until) && !program.HasExited) await Task.Delay(50, cancel);
        program.StandardInput.Close();
        var error = program.StandardError.ReadToEndAsync(cancel);
        var output = await program.StandardOutput.ReadToEndAsync(cancel);
        await program.WaitForExitAsync(cancel);
        Assert.True(program.ExitCode == 0, await error);
        using var report = JsonDocument.Parse(output);
        return report.RootElement.GetProperty("components")[0].Clone();
    }

    private static Process Start()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var program = Path.Combine(Clone.Root, "tests", "Ark.Clients", "bin", configuration, "net10.0", "ark-clients.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }
}
