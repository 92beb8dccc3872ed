using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Ark.Web.Accounts;

/// <summary>
/// What the first set-up asks for, so that not whoever reaches the host first becomes its administrator: whoever sees the host's log knows it. Drawn anew at
/// each start, unless <c>SetUp:Code</c> is configured, as hosts that share a database need.
/// </summary>
public sealed class SetUpCode
{
    /// <summary>None that are easily taken for another.</summary>
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    public SetUpCode(IConfiguration configuration) => Text = configuration["SetUp:Code"] is { Length: > 0 } given
        ? given.Trim()
        : string.Join('-', Enumerable.Range(0, 4).Select(_ => RandomNumberGenerator.GetString(Letters, 5)));

    public string Text { get; }

    public bool Is(string? typed) => typed is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(typed.Trim()), Encoding.UTF8.GetBytes(Text));
}
