using Ark.Console;
using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.State;
using Ark.Testing.Swarm;
using Xunit;

namespace Ark.Tests.Sites;

/// <summary>Who changes the site holds its lock while he does.</summary>
public sealed class SiteLockTests
{
    private static readonly LockHolder Ann = new("ann@client1, process 1", "there", "1/1");
    private static readonly LockHolder Ben = new("ben@client2, process 2", "elsewhere", "2/2");
    private static readonly Plan Something = new("base", [new() { Id = "label-node:10.0.0.11", Target = "10.0.0.11", Work = new LabelNode("10.0.0.11", []) }]);
    private static readonly Plan Nothing = new("base", []);

    private readonly FakeSwarm _swarm = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_lock_is_held_during_the_work_and_free_afterwards()
    {
        Assert.Equal(7, await SiteLock.HoldAsync(_swarm, Ann, "ark base", async cancel =>
        {
            Assert.Equal(ExitCode.Refused, await SiteLock.HoldAsync(_swarm, Ben, "ark apply", _ => throw new InvalidOperationException("not to be done"), cancel));
            return 7;
        }, Cancellation));
        Assert.Null(await _swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation));
    }

    [Fact]
    public async Task Work_that_fails_lets_the_lock_go()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => SiteLock.HoldAsync(_swarm, Ann, "ark base", _ => throw new InvalidOperationException(), Cancellation));
        Assert.Null(await _swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation));
    }

    [Fact]
    public async Task With_nothing_to_do_a_dead_consoles_lock_goes_and_one_that_is_held_stays()
    {
        var me = LockHolder.Current();
        await using var held = (await OperationLock.TakeAsync(_swarm, me, "ark apply 527", TimeProvider.System, Cancellation)).Value!;
        await SiteLock.TidyAsync(_swarm, await _swarm.GatherAsync(Cancellation), me, Cancellation);
        Assert.NotNull(await _swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation));

        await held.DisposeAsync();
        _ = await OperationLock.TakeAsync(_swarm, me with { Process = "2147483647/1" }, "ark apply 527", TimeProvider.System, Cancellation);
        await SiteLock.TidyAsync(_swarm, await _swarm.GatherAsync(Cancellation), me, Cancellation);
        Assert.Null(await _swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation));
    }

    [Fact]
    public async Task Before_there_is_a_Swarm_the_base_takes_no_lock_and_from_the_next_round_on_it_does()
    {
        List<bool> held = [];
        var code = await BaseRounds.ConvergeAsync(
            (round, _) => Task.FromResult(Outcome<BaseRound>.Of(new(round == 1 ? null : _swarm, round <= 2 ? Something : Nothing, async cancel =>
            {
                held.Add(await _swarm.FindConfigAsync(OperationLock.ConfigName, cancel) is not null);
                return ExitCode.Done;
            }))),
            (_, plan) => plan.IsEmpty ? ExitCode.Done : null, Ann, Cancellation);
        Assert.Equal(ExitCode.Done, code);
        Assert.Equal([false, true], held);
        Assert.Null(await _swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation));
    }

    [Fact]
    public async Task The_base_is_refused_while_another_operation_holds_the_site()
    {
        await using var taken = (await OperationLock.TakeAsync(_swarm, Ben, "ark apply 527", TimeProvider.System, Cancellation)).Value!;
        Assert.Equal(ExitCode.Refused, await ConvergeAsync((_, _) => null));
    }

    [Fact]
    public async Task A_dry_run_takes_no_lock_and_minds_none()
    {
        await using var taken = (await OperationLock.TakeAsync(_swarm, Ben, "ark apply 527", TimeProvider.System, Cancellation)).Value!;
        var calls = _swarm.Calls.Count;
        Assert.Equal(ExitCode.Done, await ConvergeAsync((_, _) => ExitCode.Done));
        Assert.Equal(calls, _swarm.Calls.Count);
    }

    [Fact]
    public async Task A_base_that_never_comes_to_an_end_is_given_up()
    {
        var rounds = 0;
        Assert.Equal(ExitCode.Failed, await BaseRounds.ConvergeAsync(
            (_, _) => Task.FromResult(Outcome<BaseRound>.Of(new(_swarm, Something, _ => { rounds++; return Task.FromResult(ExitCode.Done); }))), (_, _) => null, Ann, Cancellation));
        Assert.Equal(3, rounds);
    }

    private Task<int> ConvergeAsync(Func<int, Plan, int?> ask) => BaseRounds.ConvergeAsync(
        (_, _) => Task.FromResult(Outcome<BaseRound>.Of(new(_swarm, Something, _ => throw new InvalidOperationException("not to be done")))), ask, Ann, Cancellation);
}
