namespace Ark.Core;

/// <summary>Finds what somebody probably meant to write.</summary>
public static class Nearest
{
    /// <summary>
    /// The candidate that differs from <paramref name="word"/> by the fewest letters (added, dropped, replaced, swapped; case and the signs
    /// <c>- _ .</c> count nothing), or null if none is near: at most one letter of three may differ. Ties go to the first candidate.
    /// </summary>
    public static string? To(string word, IEnumerable<string> candidates)
    {
        var bare = Bare(word);
        if (bare.Length is 0 or > 64)
            return null;
        string? best = null;
        var least = Math.Max(1, bare.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            var distance = Distance(bare, Bare(candidate));
            if (distance < least)
                (best, least) = (candidate, distance);
        }

        return best;
    }

    /// <summary>" Did you mean 'x'?" or nothing: to be set at the end of a remedy.</summary>
    public static string Hint(string word, IEnumerable<string> candidates) => To(word, candidates) is { } found ? $"did you mean '{found}'?" : "";

    private static string Bare(string word) => string.Concat(word.Where(c => c is not ('-' or '_' or '.'))).ToLowerInvariant();

    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
