using Ark.Remote.Ssh;
using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Client;

namespace Ark.Remote.Docker;

/// <summary>
/// The Docker API of a machine through its shell: every HTTP connection is a <c>docker system dial-stdio</c> on the machine, so Docker listens
/// on no TCP port and needs no certificate.
/// </summary>
public static class DockerOverSsh
{
    /// <summary>
    /// A client for the machine's Docker. It connects when first used and again after a loss; disposing it leaves the shell as it is.
    /// When the machine or its Docker cannot be reached, every call throws <see cref="RemoteException"/>, those that read streams too.
    /// </summary>
    public static DockerClient CreateClient(IRemoteShell shell, DockerOverSshOptions? options = null) =>
        new DockerClientBuilder()
            .WithEndpoint(new Uri("http://docker/"))
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .WithTransportOptions(new Factory(), new Transport(shell, options ?? new DockerOverSshOptions()))
            .Build();

    private sealed record Transport(IRemoteShell Shell, DockerOverSshOptions Options);

    private sealed class Factory : IDockerHandlerFactory<Transport>
    {
        public ResolvedTransport CreateHandler(Transport transportOptions, ResolvedClientOptions clientOptions, ILogger logger) =>
            new(new DialStdioHandler(transportOptions.Shell, transportOptions.Options, logger), clientOptions.Endpoint);

        public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) =>
            throw new NotSupportedException("A machine's shell is needed.");

        public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) =>
            content is HttpConnectionResponseContent upgraded
                ? Task.FromResult(upgraded.HijackStream())
                : throw new NotSupportedException("Docker did not hand over the connection.");
    }
}

/// <summary>Bounds of the Docker API over SSH.</summary>
public sealed record DockerOverSshOptions
{
    /// <summary>From the first byte sent to the last received, for requests that Docker answers at once; streams and waits have none.</summary>
    public TimeSpan RequestDeadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>For a new connection to the machine's Docker.</summary>
    public TimeSpan ConnectDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections kept for requests that Docker answers at once; further requests wait for one. Each is a process on the machine.</summary>
    public int Connections { get; init; } = 3;
}
