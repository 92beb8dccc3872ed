using System.Diagnostics;

namespace Ark.Clients;

/// <summary>Remembers the longest time between two signs of life. For one caller at a time.</summary>
internal sealed class Gaps
{
    private long _last = Stopwatch.GetTimestamp();
    private DateTime _lastAt = DateTime.UtcNow;

    public TimeSpan Longest { get; private set; }

    /// <summary>UTC, when the longest one began.</summary>
    public DateTime LongestAt { get; private set; } = DateTime.UtcNow;

    /// <summary>A sign of life, or the end. Returns the time since the one before.</summary>
    public TimeSpan Mark()
    {
        var gap = Stopwatch.GetElapsedTime(_last);
        if (gap > Longest) (Longest, LongestAt) = (gap, _lastAt);
        (_last, _lastAt) = (Stopwatch.GetTimestamp(), DateTime.UtcNow);
        return gap;
    }
}
