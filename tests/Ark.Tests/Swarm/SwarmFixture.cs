using Ark.Remote.Swarm;
using Ark.Testing.Swarm;
using Xunit;

namespace Ark.Tests.Swarm;

/// <summary>One engine for all tests of the Swarm; each test takes names of its own.</summary>
public sealed class SwarmFixture : IAsyncLifetime
{
    private PrivateSwarm? _engine;

    public PrivateSwarm Engine => _engine!;

    public DockerSwarm Swarm { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await PrivateSwarm.StartAsync();
        Swarm = new(_engine.Client);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
            await _engine.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class SwarmCollection : ICollectionFixture<SwarmFixture>
{
    public const string Name = "a private swarm";
}
