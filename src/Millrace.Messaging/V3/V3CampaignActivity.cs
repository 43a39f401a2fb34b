using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.V3;

internal sealed record V3MessageActivityRow(long Id, string Event, long ContactId, long CampaignId, long MessageId, string Email, DateTimeOffset At);

/// <summary><c>/api/3/messageActivities</c>: who opened and who clicked, each mail once. In the order of messages and sends, which is that of the key.</summary>
internal sealed class V3MessageActivitiesResource : V3Resource<V3MessageActivityRow>
{
    public override string Plural => "messageActivities";

    public override string Singular => "messageActivity";

    public override string Model => "MessageActivity";

    public override Permission Permission => Permission.ViewMessages;

    public override bool IsRead => false;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<V3MessageActivityRow>("contact", "contacts", r => r.ContactId), V3Relation.One<V3MessageActivityRow>("campaign", "campaigns", r => r.CampaignId),
    ];

    protected override Sql Columns { get; } = Sql.Of($"""
        f.send_id * 2 + (f.what = 'clicked')::integer, case f.what when 'opened' then 'open' else 'click' end, f.contact_id, f.campaign_id, f.message_id, coalesce(c.email, ''), f.first_at
        """);

    protected override Sql Table { get; } = Sql.Of($"""
        (select x.*, v.campaign_id from messaging.campaign_variant v
         join messaging.mail_fact x on x.account_id = v.account_id and x.message_id = v.message_id and x.what in ('clicked', 'opened') and x.ways & {Messaging.Reports.Ways.Read} <> 0) f
        """);

    protected override Sql Joins { get; } = Sql.Of($"left join contacts.contact c on c.account_id = f.account_id and c.id = f.contact_id");

    protected override Sql AccountColumn { get; } = Sql.Of($"f.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"f.send_id");

    protected override Sql DefaultOrder { get; } = Sql.Of($"f.message_id, f.what, f.send_id");

    protected override IReadOnlyDictionary<string, V3Owner<V3MessageActivityRow>> Owners { get; } = new Dictionary<string, V3Owner<V3MessageActivityRow>>(StringComparer.Ordinal)
    {
        ["campaigns"] = new(Sql.Of($"f.campaign_id"), r => r.CampaignId),
    };

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["campaign"] = new(Sql.Of($"f.campaign_id"), V3Kind.Id),
        ["campaignid"] = new(Sql.Of($"f.campaign_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"f.contact_id"), V3Kind.Id),
        ["event"] = new(Sql.Of($"(case f.what when 'opened' then 'open' else 'click' end)"), V3Kind.Text),
        ["tstamp"] = new(Sql.Of($"f.first_at"), V3Kind.Time),
    });

    protected override long IdOf(V3MessageActivityRow row) => row.Id;

    public override object View(V3MessageActivityRow row, V3Call call) => new
    {
        @event = row.Event,
        contact = new V3Id(row.ContactId),
        subscriberid = new V3Id(row.ContactId),
        campaign = new V3Id(row.CampaignId),
        campaignid = new V3Id(row.CampaignId),
        messageid = new V3Id(row.MessageId),
        email = row.Email,
        tstamp = call.Iso(row.At),
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };
}

internal sealed record V3LinkDataRow(long Id, long ContactId, long CampaignId, long MessageId, long LinkId, string Email, DateTimeOffset At, int Times);

/// <summary><c>/api/3/linkData</c>: who followed which link of which campaign.</summary>
internal sealed class V3LinkDataResource : V3Resource<V3LinkDataRow>
{
    public override string Plural => "linkData";

    public override string Singular => "linkDatum";

    public override string Model => "LinkData";

    public override Permission Permission => Permission.ViewMessages;

    public override bool IsRead => false;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<V3LinkDataRow>("contact", "contacts", r => r.ContactId), V3Relation.One<V3LinkDataRow>("campaign", "campaigns", r => r.CampaignId),
        V3Relation.One<V3LinkDataRow>("link", "links", r => r.LinkId),
    ];

    protected override Sql Columns { get; } = Sql.Of($"""
        f.send_id * 1000 + f.link, f.contact_id, f.campaign_id, f.message_id, f.message_version_id * 1000 + f.link, coalesce(c.email, ''), f.first_at, f.by_person + f.by_suspect
        """);

    protected override Sql Table { get; } = Sql.Of($"""
        (select x.*, v.campaign_id from messaging.campaign_variant v
         join messaging.link_fact x on x.account_id = v.account_id and x.message_id = v.message_id and x.ways & {Messaging.Reports.Ways.Counted} <> 0) f
        """);

    protected override Sql Joins { get; } = Sql.Of($"left join contacts.contact c on c.account_id = f.account_id and c.id = f.contact_id");

    protected override Sql AccountColumn { get; } = Sql.Of($"f.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"f.send_id");

    protected override Sql DefaultOrder { get; } = Sql.Of($"f.message_id, f.message_version_id, f.link, f.send_id");

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["campaign"] = new(Sql.Of($"f.campaign_id"), V3Kind.Id),
        ["campaignid"] = new(Sql.Of($"f.campaign_id"), V3Kind.Id),
        ["contact"] = new(Sql.Of($"f.contact_id"), V3Kind.Id),
        ["link"] = new(Sql.Of($"(f.message_version_id * 1000 + f.link)"), V3Kind.Id),
        ["tstamp"] = new(Sql.Of($"f.first_at"), V3Kind.Time),
    });

    protected override long IdOf(V3LinkDataRow row) => row.Id;

    public override object View(V3LinkDataRow row, V3Call call) => new
    {
        contact = new V3Id(row.ContactId),
        subscriberid = new V3Id(row.ContactId),
        campaign = new V3Id(row.CampaignId),
        campaignid = new V3Id(row.CampaignId),
        messageid = new V3Id(row.MessageId),
        link = new V3Id(row.LinkId),
        linkid = new V3Id(row.LinkId),
        times = new V3Id(row.Times),
        email = row.Email,
        tstamp = call.Iso(row.At),
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
    };
}

internal sealed record V3BounceLogRow(long SendId, long ContactId, long? CampaignId, long MessageId, string Email, string? Class, bool IsHard, string? Text, DateTimeOffset At);

/// <summary><c>/api/3/bounceLogs</c>: mails that came back or were refused.</summary>
internal sealed class V3BounceLogsResource : V3Resource<V3BounceLogRow>
{
    public override string Plural => "bounceLogs";

    public override string Singular => "bounceLog";

    public override string Model => "BounceLog";

    public override Permission Permission => Permission.ViewMessages;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.Nothing("bounce"), V3Relation.One<V3BounceLogRow>("contact", "contacts", r => r.ContactId),
        V3Relation.One<V3BounceLogRow>("campaign", "campaigns", r => r.CampaignId), V3Relation.One<V3BounceLogRow>("message", "messages", r => r.MessageId), V3Relation.Nothing("code"),
    ];

    protected override Sql Columns { get; } = Sql.Of($"""
        f.send_id, f.contact_id, v.campaign_id, f.message_id, coalesce(s.sent_to, c.email, ''), f.detail ->> 'class', coalesce((f.detail ->> 'hard')::boolean, false), s.reply_text, f.first_at
        """);

    protected override Sql Table { get; } = Sql.Of($"(select * from messaging.mail_fact where what = 'bounced') f");

    protected override Sql Joins { get; } = Sql.Of($"""
        left join messaging.campaign_variant v on v.account_id = f.account_id and v.message_id = f.message_id
        left join messaging.send s on s.account_id = f.account_id and s.id = f.send_id
        left join contacts.contact c on c.account_id = f.account_id and c.id = f.contact_id
        """);

    protected override Sql AccountColumn { get; } = Sql.Of($"f.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"f.send_id");

    protected override IReadOnlyDictionary<string, V3Owner<V3BounceLogRow>> Owners { get; } = new Dictionary<string, V3Owner<V3BounceLogRow>>(StringComparer.Ordinal)
    {
        ["contacts"] = new(Sql.Of($"f.contact_id"), r => r.ContactId),
    };

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"f.send_id"), V3Kind.Id),
        ["subscriberid"] = new(Sql.Of($"f.contact_id"), V3Kind.Id),
        ["messageid"] = new(Sql.Of($"f.message_id"), V3Kind.Id),
        ["tstamp"] = new(Sql.Of($"f.first_at"), V3Kind.Time),
    });

    protected override long IdOf(V3BounceLogRow row) => row.SendId;

    public override object View(V3BounceLogRow row, V3Call call) => new
    {
        tstamp = call.Iso(row.At),
        bounceid = "0",
        subscriberid = new V3Id(row.ContactId),
        campaignid = new V3Id(row.CampaignId ?? 0),
        messageid = new V3Id(row.MessageId),
        codeid = row.IsHard ? "1" : "2",
        email = row.Email,
        error = row.Class ?? string.Empty,
        source = row.Text ?? string.Empty,
        created_timestamp = call.Plain(row.At),
        updated_timestamp = call.Plain(row.At),
        created_by = (string?)null,
        updated_by = (string?)null,
        links = Links(call, row.SendId),
        id = new V3Id(row.SendId),
        bounce = (string?)null,
        contact = new V3Id(row.ContactId),
        campaign = row.CampaignId is { } campaign ? new V3Id(campaign) : (V3Id?)null,
        message = new V3Id(row.MessageId),
        code = row.IsHard ? "1" : "2",
    };
}
