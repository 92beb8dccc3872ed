namespace Ark.Web.Data;

public static class Clock
{
    /// <summary>Now in UTC, as exact as the database keeps it: to the millisecond.</summary>
    public static DateTimeOffset Now(this TimeProvider time) => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}
