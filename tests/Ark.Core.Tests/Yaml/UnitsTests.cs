using Ark.Core.Yaml;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Yaml;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("1024", 1024L)]
    [InlineData("1K", 1024L)]
    [InlineData("128M", 134_217_728L)]
    [InlineData("128mb", 134_217_728L)]
    [InlineData("128MiB", 134_217_728L)]
    [InlineData("1.5G", 1_610_612_736L)]
    [InlineData("2T", 2_199_023_255_552L)]
    public void Sizes_count_in_1024(string text, long bytes) => Assert.Equal(bytes, Units.Size(text));

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1M")]
    [InlineData("1P")]
    [InlineData("1 M")]
    [InlineData("1M\n")]
    [InlineData("9999999999999999999T")]
    [InlineData("9999999T")]
    public void What_is_no_size_is_none(string text) => Assert.Null(Units.Size(text));

    [Theory]
    [InlineData("2s", 2000)]
    [InlineData("500ms", 500)]
    [InlineData("1m30s", 90_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("1h2m3s4ms", 3_723_004)]
    [InlineData("0s", 0)]
    public void Durations_are_as_in_Compose(string text, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Units.Duration(text));

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("30 s")]
    [InlineData("-1s")]
    [InlineData("1s1m")]
    [InlineData("1d")]
    [InlineData("999999999h")]
    [InlineData("99999999999999999999h")]
    [InlineData("1s\n")]
    public void What_is_no_duration_is_none(string text) => Assert.Null(Units.Duration(text));

    [Fact]
    public void Every_size_that_is_written_is_read_again() =>
        Gen.Long[0, long.MaxValue / 4096].Sample(bytes => Units.Size(Units.Write(bytes)) == bytes);

    [Fact]
    public void Every_duration_that_is_written_is_read_again() =>
        Gen.Long[0, 365L * 24 * 3_600_000].Sample(ms => Units.Duration(Units.Write(TimeSpan.FromMilliseconds(ms))) == TimeSpan.FromMilliseconds(ms));
}
