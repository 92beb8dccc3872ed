namespace Ark.Web.Tests.Hosts;

/// <summary>The system's clock, and what a test adds to it.</summary>
public sealed class MovableTime : TimeProvider
{
    private long _added;

    public void Move(TimeSpan by) => Interlocked.Add(ref _added, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Interlocked.Read(ref _added));
}
