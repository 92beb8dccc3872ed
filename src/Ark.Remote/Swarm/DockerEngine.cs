using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Ark.Remote.Swarm;

/// <summary>The engine of one machine through its Docker API.</summary>
/// <param name="machine">As messages name it.</param>
public sealed class DockerEngine(IDockerClient client, string machine) : IEngine
{
    private const string ServiceLabel = "com.docker.swarm.service.name";

    public async Task PullAsync(string image, CancellationToken cancellation)
    {
        if (await HasAsync(image, cancellation)) return;
        string? refusal = null;
        var progress = new Inline<JSONMessage>(message => refusal ??= message.Error?.Message);
        await AskAsync($"Pulling {image}", async () =>
        {
            await client.Images.CreateImageAsync(new() { FromImage = image }, new AuthConfig(), progress, cancellation);
            return true;
        });
        if (refusal is not null) throw new SwarmException($"{machine}: pulling {image} failed: {refusal}");
    }

    public async Task<CommandOutput> ExecAsync(string service, IReadOnlyList<string> command, TimeSpan deadline, CancellationToken cancellation)
    {
        var containers = await AskAsync($"Looking for {service}", () => client.Containers.ListContainersAsync(new()
        {
            Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"{ServiceLabel}={service}"] = true }, ["status"] = new Dictionary<string, bool> { ["running"] = true } },
        }, cancellation));
        var container = containers.OrderByDescending(c => c.Created).FirstOrDefault() ?? throw new SwarmException($"{machine}: no container of {service} runs here.");
        return await WithinAsync(deadline, $"{command[0]} in {service}", cancellation, async limit =>
        {
            var exec = await client.Exec.CreateContainerExecAsync(container.ID, new() { Cmd = [.. command], AttachStdout = true, AttachStderr = true }, limit);
            using var stream = await client.Exec.StartContainerExecAsync(exec.ID, new() { Detach = false }, limit);
            var text = await ReadAsync(stream, limit);
            var end = await client.Exec.InspectContainerExecAsync(exec.ID, limit);
            return new CommandOutput((int)(end.ExitCode ?? -1), text);
        });
    }

    public async Task<CommandOutput> RunOnceAsync(string image, IReadOnlyList<string> command, TimeSpan deadline, CancellationToken cancellation)
    {
        await PullAsync(image, cancellation);
        var created = await AskAsync($"Creating a container of {image}", () => client.Containers.CreateContainerAsync(new()
        {
            Image = image,
            Entrypoint = [],
            Cmd = [.. command],
            HostConfig = new() { NetworkMode = "host" },
            Labels = new Dictionary<string, string> { ["ark.kind"] = "throw-away" },
        }, cancellation));
        try
        {
            return await WithinAsync(deadline, $"{command[0]} in {image}", cancellation, async limit =>
            {
                await client.Containers.StartContainerAsync(created.ID, new(), limit);
                var end = await client.Containers.WaitContainerAsync(created.ID, limit);
                using var stream = await client.Containers.GetContainerLogsAsync(created.ID, new() { ShowStdout = true, ShowStderr = true }, limit);
                return new CommandOutput((int)end.StatusCode, await ReadAsync(stream, limit));
            });
        }
        finally
        {
            await client.Containers.RemoveContainerAsync(created.ID, new() { Force = true, RemoveVolumes = true }, CancellationToken.None);
        }
    }

    public async Task<IReadOnlyList<string>> ListVolumesAsync(CancellationToken cancellation) =>
        [.. ((await AskAsync("Listing volumes", () => client.Volumes.ListAsync(cancellation))).Volumes ?? []).Select(v => v.Name).Order(StringComparer.Ordinal)];

    public async Task RemoveVolumeAsync(string volume, CancellationToken cancellation)
    {
        if ((await ListVolumesAsync(cancellation)).Contains(volume))
            await AskAsync($"Removing the volume {volume}", async () =>
            {
                await client.Volumes.RemoveAsync(volume, true, cancellation);
                return true;
            });
    }

    private async Task<bool> HasAsync(string image, CancellationToken cancellation)
    {
        try
        {
            await client.Images.InspectImageAsync(image, cancellation);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }

    private static async Task<string> ReadAsync(MultiplexedStream stream, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        await stream.CopyOutputToAsync(Stream.Null, output, output, cancellation);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private Task<CommandOutput> WithinAsync(TimeSpan deadline, string what, CancellationToken cancellation, Func<CancellationToken, Task<CommandOutput>> run) =>
        AskAsync(what, async () =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(deadline);
            try
            {
                return await run(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new SwarmException($"{machine}: {what} did not end within {deadline.TotalSeconds:0} s.");
            }
        });

    private async Task<T> AskAsync<T>(string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception failure) when (failure is DockerApiException or HttpRequestException or IOException)
        {
            throw new SwarmException($"{machine}: {what} failed: {failure.Message}", failure);
        }
    }

    /// <summary>Tells at once, on the thread that reads.</summary>
    private sealed class Inline<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
