using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Counting;

/// <summary>Contacts of the account, from the kept count.</summary>
[HomeMetric("contacts", Title = "Contacts", Order = 10)]
internal sealed class ContactsMetric : HomeMetric
{
    public override async Task<MetricValue> ReadAsync(AccountTransaction work, long accountId, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(await Sql.Of($"select coalesce(sum(total), 0) from contacts.counter where account_id = {accountId} and kind = 'contacts'")
            .FirstAsync<decimal>(work, cancellationToken));
}
