using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Ark.Panama.Features.Baselines;

/// <summary>The settings under <c>Git</c>.</summary>
public sealed record GitSettings
{
    /// <summary>Where mirrors are kept; by default beside the data.</summary>
    public required string Folder { get; init; }

    /// <summary>Addresses with <c>file://</c> are read from below this folder, and from nowhere if it is not set.</summary>
    public string? LocalFolder { get; init; }

    /// <summary>Hosts that may be asked whatever their address is, loopback too.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The longest time for one mirror.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The biggest mirror, in bytes.</summary>
    public long MaxBytes { get; init; } = 512L << 20;

    public static GitSettings Of(IConfiguration configuration)
    {
        var section = configuration.GetSection("Git");
        return new()
        {
            Folder = Path.GetFullPath(section["Folder"] ?? BesideData(configuration.GetConnectionString("Ark") ?? "")),
            LocalFolder = section["LocalFolder"] is { Length: > 0 } local ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(local)) : null,
            AllowedHosts = (section["AllowedHosts"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Deadline = TimeSpan.FromSeconds(Number(section["DeadlineSeconds"], 120)),
            MaxBytes = Number(section["MaxMegabytes"], 512) << 20,
        };
    }

    private static string BesideData(string connection)
    {
        if (connection.Contains("Data Source=", StringComparison.OrdinalIgnoreCase))
            return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(new SqliteConnectionStringBuilder(connection).DataSource))!, "git");
        return Path.Combine(Environment.GetEnvironmentVariable("ARK_ROOT") ?? ".", ".ark", "panama", "git");
    }

    private static long Number(string? text, long otherwise) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;
}
