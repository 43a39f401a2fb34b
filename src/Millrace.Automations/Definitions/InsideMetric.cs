using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

/// <summary>Runs that are inside some automation now, from the kept counts.</summary>
[HomeMetric("inside_automations", Title = "In automations now", Order = 30)]
internal sealed class InsideMetric : HomeMetric
{
    public override async Task<MetricValue> ReadAsync(AccountTransaction work, long accountId, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(await Sql.Of($"""
            select coalesce(sum(case when what = 'entered' then total else -total end), 0) from automations.tally
            where account_id = {accountId} and step_key = '' and what in ('entered', 'completed', 'ended')
            """).FirstAsync<decimal>(work, cancellationToken));
}
