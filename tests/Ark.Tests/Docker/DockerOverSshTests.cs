using System.Text;
using Ark.Remote.Docker;
using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Ark.Tests.Ssh;
using Docker.DotNet;
using Docker.DotNet.Models;
using Xunit;

namespace Ark.Tests.Docker;

public sealed class DockerOverSshTests(DockerOverSshTests.Fixture machine) : IClassFixture<DockerOverSshTests.Fixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_container_is_made_run_waited_for_read_and_removed()
    {
        await using var client = await machine.ClientAsync();
        var container = await client.Docker.Containers.CreateContainerAsync(Run("echo out; echo err >&2; exit 4"), Token);
        await client.Docker.Containers.StartContainerAsync(container.ID, cancellationToken: Token);
        Assert.Equal(4, (await client.Docker.Containers.WaitContainerAsync(container.ID, Token)).StatusCode);
        using var logs = await client.Docker.Containers.GetContainerLogsAsync(
            container.ID, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true }, Token);
        Assert.Equal(("out\n", "err\n"), await logs.ReadOutputToEndAsync(Token));
        var all = await client.Docker.Containers.ListContainersAsync(new ContainersListParameters { All = true }, Token);
        Assert.Contains(all, c => c.ID == container.ID);
        await client.Docker.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters(), Token);
    }

    [Fact]
    public async Task A_program_inside_reads_its_input_to_the_end_and_answers_after_it()
    {
        await using var client = await machine.ClientAsync();
        var id = await client.SleepingAsync();
        // Larger than every buffer on the way, and the answer comes only after the end of the input.
        var text = string.Concat(Enumerable.Range(0, 300_000).Select(i => $"{i}\n"));
        var exec = await client.Docker.Exec.CreateContainerExecAsync(
            id,
            new ContainerExecCreateParameters { AttachStdin = true, AttachStdout = true, AttachStderr = true, Cmd = ["sh", "-c", "all=$(cat); echo \"$all\"; echo end >&2"] },
            Token);
        using var stream = await client.Docker.Exec.StartContainerExecAsync(exec.ID, new ContainerExecStartParameters(), Token);
        await stream.CopyFromAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), Token);
        stream.CloseWrite();
        var (output, error) = await stream.ReadOutputToEndAsync(Token);
        Assert.Equal(text, output);
        Assert.Equal("end\n", error);
        Assert.Equal(0, (await client.Docker.Exec.InspectContainerExecAsync(exec.ID, Token)).ExitCode);
    }

    [Fact]
    public async Task An_input_that_is_empty_ends_too()
    {
        await using var client = await machine.ClientAsync();
        var id = await client.SleepingAsync();
        var exec = await client.Docker.Exec.CreateContainerExecAsync(
            id, new ContainerExecCreateParameters { AttachStdin = true, AttachStdout = true, Cmd = ["sh", "-c", "cat; echo end"] }, Token);
        using var stream = await client.Docker.Exec.StartContainerExecAsync(exec.ID, new ContainerExecStartParameters(), Token);
        stream.CloseWrite();
        Assert.Equal("end\n", (await stream.ReadOutputToEndAsync(Token)).stdout);
    }

    [Fact]
    public async Task Twenty_requests_at_once_are_answered()
    {
        await using var client = await machine.ClientAsync();
        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.Docker.System.GetVersionAsync(Token)));
        Assert.All(versions, v => Assert.NotEmpty(v.APIVersion));
    }

    [Fact]
    public async Task Twenty_event_streams_leave_room_for_requests_and_all_hear_the_event()
    {
        await using var client = await machine.ClientAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var id = await client.SleepingAsync();
        var heard = Enumerable.Range(0, 20).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
        var listening = heard.Select(h => client.Docker.System.MonitorEventsAsync(
            new ContainerEventsParameters(),
            new Now<Message>(m =>
            {
                if (m.Action == "rename" && m.Actor.ID == id)
                    h.TrySetResult();
            }),
            enough.Token)).ToList();
        for (var i = 0; heard.Any(h => !h.Task.IsCompleted); i++)
        {
            // Renamed until the last stream is up: nothing tells when a stream listens.
            await client.Docker.Containers.RenameContainerAsync(id, new ContainerRenameParameters { NewName = $"ark-{id[..12]}-{i}" }, Token);
            await Task.Delay(100, Token);
        }
        await enough.CancelAsync();
        foreach (var task in listening)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Fact]
    public async Task Followed_logs_come_as_they_are_written_and_end_when_cancelled()
    {
        await using var client = await machine.ClientAsync();
        var container = await client.Docker.Containers.CreateContainerAsync(Run("for i in $(seq 1000); do echo line $i; sleep 0.05; done"), Token);
        await client.Docker.Containers.StartContainerAsync(container.ID, cancellationToken: Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var logs = await client.Docker.Containers.GetContainerLogsAsync(
            container.ID, new ContainerLogsParameters { ShowStdout = true, Follow = true }, enough.Token);
        var buffer = new byte[1024];
        var text = "";
        while (!text.Contains("line 3\n", StringComparison.Ordinal))
        {
            var part = await logs.ReadOutputAsync(buffer, 0, buffer.Length, enough.Token);
            Assert.False(part.EOF);
            text += Encoding.UTF8.GetString(buffer, 0, part.Count);
        }
        Assert.StartsWith("line 1\n", text);
        var read = Task.Run(
            async () =>
            {
                while (!(await logs.ReadOutputAsync(buffer, 0, buffer.Length, enough.Token)).EOF)
                {
                }
            },
            Token);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await client.Docker.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true }, Token);
    }

    [Fact]
    public async Task A_refusal_of_Docker_is_told_as_Docker_tells_it()
    {
        await using var client = await machine.ClientAsync();
        var refusal = await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => client.Docker.Containers.InspectContainerAsync("nowhere", Token));
        Assert.Contains("nowhere", refusal.Message);
    }

    [Fact]
    public async Task A_lost_connection_ends_streams_with_its_problem_and_the_next_request_connects_anew()
    {
        await using var sshd = await TestSshd.StartAsync(environment: [$"DOCKER_HOST={machine.Dockerd.Host}"]);
        await using var shell = await SshdFixture.ConnectAsync(sshd);
        using var docker = DockerOverSsh.CreateClient(shell);
        await docker.System.PingAsync(Token);
        await using var client = await machine.ClientAsync();
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = docker.System.MonitorEventsAsync(new ContainerEventsParameters(), new Now<Message>(_ => heard.TrySetResult()), Token);
        var id = await client.SleepingAsync();
        for (var i = 0; !heard.Task.IsCompleted; i++)
        {
            await client.Docker.Containers.RenameContainerAsync(id, new ContainerRenameParameters { NewName = $"ark-{id[..12]}-{i}" }, Token);
            await Task.Delay(50, Token);
        }
        await sshd.EndSessionsAsync();
        Assert.Equal("ssh-lost", (await Assert.ThrowsAsync<RemoteException>(() => listening)).Problem.Code);
        await docker.System.PingAsync(Token);
    }

    [Fact]
    public async Task A_machine_that_is_gone_is_told_with_its_problem()
    {
        await using var sshd = await TestSshd.StartAsync(environment: [$"DOCKER_HOST={machine.Dockerd.Host}"]);
        await using var shell = await SshdFixture.ConnectAsync(sshd);
        using var docker = DockerOverSsh.CreateClient(shell);
        await docker.System.PingAsync(Token);
        await sshd.StopAsync();
        var gone = await Assert.ThrowsAsync<RemoteException>(() => docker.Containers.ListContainersAsync(new ContainersListParameters(), Token));
        Assert.Contains(gone.Problem.Code, (string[])["ssh-refused", "ssh-lost"]);
    }

    [Fact]
    public async Task A_daemon_that_is_not_running_is_told_with_what_the_machine_said()
    {
        await using var sshd = await TestSshd.StartAsync(environment: ["DOCKER_HOST=unix:///nowhere/docker.sock"]);
        await using var shell = await SshdFixture.ConnectAsync(sshd);
        using var docker = DockerOverSsh.CreateClient(shell);
        var problem = (await Assert.ThrowsAsync<RemoteException>(() => docker.System.PingAsync(Token))).Problem;
        Assert.Equal("docker-unreachable", problem.Code);
        Assert.Contains("/nowhere/docker.sock", problem.Message);
    }

    [Fact]
    public async Task A_machine_without_Docker_is_told_so()
    {
        await using var sshd = await TestSshd.StartAsync(environment: ["PATH={home}"]);
        foreach (var program in (string[])["sh", "env"])
            File.CreateSymbolicLink(Path.Combine(sshd.Folder, program), "/usr/bin/" + program);
        await using var shell = await SshdFixture.ConnectAsync(sshd);
        using var docker = DockerOverSsh.CreateClient(shell);
        var problem = (await Assert.ThrowsAsync<RemoteException>(() => docker.System.PingAsync(Token))).Problem;
        Assert.Equal("docker-unreachable", problem.Code);
        Assert.Contains("ark base", problem.Remedy);
    }

    private static CreateContainerParameters Run(string script) => new()
    {
        Image = TestDockerd.Image,
        Cmd = ["sh", "-c", script],
        HostConfig = new HostConfig { NetworkMode = "none" },
    };

    public sealed class Fixture : IAsyncLifetime
    {
        public TestDockerd Dockerd { get; private set; } = null!;

        public TestSshd Sshd { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var missing = TestSshd.Missing ?? TestDockerd.Missing;
            Assert.SkipWhen(missing is not null, missing ?? "");
            Dockerd = await TestDockerd.StartAsync();
            Sshd = await TestSshd.StartAsync(environment: [$"DOCKER_HOST={Dockerd.Host}"]);
        }

        public async Task<Client> ClientAsync() => new(await SshdFixture.ConnectAsync(Sshd));

        public async ValueTask DisposeAsync()
        {
            if (Sshd is not null)
                await Sshd.DisposeAsync();
            if (Dockerd is not null)
                await Dockerd.DisposeAsync();
        }
    }

    public sealed class Client(SshShell shell) : IAsyncDisposable
    {
        private readonly List<string> _containers = [];

        public DockerClient Docker { get; } = DockerOverSsh.CreateClient(shell);

        /// <summary>A running container that is removed with the client.</summary>
        public async Task<string> SleepingAsync()
        {
            var container = await Docker.Containers.CreateContainerAsync(Run("sleep 1000"), Token);
            _containers.Add(container.ID);
            await Docker.Containers.StartContainerAsync(container.ID, cancellationToken: Token);
            return container.ID;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var id in _containers)
                await Docker.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, CancellationToken.None);
            Docker.Dispose();
            await shell.DisposeAsync();
        }
    }

    private sealed class Now<T>(Action<T> heard) : IProgress<T>
    {
        public void Report(T value) => heard(value);
    }
}
