namespace Millrace.Messaging.Campaigns.Reports;

/// <summary>The test of two proportions: whether a difference between two groups may well be chance.</summary>
internal static class Proportions
{
    /// <summary>Fewer than this in a group tell nothing.</summary>
    public const int Fewest = 20;

    /// <summary>
    /// How likely a difference at least this large (either way) would be if there were none: the p-value of the pooled two-sided z-test. Null where a group
    /// is too small, or nobody or everybody did it.
    /// </summary>
    public static double? Chance(long firstHits, long firstOf, long secondHits, long secondOf)
    {
        if (firstOf < Fewest || secondOf < Fewest || firstHits > firstOf || secondHits > secondOf)
        {
            return null;
        }

        var pooled = (double)(firstHits + secondHits) / (firstOf + secondOf);
        var deviation = Math.Sqrt(pooled * (1 - pooled) * (1.0 / firstOf + 1.0 / secondOf));
        return deviation <= 0 ? null : Complement(Math.Abs((double)firstHits / firstOf - (double)secondHits / secondOf) / deviation / Math.Sqrt(2));
    }

    /// <summary>The complementary error function for x >= 0, to seven digits (Numerical Recipes' rational Chebyshev form).</summary>
    private static double Complement(double x)
    {
        var t = 1 / (1 + 0.5 * x);
        double[] terms = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
        var sum = 0.0;
        for (var i = terms.Length - 1; i >= 0; i--)
        {
            sum = sum * t + terms[i];
        }

        return t * Math.Exp(-x * x + sum);
    }
}
