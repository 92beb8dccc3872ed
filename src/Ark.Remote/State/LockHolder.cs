using System.Globalization;

namespace Ark.Remote.State;

/// <summary>Who holds the site: a process of a console.</summary>
/// <param name="Who">For people: <c>ops@client1, process 4711</c>.</param>
/// <param name="Host">One running system and its set of process numbers; the same text only there.</param>
/// <param name="Process">Number and start of the process, so that a number used again is another process.</param>
public sealed record LockHolder(string Who, string Host, string Process)
{
    /// <summary>This process; the person is the one who called sudo, if anybody did.</summary>
    public static LockHolder Current()
    {
        var id = Environment.ProcessId;
        var person = Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } caller ? caller : Environment.UserName;
        return new($"{person}@{Environment.MachineName}, process {id.ToString(CultureInfo.InvariantCulture)}", ThisHost(), Started(id) ?? "");
    }

    /// <summary>True where the other ran on this very system and does not any more. False proves nothing.</summary>
    public bool KnowsDead(LockHolder other)
    {
        if (other.Host.Length == 0 || other.Host != Host || other.Process.Length == 0)
            return false;
        return !int.TryParse(other.Process.Split('/')[0], CultureInfo.InvariantCulture, out var id) || Started(id) != other.Process;
    }

    /// <summary>Boot, process namespace and host name.</summary>
    private static string ThisHost()
    {
        var boot = Read("/proc/sys/kernel/random/boot_id");
        var space = new FileInfo("/proc/self/ns/pid").LinkTarget;
        return boot is null || space is null ? "" : $"{Environment.MachineName}/{boot.Trim()}/{space}";
    }

    private static string? Started(int process)
    {
        // The 22nd field, in ticks since boot; the second, the program's name, may hold spaces and stands in brackets. A zombie has ended.
        var fields = Read($"/proc/{process}/stat") is { } stat ? stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return fields.Length > 19 && fields[0] is not ("Z" or "X") ? $"{process.ToString(CultureInfo.InvariantCulture)}/{fields[19]}" : null;
    }

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
