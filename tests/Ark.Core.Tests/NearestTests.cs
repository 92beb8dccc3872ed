using Xunit;

namespace Ark.Core.Tests;

public sealed class NearestTests
{
    private static readonly string[] Keys = ["count", "container", "dependsOn", "dnsNames", "ports", "proof"];

    [Theory]
    [InlineData("cuont", "count")]
    [InlineData("depends_on", "dependsOn")]
    [InlineData("PORT", "ports")]
    [InlineData("prof", "proof")]
    [InlineData("restart", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    public void What_was_probably_meant_is_found(string word, string? meant) => Assert.Equal(meant, Nearest.To(word, Keys));
}
