using System.Net;
using System.Text;
using Ark.Core;
using Docker.DotNet;
using Engine = Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>The Docker engine of one machine through its API.</summary>
/// <param name="client">Stays the caller's.</param>
/// <param name="machine">As messages name it.</param>
public sealed class DockerEngine(IDockerClient client, string machine, TimeProvider? time = null) : IEngine
{
    /// <summary>On throw-away containers, so that those of a console that was killed are found.</summary>
    private const string OnceLabel = "ark.once";

    /// <summary>Bytes of output kept; what comes after is read and dropped.</summary>
    private const int LongestOutput = 1 << 20;

    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(30);

    /// <summary>How long a volume may stay in use by the container that has just stopped.</summary>
    private static readonly TimeSpan ReleaseDeadline = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public async Task PullAsync(string image, CancellationToken cancellation)
    {
        var wanted = ImageName.Parse(image);
        if (await HasAsync(wanted, cancellation))
            return;
        string? refusal = null;
        await EngineCalls.AskAsync(
            $"{machine}: pulling {image}",
            () => client.Images.CreateImageAsync(
                new() { FromImage = wanted.Repository, Tag = wanted.Digest ?? wanted.Tag }, null,
                new Sink(message => refusal ??= message.Error?.Message), cancellation),
            cancellation);
        if (!await HasAsync(wanted, cancellation))
            throw new SwarmException($"{machine}: pulling {image} failed: {refusal ?? "the engine does not have it afterwards"}.");
    }

    public async Task<CommandOutput> ExecAsync(string service, IReadOnlyList<string> command, TimeSpan deadline, CancellationToken cancellation)
    {
        var what = $"{machine}: running {command[0]} in {service}";
        var container = await FindContainerAsync(service, cancellation);
        return await WithinAsync(what, deadline, cancellation, async (output, limit) =>
        {
            var exec = await client.Exec.CreateContainerExecAsync(
                container, new() { Cmd = [.. command], AttachStdout = true, AttachStderr = true }, limit);
            using (var stream = await client.Exec.StartContainerExecAsync(exec.ID, new(), limit))
                await output.ReadAsync(stream, limit);
            return (int)((await client.Exec.InspectContainerExecAsync(exec.ID, limit)).ExitCode ?? 0);
        });
    }

    public async Task<CommandOutput> RunOnceAsync(string image, IReadOnlyList<string> command, Secret? input, TimeSpan deadline, CancellationToken cancellation)
    {
        await RemoveForgottenAsync(cancellation);
        await PullAsync(image, cancellation);
        var what = $"{machine}: running {command[0]} in a container of {image}";
        string? container = null;
        try
        {
            return await WithinAsync(what, deadline, cancellation, async (output, limit) =>
            {
                container = (await client.Containers.CreateContainerAsync(
                    new()
                    {
                        Image = image,
                        Entrypoint = [command[0]],
                        Cmd = [.. command.Skip(1)],
                        Labels = new Dictionary<string, string> { [OnceLabel] = "yes" },
                        OpenStdin = input is not null,
                        StdinOnce = true,
                        HostConfig = new() { NetworkMode = "host" },
                    },
                    limit)).ID;
                using var stream = await client.Containers.AttachContainerAsync(container, new() { Stream = true, Stdin = input is not null, Stdout = true, Stderr = true }, limit);
                await client.Containers.StartContainerAsync(container, new(), limit);
                if (input is not null)
                {
                    var bytes = Encoding.UTF8.GetBytes(input.Reveal());
                    await stream.WriteAsync(bytes, 0, bytes.Length, limit);
                }
                await output.ReadAsync(stream, limit);
                return (int)(await client.Containers.WaitContainerAsync(container, limit)).StatusCode;
            });
        }
        finally
        {
            if (container is not null)
                await RemoveContainerAsync(container);
        }
    }

    public async Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellation)
    {
        var list = await EngineCalls.AskAsync($"{machine}: listing the volumes", () => client.Volumes.ListAsync(cancellation), cancellation);
        return [.. (list.Volumes ?? []).Select(v => v.Name).OfType<string>().Order(StringComparer.Ordinal)];
    }

    public async Task RemoveVolumeAsync(string volume, CancellationToken cancellation)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            try
            {
                await EngineCalls.FindAsync(
                    $"{machine}: removing the volume {volume}", async () => { await client.Volumes.RemoveAsync(volume, false, cancellation); return volume; }, cancellation);
                return;
            }
            catch (SwarmException failure) when (EngineCalls.Is(failure, HttpStatusCode.Conflict) && _time.GetElapsedTime(start) < ReleaseDeadline)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(300), _time, cancellation);
            }
        }
    }

    private async Task<bool> HasAsync(ImageName image, CancellationToken cancellation) =>
        await EngineCalls.FindAsync($"{machine}: looking for {image}", () => client.Images.InspectImageAsync(image.ToString(), cancellation), cancellation) is not null;

    private async Task<string> FindContainerAsync(string service, CancellationToken cancellation)
    {
        var found = await ListAsync(cancellation, ("label", $"com.docker.swarm.service.name={service}"), ("status", "running"));
        return found.MaxBy(c => c.Created)?.ID ?? throw new SwarmException($"{machine}: no container of {service} runs here. See: ark status");
    }

    private Task<IList<Engine.ContainerListResponse>> ListAsync(CancellationToken cancellation, params IEnumerable<(string Name, string Value)> filters) =>
        EngineCalls.AskAsync(
            $"{machine}: listing the containers",
            () => client.Containers.ListContainersAsync(
                new()
                {
                    All = true,
                    Filters = filters.ToDictionary(f => f.Name, IDictionary<string, bool> (f) => new Dictionary<string, bool> { [f.Value] = true }),
                },
                cancellation),
            cancellation);

    /// <summary>Throw-away containers of consoles that were killed before they could remove them.</summary>
    private async Task RemoveForgottenAsync(CancellationToken cancellation)
    {
        var eldest = _time.GetUtcNow().UtcDateTime - Forgotten;
        foreach (var container in (await ListAsync(cancellation, ("label", OnceLabel))).Where(c => c.Created.ToUniversalTime() < eldest))
            await RemoveContainerAsync(container.ID);
    }

    /// <summary>Also when the operation was cancelled; an engine that does not answer keeps it until the next run.</summary>
    private async Task RemoveContainerAsync(string container)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15), _time);
        try
        {
            await EngineCalls.AskAsync(
                $"{machine}: removing a container", () => client.Containers.RemoveContainerAsync(container, new() { Force = true, RemoveVolumes = true }, limit.Token), CancellationToken.None);
        }
        catch (SwarmException)
        {
            // Gone already, or out of reach: found by its label later.
        }
    }

    private async Task<CommandOutput> WithinAsync(
        string what, TimeSpan deadline, CancellationToken cancellation, Func<Output, CancellationToken, Task<int>> run)
    {
        using var limit = new CancellationTokenSource(deadline, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var output = new Output();
        try
        {
            return new(await EngineCalls.AskAsync(what, () => run(output, both.Token), both.Token), output.Text);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            var said = output.Text.Trim();
            throw new SwarmException($"{what} did not end within {deadline.TotalSeconds:0} s{(said.Length == 0 ? "" : $"; it said: {said}")}");
        }
    }

    /// <summary>What a command writes, both streams in the order in which they come.</summary>
    private sealed class Output : IDisposable
    {
        private readonly MemoryStream _bytes = new();

        public string Text => Encoding.UTF8.GetString(_bytes.GetBuffer(), 0, (int)_bytes.Length);

        public async Task ReadAsync(MultiplexedStream stream, CancellationToken cancellation)
        {
            var buffer = new byte[16 * 1024];
            while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellation) is { EOF: false } read)
                _bytes.Write(buffer, 0, (int)Math.Min(read.Count, LongestOutput - _bytes.Length));
        }

        public void Dispose() => _bytes.Dispose();
    }

    private sealed class Sink(Action<Engine.JSONMessage> take) : IProgress<Engine.JSONMessage>
    {
        public void Report(Engine.JSONMessage value) => take(value);
    }

    /// <summary>An image reference in parts; a digest makes the tag mere decoration.</summary>
    private sealed record ImageName(string Repository, string? Tag, string? Digest)
    {
        public static ImageName Parse(string image)
        {
            var (name, digest) = image.IndexOf('@') is var at and > 0 ? (image[..at], image[(at + 1)..]) : (image, null);
            var colon = name.LastIndexOf(':');
            return colon > name.LastIndexOf('/') && !name.StartsWith("sha256:", StringComparison.Ordinal)
                ? new(name[..colon], name[(colon + 1)..], digest)
                : new(name, null, digest);
        }

        public override string ToString() => Digest is not null ? $"{Repository}@{Digest}" : Tag is not null ? $"{Repository}:{Tag}" : Repository;
    }
}
