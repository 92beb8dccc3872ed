using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>Where a machine's sshd listens.</summary>
/// <param name="Host">Address or name.</param>
public sealed record MachineAddress(string Host, int Port = 22)
{
    /// <summary>The host, with the port where it is not 22: <c>10.0.0.11</c>, <c>[10.0.0.11]:2222</c>; as known_hosts writes it.</summary>
    public override string ToString() => Port == 22 ? Host : $"[{Host}]:{Port}";
}

/// <summary>Who logs in, and with what; the key is tried first when both are given.</summary>
/// <param name="PrivateKeyPem">A private key as PEM text, without a passphrase.</param>
public sealed record Login(string User, Secret? Password, Secret? PrivateKeyPem)
{
    public static Login WithPassword(string user, Secret password) => new(user, password, null);

    public static Login WithKey(string user, SshKey key) => new(user, null, key.PrivateKeyPem);

    public bool IsRoot => User == "root";
}

/// <summary>How connections are made and watched.</summary>
public sealed record SshOptions
{
    /// <summary>More of them at once make a large site no faster: the console's processors have enough to do, and every connection in the making takes threads.</summary>
    public const int DefaultMachinesAtOnce = 64;

    /// <summary>Resolving, connecting, key exchange and login together.</summary>
    public TimeSpan ConnectDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections that are made at once where many machines are connected to.</summary>
    public int MachinesAtOnce { get; init; } = DefaultMachinesAtOnce;

    /// <summary>
    /// While a command or stream is under way, how often the machine is asked for a sign of life; also the age from which on an idle
    /// connection is proven before it is used again.
    /// </summary>
    public TimeSpan PulseInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the answer may take before the connection counts as lost. A short cut of the network is survived.</summary>
    public TimeSpan PulseDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Sessions used at once on one connection. OpenSSH allows 10; one is left for signs of life, one for ending what was cancelled.</summary>
    public int SessionsPerConnection { get; init; } = 8;

    /// <summary>How many of them streams may take on the connection that commands use; further streams get connections of their own.</summary>
    public int StreamsBesideCommands { get; init; } = 4;

    /// <summary>
    /// Key exchanges offered first. Curve25519 costs a quarter of OpenSSH's post-quantum default in time; that stays on offer after
    /// these, so give an empty list to prefer it.
    /// </summary>
    public IReadOnlyList<string> KeyExchangesFirst { get; init; } = ["curve25519-sha256", "curve25519-sha256@libssh.org"];

    /// <summary>Ciphers offered first. AES-GCM more than doubles the speed of uploads on processors with AES instructions.</summary>
    public IReadOnlyList<string> CiphersFirst { get; init; } = ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com"];
}
