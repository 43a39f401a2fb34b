using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;

namespace Millrace.Tracking.Events;

internal sealed record TrackingLogRow(long Id, long ContactId, string Type, string? Value, DateTimeOffset OccurredAt);

/// <summary>
/// <c>/api/3/contacts/{id}/trackingLogs</c>: the events recorded of a contact, read from the log of activities by the contact, which is how the log is
/// ordered; so there is neither a collection of all nor a look-up by number.
/// </summary>
internal sealed class TrackingLogsResource : V3Resource<TrackingLogRow>
{
    public override string Plural => "trackingLogs";

    public override string Singular => "trackingLog";

    public override string Model => "TrackingLog";

    public override bool IsListed => false;

    public override bool IsRead => false;

    protected override Sql Columns { get; } = Sql.Of($"a.id, a.contact_id, a.data ->> 'name', a.data ->> 'value', a.occurred_at");

    protected override Sql Table { get; } = Sql.Of($"(select * from activities.activity where kind = 'event.recorded') a");

    protected override Sql AccountColumn { get; } = Sql.Of($"a.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"a.id");

    protected override Sql DefaultOrder { get; } = Sql.Of($"a.occurred_at desc, a.id desc");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["tstamp"] = new(Sql.Of($"a.occurred_at"), V3Kind.Time),
    });

    protected override IReadOnlyDictionary<string, V3Owner<TrackingLogRow>> Owners { get; } = new Dictionary<string, V3Owner<TrackingLogRow>>(StringComparer.Ordinal)
    {
        ["contacts"] = new(Sql.Of($"a.contact_id"), r => r.ContactId),
    };

    protected override long IdOf(TrackingLogRow row) => row.Id;

    public override object View(TrackingLogRow row, V3Call call) => new
    {
        subscriberid = new V3Id(row.ContactId),
        type = row.Type,
        value = row.Value ?? string.Empty,
        tstamp = call.Iso(row.OccurredAt),
        hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{call.Account.Id}/{row.Id}"))).AsSpan(0, 20)),
        links = new { contact = string.Create(CultureInfo.InvariantCulture, $"{call.Request.Scheme}://{call.Request.Host}/api/3/contacts/{row.ContactId}") },
        id = new V3Id(row.Id),
        contact = new V3Id(row.ContactId),
    };
}
