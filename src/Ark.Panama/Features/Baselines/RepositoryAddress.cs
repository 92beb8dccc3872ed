using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Ark.Core;

namespace Ark.Panama.Features.Baselines;

/// <summary>
/// Where a repository may be: <c>https</c>, <c>ssh</c>, and <c>file</c> below the folder for it. What could be read as an option or a command by git,
/// holds a password, or leads to this machine or to a cloud's metadata is refused.
/// </summary>
public static partial class RepositoryAddress
{
    private const int MaxLength = 500;
    private const string Example = "write for example https://git.shop.example/ark/baselines.git or ssh://git@git.shop.example/ark/baselines.git";

    /// <summary>The address as git is given it, or what is wrong with it; names are not looked up yet.</summary>
    public static Outcome<Uri> Parse(string? text, GitSettings settings)
    {
        var written = text?.Trim() ?? "";
        if (written.Length is 0 or > MaxLength)
            return Wrong(written.Length == 0 ? "missing-value" : "too-long", written.Length == 0 ? "url has no value." : $"url is longer than {MaxLength} characters.", Example);
        if (!Harmless().IsMatch(written) || written.Contains("::", StringComparison.Ordinal) || !Uri.TryCreate(written, UriKind.Absolute, out var uri))
            return Wrong("bad-url", "That is no address of a repository.", Example);
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            return Wrong("bad-url", "The address has a query or a fragment, which a repository's has not.", Example);
        return uri.Scheme switch
        {
            "file" => Local(written, uri, settings),
            "https" or "ssh" => Remote(uri, settings),
            _ => Wrong("bad-url", $"Repositories are read by https and ssh, not by {uri.Scheme}.", Example),
        };
    }

    /// <summary>
    /// The addresses of the host, each of them one that may be asked; empty where none needs to be looked up. Git is then given these, so that the
    /// name cannot mean another machine a moment later.
    /// </summary>
    public static async Task<Outcome<IReadOnlyList<IPAddress>>> ResolveAsync(Uri uri, GitSettings settings, CancellationToken cancellation)
    {
        if (uri.IsFile || Allowed(uri, settings))
            return Outcome<IReadOnlyList<IPAddress>>.Of([]);
        IPAddress[] addresses;
        try
        {
            addresses = await Dns.GetHostAddressesAsync(uri.IdnHost, cancellation);
        }
        catch (SocketException)
        {
            addresses = [];
        }

        if (addresses.Length == 0)
            return Outcome<IReadOnlyList<IPAddress>>.Fail(new Problem("unknown-host", "url", $"The name {uri.Host} has no address here.", "mend the address, or the name service of the machine that Panama runs on"));
        return addresses.Any(IsOwn) ? Outcome<IReadOnlyList<IPAddress>>.Fail(OwnAddress(uri)) : Outcome<IReadOnlyList<IPAddress>>.Of(addresses);
    }

    /// <summary>Of this machine, of its link, of a cloud's metadata, or no machine's at all.</summary>
    public static bool IsOwn(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            if (address.IsIPv4MappedToIPv6 || Nat64.AsSpan().SequenceEqual(bytes.AsSpan(0, 12)))
                return IsOwn(new IPAddress(bytes.AsSpan(12)));
            return IPAddress.IsLoopback(address) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.Equals(Metadata6);
        }

        return bytes[0] is 0 or 127 or >= 224 || bytes is [169, 254, ..] or [100, 100, 100, 200] or [168, 63, 129, 16];
    }

    private static IPAddress Metadata6 { get; } = IPAddress.Parse("fd00:ec2::254");

    private static byte[] Nat64 { get; } = IPAddress.Parse("64:ff9b::").GetAddressBytes()[..12];

    private static Outcome<Uri> Local(string written, Uri uri, GitSettings settings)
    {
        if (settings.LocalFolder is not { } folder)
            return Wrong("bad-url", "Folders of this machine are not read.", "use https or ssh; or set Git:LocalFolder to the folder that holds repositories");
        var path = Path.GetFullPath(uri.LocalPath);
        if (uri.Host.Length > 0 || written.Contains('%', StringComparison.Ordinal) || !path.StartsWith(folder + "/", StringComparison.Ordinal))
            return Wrong("bad-url", "The folder lies outside of the one for repositories.", "name one below the setting Git:LocalFolder, as file:///folder/name.git");
        return Outcome<Uri>.Of(new Uri("file://" + path));
    }

    private static Outcome<Uri> Remote(Uri uri, GitSettings settings)
    {
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal) || (uri.Scheme == "https" && uri.UserInfo.Length > 0))
            return Wrong("clear-secret", "The address holds an account or a password, and Panama keeps no secret.", "leave it out; for private repositories use ssh with a key of the account that Panama runs as");
        if (uri.UserInfo.Length > 0 && !User().IsMatch(uri.UserInfo))
            return Wrong("bad-url", "The account in the address is not one.", Example);
        var literal = IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address);
        if (!literal && !Host().IsMatch(uri.IdnHost))
            return Wrong("bad-url", "The host in the address is not one.", Example);
        if (uri.AbsolutePath.Length < 2 || uri.AbsolutePath.StartsWith("/-", StringComparison.Ordinal))
            return Wrong("bad-url", "The address names no repository of that host.", Example);
        var own = literal ? IsOwn(address!) : uri.IdnHost.TrimEnd('.').Split('.')[^1].Equals("localhost", StringComparison.OrdinalIgnoreCase);
        return own && !Allowed(uri, settings) ? Outcome<Uri>.Fail(OwnAddress(uri)) : Outcome<Uri>.Of(uri);
    }

    private static bool Allowed(Uri uri, GitSettings settings) => settings.AllowedHosts.Contains(uri.IdnHost.Trim('[', ']'), StringComparer.OrdinalIgnoreCase);

    private static Problem OwnAddress(Uri uri) =>
        new("own-address", "url", $"{uri.Host} leads to this machine, to its link or to a cloud's metadata.", "if it is meant, name the host in the setting Git:AllowedHosts");

    private static Outcome<Uri> Wrong(string code, string message, string remedy) => Outcome<Uri>.Fail(new Problem(code, "url", message, remedy));

    /// <summary>No blanks, quotes, control characters or backslashes; nothing that begins as an option does.</summary>
    [GeneratedRegex(@"\A[a-z][a-z0-9+.-]*://[A-Za-z0-9._~:/?#@%+,=\[\]\p{L}-]+\z")]
    private static partial Regex Harmless();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\z")]
    private static partial Regex User();

    [GeneratedRegex(@"\A[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?\z")]
    private static partial Regex Host();
}
