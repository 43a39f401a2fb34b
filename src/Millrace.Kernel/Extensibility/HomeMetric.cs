using Millrace.Kernel.Data;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a key figure of the home page.</summary>
public sealed class HomeMetricAttribute(string key) : CatalogueEntryAttribute(key)
{
    public int Order { get; init; }
}

/// <summary>A key figure over the last 30 days, with the 30 days before for comparison. Must be cheap: it is asked for at every visit.</summary>
public abstract class HomeMetric : CatalogueEntry
{
    public int Order => ((HomeMetricAttribute)Mark).Order;

    public abstract Task<MetricValue> ReadAsync(AccountTransaction work, long accountId, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <param name="Value">The figure.</param>
/// <param name="Before">The same of the period before; null when there is nothing to compare with.</param>
public sealed record MetricValue(decimal Value, decimal? Before = null);
