using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Counting;

/// <summary>Contacts of the account, exactly.</summary>
[HomeMetric("contacts", Title = "Contacts", Order = 10)]
internal sealed class ContactsMetric : HomeMetric
{
    public override async Task<MetricValue> ReadAsync(AccountTransaction work, long accountId, DateTimeOffset now, CancellationToken cancellationToken) =>
        new(await ContactTotal.ReadAsync(work, accountId, cancellationToken));
}
