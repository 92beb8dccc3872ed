using System.Diagnostics;
using System.Text.Json;
using Ark.Console;
using Xunit;

namespace Ark.Tests.Sizing;

/// <summary>The program itself.</summary>
public sealed class SizeCommandTests
{
    [Theory]
    [InlineData("--products", "EDAS+MQ")]
    [InlineData("--products", "EDAS+MQ+DRDS+GTS+CSB+ARMS", "--messages", "50000", "--qps", "250000", "--tps", "90000", "--fast-logs", "--edas-nodes", "80")]
    [InlineData("--products", "EDAS", "MQ", "CSB", "--mode", "vm", "--purpose", "poc")]
    [InlineData("--products", "DRDS", "--edition", "trial", "--purpose", "poc", "--lang", "zh-CN")]
    public void A_plan_is_readable_in_100_columns(params string[] arguments)
    {
        var size = Ark(["size", .. arguments]);
        Assert.Equal((ExitCode.Done, ""), (size.Exit, size.Error));
        Assert.All(size.Out.Split('\n'), line => Assert.True(line.Length <= 100, line));
    }

    [Fact]
    public void The_headings_are_in_the_persons_language()
    {
        Assert.Contains("What stands on them", Ark("size", "--products", "EDAS+MQ", "--lang", "en").Out, StringComparison.Ordinal);
        Assert.Contains("其上部署", Ark("size", "--products", "EDAS+MQ", "--lang", "zh-CN").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_has_every_number_with_its_rules_and_sizes_in_bytes()
    {
        var plan = JsonDocument.Parse(Ark("size", "--products", "EDAS+MQ+DRDS(DBPaaS)+CSB+ARMS", "--format", "json").Out).RootElement;
        Assert.Equal((11, 14, "published"), (plan.GetProperty("machines").GetProperty("value").GetInt64(), plan.GetProperty("machines").GetProperty("or").GetInt64(), plan.GetProperty("machines").GetProperty("origin").GetString()));
        Assert.Equal(("physical", "standard", "production"), (plan.GetProperty("mode").GetString(), plan.GetProperty("edition").GetString(), plan.GetProperty("purpose").GetString()));
        Assert.Equal(192L << 30, plan.GetProperty("machineTypes")[0].GetProperty("type").GetProperty("memoryBytes").GetInt64());
        var known = plan.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToHashSet();
        Assert.All(plan.GetProperty("instances").EnumerateArray().SelectMany(i => i.GetProperty("count").GetProperty("rules").EnumerateArray()), r => Assert.Contains(r.GetString(), known));
    }

    [Fact]
    public void What_is_wrong_is_told_all_at_once_by_option_and_exits_with_2()
    {
        var size = Ark("size", "--products", "EDSA+MQ", "--messages", "0", "--drds-cores", "8");
        Assert.Equal((ExitCode.Usage, ""), (size.Exit, size.Out));
        Assert.Equal(
            [
                "error: --products: There is no product 'EDSA'. [unknown-product] → did you mean 'EDAS'?",
                "error: --messages: 0 is no load. [bad-load] → a whole number from 1 to 100000000, or leave it out",
                "error: --drds-cores: It is DRDS's, which is not among the products. [no-such-product-in-mix] → add DRDS, or leave it out",
            ],
            size.Error.TrimEnd().Split('\n'));
        Assert.Equal(ExitCode.Usage, Ark("size").Exit);
        Assert.Equal(ExitCode.Usage, Ark("size", "--products", "MQ", "--mode", "cloud").Exit);
    }

    [Fact]
    public void A_product_without_a_size_is_warned_of_on_stderr()
    {
        var size = Ark("size", "--products", "EDAS+MQ+HiTSDB", "--format", "json");
        Assert.Equal(ExitCode.Done, size.Exit);
        Assert.StartsWith("warning: --products: §5 has no size for HiTSDB", size.Error, StringComparison.Ordinal);
        Assert.Equal("EDAS+MQ", JsonDocument.Parse(size.Out).RootElement.GetProperty("row").GetString());
    }

    private static (int Exit, string Out, string Error) Ark(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ark"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
