using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Whether Ark gets onto the machines, and as whom.</summary>
public static class AccessChecks
{
    public static readonly IReadOnlyList<Check> All =
    [
        new("machine-answers", null, CheckGroup.Access, "The machine answers and tells its facts", scope => scope.Machines.Select(Answers)),
        Of("login-not-root", 4, CheckGroup.Access, "The login is an account of its own, not root", m => m.Security, (_, _, security) => security.Root
            ? Warn("the login is root", "an account with sudo", "machine_user is root: whoever works there does so without a trace of who it was.",
                "write another machine_user into ark.properties, then: ark prepare")
            : Pass("the login is not root")),
        Of("sudo-without-password", 4, CheckGroup.Access, "The login becomes root without a question", m => m.Security, Sudo),
        Sshd("sshd-keys", "The SSH server accepts keys", "PubkeyAuthentication", now => now == "yes", "yes", Verdict.Fail, "Ark logs in with the site's key, which this server refuses."),
        Sshd("sshd-sessions", "The SSH server allows enough sessions a connection",
            "MaxSessions", now => AtLeast(now, 10), "10", Verdict.Warning, "Ark runs up to 8 commands over one connection; one more than allowed hangs."),
        Sshd("sshd-startups", "The SSH server lets enough logins start at once",
            "MaxStartups", now => AtLeast(now.Split(':')[0], 10), "10:30:100", Verdict.Warning, "With several consoles at work the server drops logins at random."),
        Sshd("sshd-names", "The SSH server looks up no names at a login", "UseDNS", now => now == "no", "no", Verdict.Warning, "Where no name server answers, every login waits for it."),
    ];

    private static Finding Answers(HostFacts machine)
    {
        object?[] sections =
        [
            machine.Os, machine.Cpu, machine.Memory, machine.Clock, machine.Names, machine.Network, machine.Security, machine.Limits, machine.Sysctls, machine.Modules, machine.Storage, machine.Software,
            machine.Listeners,
        ];
        var told = sections.Count(s => s is not null);
        return machine.Unreached is not null || told == 0 ? Unknown(machine) : Pass($"{told} of {sections.Length} sections of facts") with { Machine = machine.Machine };
    }

    private static Finding Sudo(CheckScope scope, HostFacts machine, SecurityFacts security) => security switch
    {
        { Root: true } => NotApplicable("the login is root"),
        { SudoWithoutPassword: true } => Pass($"sudo -n works for {scope.Site.MachineUser}"),
        { SudoWithoutPassword: false } => Fail($"sudo asks {scope.Site.MachineUser} for a password", "sudo without a password",
            "Ark's steps run with sudo, and nobody is there to answer.", $"echo '{scope.Site.MachineUser} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/zz-ark && chmod 440 /etc/sudoers.d/zz-ark"),
        _ => Untold(machine, "whether sudo asks for a password"),
    };

    private static Check Sshd(string id, string title, string setting, Func<string, bool> good, string wanted, Verdict wrong, string cause) =>
        Of(id, null, CheckGroup.Access, title, m => m.Security?.Sshd?.GetValueOrDefault(setting.ToLowerInvariant()), (_, machine, now) => good(now)
            ? Pass($"{setting} {now}")
            : new("", wrong, $"{setting} {now}", $"{setting} {wanted}", cause, $"sed -i '1i {setting} {wanted}' /etc/ssh/sshd_config && systemctl reload {OsFamilies.SshUnit(machine)}") { Fix = new SetSshd(setting, wanted, now) });

    private static bool AtLeast(string text, int least) => int.TryParse(text, out var number) && number >= least;
}
