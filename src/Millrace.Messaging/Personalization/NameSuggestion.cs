namespace Millrace.Messaging.Personalization;

/// <summary>"Did you mean": the known name that needs the fewest changes, if it needs few.</summary>
internal static class NameSuggestion
{
    private const int MaxLength = 60;

    public static string? For(string name, IEnumerable<string> known)
    {
        if (name.Length is < 3 or > MaxLength)
        {
            return null;
        }

        var bare = Bare(name);
        var best = (Distance: Math.Max(1, bare.Length / 3) + 1, Name: (string?)null);
        foreach (var candidate in known)
        {
            var other = Bare(candidate);
            if (Math.Abs(other.Length - bare.Length) < best.Distance && Distance(bare, other, best.Distance) is var distance && distance < best.Distance)
            {
                best = (distance, candidate);
            }
        }

        return best.Name;
    }

    /// <summary>How people misremember names: with and without separators.</summary>
    private static string Bare(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();

    /// <summary>Letters added, dropped, changed or swapped with their neighbour; <paramref name="limit"/> when it is that or more.</summary>
    private static int Distance(string a, string b, int limit)
    {
        var (before, last, row) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }

                least = Math.Min(least, row[j]);
            }

            if (least >= limit)
            {
                return limit;
            }

            (before, last, row) = (last, row, before);
        }

        return last[b.Length];
    }
}
