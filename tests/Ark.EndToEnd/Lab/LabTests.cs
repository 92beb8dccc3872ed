using Xunit;

namespace Ark.EndToEnd.Lab;

/// <summary>A lab of two machines that the tests of this class share.</summary>
public sealed class TwoMachines : IAsyncLifetime
{
    public LabProgram Lab { get; } = LabProgram.New();

    public async ValueTask InitializeAsync() => await Lab.RunAsync("up", "--machines", "2");

    public async ValueTask DisposeAsync() => await Lab.RunAsync("down");
}

public sealed class LabTests(TwoMachines machines) : IClassFixture<TwoMachines>
{
    private readonly LabProgram _lab = machines.Lab;

    [Fact]
    public async Task A_machine_is_a_server_as_a_data_centre_hands_it_over()
    {
        var said = await _lab.InsideAsync("m2", """
            systemctl is-system-running; hostname; cat /sys/class/net/eth0/operstate /sys/class/net/eth1/operstate
            systemctl is-active ssh chrony; id -nG ops; passwd --status root | cut -d' ' -f2; sshd -T | grep permitrootlogin
            command -v docker dotnet || echo neither
            """);
        Assert.Equal(["running", "m2", "up", "up", "active", "active", "ops sudo", "L", "permitrootlogin no", "neither"], said.Split('\n'));
        Assert.True(await _lab.AnswersAsync("10.88.0.12"));
    }

    [Fact]
    public async Task Sudo_asks_for_the_password()
    {
        Assert.NotEqual(0, (await _lab.TryAsync(["exec", "m1", "--user", "ops", "--", "sudo", "-n", "true"])).ExitCode);
        var sudo = await _lab.TryAsync(["exec", "m1", "--user", "ops", "--", "sudo", "-S", "-p", "", "id", "-u"], "ark-lab-Pw1\n");
        Assert.Equal("0", sudo.Output);
    }

    [Fact]
    public async Task Machines_follow_the_clock_at_the_gateway() =>
        Assert.Contains("10.88.0.1", await _lab.InsideAsync("m1", "chronyc -n sources"), StringComparison.Ordinal);

    [Fact]
    public async Task Up_again_changes_nothing()
    {
        var before = await _lab.MachinesAsync();
        await _lab.RunAsync("up");
        Assert.Equal(before, await _lab.MachinesAsync());
        Assert.All(before, m => Assert.Equal("running", m.State));
    }

    [Fact]
    public async Task Exec_passes_input_output_and_exit_code()
    {
        var answer = await _lab.TryAsync(["exec", "m1", "--", "sh", "-c", "cat; echo oops >&2; exit 7"], "through\n");
        Assert.Equal(new LabAnswer(7, "through", "oops"), answer);
    }

    [Theory]
    [InlineData("reboot", "m1")]
    [InlineData("reboot", "m1", "--hard")]
    public async Task A_reboot_keeps_the_disk_and_loses_the_rest(params string[] reboot)
    {
        const string boot = "cat /proc/sys/kernel/random/boot_id";
        var before = await _lab.InsideAsync("m1", boot);
        var key = await _lab.InsideAsync("m1", "cat /etc/ssh/ssh_host_ed25519_key.pub");
        await _lab.InsideAsync("m1", "touch /root/kept /data/kept /var/lib/docker/kept; sync; ip link add br9 type bridge; sysctl -q -w net.ipv4.ip_forward=1");

        await _lab.RunAsync(reboot);

        Assert.NotEqual(before, await _lab.InsideAsync("m1", boot));
        Assert.Equal(key, await _lab.InsideAsync("m1", "cat /etc/ssh/ssh_host_ed25519_key.pub"));
        Assert.Equal("/data/kept\n/root/kept\n/var/lib/docker/kept", await _lab.InsideAsync("m1", "ls /data/kept /root/kept /var/lib/docker/kept"));
        Assert.Equal("0\nlost", await _lab.InsideAsync("m1", "cat /proc/sys/net/ipv4/ip_forward; ip link show br9 2>/dev/null || echo lost"));
    }

    [Fact]
    public async Task A_setting_of_the_one_kernel_does_not_survive_a_reboot_unless_the_machine_sets_it()
    {
        const string setting = "/proc/sys/vm/vfs_cache_pressure";
        var before = await _lab.InsideAsync("m2", $"cat {setting}");
        await _lab.InsideAsync("m2", $"echo 137 > {setting}");
        await _lab.RunAsync("reboot", "m2");
        Assert.Equal(before, await _lab.InsideAsync("m2", $"cat {setting}"));

        await _lab.InsideAsync("m2", "echo vm.vfs_cache_pressure=138 > /etc/sysctl.d/test.conf");
        await _lab.RunAsync("reboot", "m2");
        Assert.Equal("138", await _lab.InsideAsync("m2", $"cat {setting}; rm /etc/sysctl.d/test.conf; echo {before} > {setting}"));
    }

    [Fact]
    public async Task A_machine_that_is_cut_off_is_so_until_it_is_healed()
    {
        await _lab.RunAsync("cut", "m2");
        Assert.False(await _lab.AnswersAsync("10.88.0.12"));
        Assert.True(await _lab.AnswersAsync("10.88.0.11"));
        Assert.True((await _lab.MachinesAsync())[1].Cut);
        Assert.Equal("down\ndown", await _lab.InsideAsync("m2", "cat /sys/class/net/eth?/operstate | sed s/lowerlayerdown/down/"));

        await _lab.RunAsync("reboot", "m2");
        Assert.False(await _lab.AnswersAsync("10.88.0.12"));

        await _lab.RunAsync("heal", "m2");
        Assert.True(await _lab.AnswersAsync("10.88.0.12"));
        Assert.False((await _lab.MachinesAsync())[1].Cut);
    }

    [Fact]
    public async Task A_machine_that_is_off_stays_off_until_it_is_started()
    {
        await _lab.RunAsync("stop", "m2", "--hard");
        Assert.Equal(("m2", "stopped", false, null), (await _lab.MachinesAsync())[1]);
        Assert.Contains("ark lab start m2", (await _lab.TryAsync(["exec", "m2", "--", "true"])).Error, StringComparison.Ordinal);
        await _lab.RunAsync("start", "m2");
        Assert.Equal("running", (await _lab.MachinesAsync())[1].State);
    }

    [Fact]
    public async Task Two_labs_with_the_same_addresses_stand_side_by_side_and_leave_nothing()
    {
        var other = LabProgram.New();
        var links = await LabProgram.LinksAsync();
        var first = await _lab.MachinesAsync();
        await _lab.InsideAsync("m1", "touch /root/first");
        try
        {
            await other.RunAsync("up", "--machines", "1");
            Assert.Equal("none", await other.InsideAsync("m1", "ls /root/first 2>/dev/null || echo none"));
            Assert.True(await other.AnswersAsync("10.88.0.11"));
            Assert.False(await other.AnswersAsync("10.88.0.12"));
            Assert.DoesNotContain((await LabProgram.LinksAsync()).Except(links), l => l is "lan" or "trunk" || l.StartsWith("m1-", StringComparison.Ordinal));
            Assert.NotEmpty(await other.TracesAsync());

            await other.RunAsync("up", "--machines", "2");
            Assert.True(await other.AnswersAsync("10.88.0.12"));
            using var watcher = other.Start("exec", "--net", "--", "sleep", "1000");
            await other.RunAsync("down");
            await watcher.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            await other.RunAsync("down");
        }
        Assert.Empty(await other.TracesAsync());

        // The same processes; a machine that an earlier test restarted may have gone from booting to running meanwhile.
        Assert.Equal(first.Select(m => (m.Name, m.Pid)), (await _lab.MachinesAsync()).Select(m => (m.Name, m.Pid)));
        Assert.True(await _lab.AnswersAsync("10.88.0.11"));
    }

    [Fact]
    public async Task Down_removes_what_a_killed_up_left()
    {
        var other = LabProgram.New();
        try
        {
            using var up = other.Start("up");
            while (!File.Exists(Path.Combine(other.Folder, "m2", "supervisor.pid")) && !up.HasExited)
                await Task.Delay(20, TestContext.Current.CancellationToken);
            up.Kill();
            Assert.NotEmpty(await other.TracesAsync());
        }
        finally
        {
            await other.RunAsync("down");
        }
        Assert.Empty(await other.TracesAsync());
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_every_reason_before_anything_is_made()
    {
        var wrong = new LabProgram("Not-a-name");
        var answer = await wrong.TryAsync(["up", "--subnet", "10.0.0.1/24", "--machines", "0"]);
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("[bad-lab-name]", answer.Error, StringComparison.Ordinal);
        Assert.Contains("[bad-subnet]", answer.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(wrong.Folder));

        Assert.Contains("[fewer-machines]", (await _lab.TryAsync(["up", "--machines", "1"])).Error, StringComparison.Ordinal);
        Assert.Contains("it has m1, m2", (await _lab.TryAsync(["reboot", "m1", "m7"])).Error, StringComparison.Ordinal);
        Assert.Contains("[no-lab]", (await LabProgram.New().TryAsync(["status"])).Error, StringComparison.Ordinal);
    }
}
