using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Definitions;

[HomeMetric("active_automations", Title = "Active automations", Order = 20)]
internal sealed class ActiveMetric : HomeMetric
{
    public override async Task<MetricValue> ReadAsync(AccountTransaction work, long accountId, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(await Sql.Of($"select count(*)::numeric from automations.automation where account_id = {accountId} and status = 'active'")
            .FirstAsync<decimal>(work, cancellationToken));
}
