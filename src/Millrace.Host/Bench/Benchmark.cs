namespace Millrace.Host.Bench;

/// <summary>A benchmark: the product's work and, measured between its rounds, the least that any program could do for the same durable result.</summary>
internal abstract class Benchmark
{
    public abstract string Name { get; }

    /// <summary>Of the figure, for example <c>contacts/s</c>.</summary>
    public abstract string Unit { get; }

    /// <summary>What the bound is, in words.</summary>
    public abstract string BoundIs { get; }

    /// <summary>The ratio to reach.</summary>
    public abstract double Goal { get; }

    /// <summary>Pairs of product and bound; five or more.</summary>
    public virtual int Pairs => 5;

    /// <summary>Configuration of the server under test beyond the common one.</summary>
    public virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    /// <summary>Makes what both sides need. Not measured.</summary>
    public abstract Task PrepareAsync(BenchContext context, CancellationToken cancellationToken);

    /// <summary>One round of the product's work.</summary>
    /// <returns>Items done and the seconds they took, measured inside so that set-up of the round does not count.</returns>
    public abstract Task<(long Items, double Seconds)> ProductAsync(BenchContext context, int round, CancellationToken cancellationToken);

    /// <summary>One round of the bound.</summary>
    public abstract Task<(long Items, double Seconds)> BoundAsync(BenchContext context, int round, CancellationToken cancellationToken);
}
