using System.Diagnostics;
using Ark.Core;
using Ark.Remote.State;
using Ark.Remote.Swarm;
using Ark.Testing.Swarm;
using Xunit;

namespace Ark.Tests.State;

public sealed class OperationLockTests
{
    private static readonly LockHolder Ann = new("ann@client1, process 1", "there", "1/1");
    private static readonly LockHolder Ben = new("ben@client2, process 2", "elsewhere", "2/2");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_holds_it_and_the_other_is_told_who_since_when_and_for_what()
    {
        var swarm = new FakeSwarm();
        await using (var taken = (await TakeAsync(swarm, Ann, "ark apply 527")).Value!)
        {
            var refused = Assert.Single((await TakeAsync(swarm, Ben, "ark scale")).Problems);
            Assert.Equal("locked", refused.Code);
            Assert.Contains("ann@client1", refused.Message, StringComparison.Ordinal);
            Assert.Contains("ark apply 527", refused.Message, StringComparison.Ordinal);
            Assert.Contains("since 20", refused.Message, StringComparison.Ordinal);
        }

        var free = await TakeAsync(swarm, Ben, "ark scale");
        Assert.Empty(free.Problems);
        await free.Value!.DisposeAsync();
        Assert.Null(await swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation));
    }

    [Fact]
    public async Task Of_many_that_want_it_at_once_one_gets_it()
    {
        var swarm = new FakeSwarm();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TakeAsync(swarm, LockHolder.Current(), "x"))));
        var taken = Assert.Single(outcomes, o => o.Ok);
        Assert.All(outcomes.Where(o => !o.Ok), o => Assert.Equal("locked", o.Problems[0].Code));
        await taken.Value!.DisposeAsync();
    }

    [Fact]
    public async Task A_lease_that_is_over_is_taken_over_and_told_and_who_lost_it_hears_of_it_and_leaves_it_alone()
    {
        var swarm = new FakeSwarm();
        var clock = new ManualClock();
        var lost = (await OperationLock.TakeAsync(swarm, Ann, "ark apply", clock, Cancellation)).Value!;
        var later = new ManualClock { Now = clock.Now + OperationLock.Lease + OperationLock.Tolerance + TimeSpan.FromSeconds(1) };
        var taken = await OperationLock.TakeAsync(swarm, Ben, "ark scale", later, Cancellation);
        var told = Assert.Single(taken.Problems);
        Assert.Equal(("lock-taken-over", Severity.Warning), (told.Code, told.Severity));
        Assert.Contains("ann@client1", told.Message, StringComparison.Ordinal);

        await UntilAsync(() => clock.Timers == TimersBefore(1));
        clock.Advance(TimeSpan.FromSeconds(11));
        await UntilAsync(() => lost.Lost.IsCancellationRequested);
        await lost.DisposeAsync();
        Assert.NotNull(await swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation));
        Assert.False(taken.Value!.Lost.IsCancellationRequested);
        await taken.Value.DisposeAsync();
    }

    [Fact]
    public async Task It_is_renewed_as_long_as_it_is_held()
    {
        var swarm = new FakeSwarm();
        var clock = new ManualClock();
        await using var taken = (await OperationLock.TakeAsync(swarm, Ann, "ark apply", clock, Cancellation)).Value!;
        for (var i = 1; i <= 12; i++)
        {
            await UntilAsync(() => clock.Timers == TimersBefore(i));
            var version = (await swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation))!.Version;
            clock.Advance(TimeSpan.FromSeconds(11));
            await UntilAsync(() => clock.Timers == TimersBefore(i + 1));
            Assert.NotEqual(version, (await swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation))!.Version);
        }

        Assert.Equal("locked", (await OperationLock.TakeAsync(swarm, Ben, "x", clock, Cancellation)).Problems[0].Code);
        Assert.False(taken.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_cluster_out_of_reach_for_longer_than_the_lease_is_a_lost_lock()
    {
        var swarm = new FakeSwarm();
        var clock = new ManualClock();
        await using var taken = (await OperationLock.TakeAsync(swarm, Ann, "ark apply", clock, Cancellation)).Value!;
        for (var i = 1; i <= 4; i++)
        {
            await UntilAsync(() => clock.Timers == TimersBefore(i));
            swarm.FailNext($"find-config {OperationLock.ConfigName}", new SwarmException("out of reach"));
            clock.Advance(TimeSpan.FromSeconds(10));
        }

        await UntilAsync(() => clock.Timers == TimersBefore(5));
        Assert.False(taken.Lost.IsCancellationRequested);
        swarm.FailNext($"find-config {OperationLock.ConfigName}", new SwarmException("out of reach"));
        clock.Advance(TimeSpan.FromSeconds(10));
        await UntilAsync(() => taken.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_console_that_was_killed_on_this_machine_is_not_waited_for()
    {
        var swarm = new FakeSwarm();
        using var process = Process.Start("sleep", "60");
        var me = LockHolder.Current();
        var start = (await File.ReadAllTextAsync($"/proc/{process.Id}/stat", Cancellation)).Split(") ")[1].Split(' ')[19];
        var other = me with { Who = "ann, killed", Process = $"{process.Id}/{start}" };
        var left = (await TakeAsync(swarm, other, "ark apply")).Value!;
        Assert.False(me.KnowsDead(other));
        Assert.Equal("locked", (await TakeAsync(swarm, me, "ark apply")).Problems[0].Code);
        process.Kill();
        await process.WaitForExitAsync(Cancellation);
        Assert.True(me.KnowsDead(other));
        var taken = await TakeAsync(swarm, me, "ark apply");
        Assert.Contains("ann, killed", Assert.Single(taken.Problems).Message, StringComparison.Ordinal);
        await left.DisposeAsync();
        await taken.Value!.DisposeAsync();
        Assert.Null(await swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation));
    }

    private static Task<Outcome<OperationLock>> TakeAsync(ISwarm swarm, LockHolder holder, string purpose) =>
        OperationLock.TakeAsync(swarm, holder, purpose, TimeProvider.System, Cancellation);

    /// <summary>Each renewal makes a timer for its deadline and one for the pause after it.</summary>
    private static int TimersBefore(int renewal) => (2 * renewal) - 1;

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var tries = 0; !condition(); tries++)
        {
            Assert.True(tries < 1000, "It did not happen.");
            await Task.Delay(10, Cancellation);
        }
    }

    /// <summary>A clock that stands until it is moved; timers fire when it is.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private readonly Lock _lock = new();
        private readonly List<Timer> _timers = [];
        private int _made;

        public DateTimeOffset Now { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

        /// <summary>Timers made so far.</summary>
        public int Timers => Volatile.Read(ref _made);

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, () => callback(state), Now + dueTime);
            lock (_lock)
            {
                _made++;
                if (dueTime >= TimeSpan.Zero)
                    _timers.Add(timer);
            }

            return timer;
        }

        public void Advance(TimeSpan by)
        {
            List<Timer> due;
            lock (_lock)
            {
                Now += by;
                due = [.. _timers.Where(t => t.Due <= Now)];
                _timers.RemoveAll(due.Contains);
            }

            foreach (var timer in due)
                timer.Fire();
        }

        private sealed class Timer(ManualClock clock, Action fire, DateTimeOffset due) : ITimer
        {
            public DateTimeOffset Due { get; private set; } = due;

            public void Fire() => fire();

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                lock (clock._lock)
                {
                    clock._timers.Remove(this);
                    Due = clock.Now + dueTime;
                    if (dueTime >= TimeSpan.Zero)
                        clock._timers.Add(this);
                }

                return true;
            }

            public void Dispose()
            {
                lock (clock._lock)
                    clock._timers.Remove(this);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
