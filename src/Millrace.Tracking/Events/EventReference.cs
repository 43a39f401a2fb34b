using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Tracking.Events;

[ReferenceSource("event", Title = "Event", CanCreate = true)]
internal sealed class EventReference : NamedRows
{
    public override async Task<Reference> CreateAsync(
        AccountTransaction work, long accountId, string name, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = await EventNames.EnsureAsync(work, accountId, name, now, cancellationToken);
        return new Reference(id, name);
    }

    protected override Sql Rows(long accountId) =>
        Sql.Of($"select id, name, null::text from tracking.event_name where account_id = {accountId}");
}
