using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Ark.Core;
using Ark.Web.Answers;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Ark.Web.Accounts;

/// <summary>Hashes of passwords (PBKDF2, HMAC-SHA512, salted) and of API tokens (SHA-256 of 256 random bits).</summary>
public static class Passwords
{
    /// <summary>What OWASP recommends for PBKDF2 with HMAC-SHA512 (Password Storage Cheat Sheet, 2023).</summary>
    public const int Iterations = 210_000;

    public const int MinLength = 10;

    /// <summary>Wrong passwords in a row after which an account is locked, and for how long.</summary>
    public const int Attempts = 5;

    public static readonly TimeSpan LockedFor = TimeSpan.FromMinutes(15);

    private static readonly PasswordHasher<Account> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Iterations }));
    private static readonly Lazy<string> Nobody = new(() => Hash(new(Random(16))));

    public static string Hash(Secret password) => Hasher.HashPassword(null!, password.Reveal());

    /// <summary>Takes the same time where there is no such account or it has no password.</summary>
    public static bool Matches(string? hash, Secret password)
    {
        var right = Hasher.VerifyHashedPassword(null!, hash ?? Nobody.Value, password.Reveal()) != PasswordVerificationResult.Failed;
        return right && hash is not null;
    }

    public static void Check(Fields fields, string field, string? password, string account)
    {
        if (password is null || password.Length < MinLength)
            fields.Add(field, "weak-password", $"A password has at least {MinLength} characters.", "write a sentence");
        else if (password.Length > 200)
            fields.Add(field, "too-long", "A password has at most 200 characters.");
        else if (password.Distinct().Count() < 5 || (account.Length > 3 && password.Contains(account, StringComparison.OrdinalIgnoreCase)))
            fields.Add(field, "weak-password", "The password is easy to guess: few different characters, or the account's name in it.", "write a sentence");
    }

    /// <summary>Random bytes as text that is safe in URLs.</summary>
    public static string Random(int bytes) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    public static string HashOfToken(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
