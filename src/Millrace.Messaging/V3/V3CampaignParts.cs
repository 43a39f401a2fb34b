using System.Text.Json;
using Millrace.Api.Dialect;
using Millrace.Api.Resources;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;

namespace Millrace.Messaging.V3;

internal sealed record V3CampaignMessageRow(long MessageId, long CampaignId, int Share, int Shares, string Subject, JsonElement? Sums);

/// <summary><c>/api/3/campaignMessages</c>: the variants of campaigns with their totals. The number of one is that of its message.</summary>
internal sealed class V3CampaignMessagesResource : V3Resource<V3CampaignMessageRow>
{
    public override string Plural => "campaignMessages";

    public override string Singular => "campaignMessage";

    public override string Model => "CampaignMessage";

    public override Permission Permission => Permission.ViewMessages;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<V3CampaignMessageRow>("campaign", "campaigns", r => r.CampaignId), V3Relation.One<V3CampaignMessageRow>("message", "messages", r => r.MessageId),
    ];

    protected override Sql Columns { get; } = Sql.Of($"""
        v.message_id, v.campaign_id, v.share,
        (select sum(w.share)::integer from messaging.campaign_variant w where w.account_id = v.account_id and w.campaign_id = v.campaign_id), m.subject,
        {V3Sums.Of(Sql.Of($"v.account_id"), Sql.Of($"select v.message_id"))}
        """);

    protected override Sql Table { get; } = Sql.Of($"messaging.campaign_variant v");

    protected override Sql Joins { get; } = Sql.Of($"join messaging.message m on m.account_id = v.account_id and m.id = v.message_id");

    protected override Sql AccountColumn { get; } = Sql.Of($"v.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"v.message_id");

    protected override IReadOnlyDictionary<string, V3Owner<V3CampaignMessageRow>> Owners { get; } = new Dictionary<string, V3Owner<V3CampaignMessageRow>>(StringComparer.Ordinal)
    {
        ["campaigns"] = new(Sql.Of($"v.campaign_id"), r => r.CampaignId),
    };

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"v.message_id"), V3Kind.Id),
        ["campaignid"] = new(Sql.Of($"v.campaign_id"), V3Kind.Id),
        ["messageid"] = new(Sql.Of($"v.message_id"), V3Kind.Id),
    });

    protected override long IdOf(V3CampaignMessageRow row) => row.MessageId;

    public override object View(V3CampaignMessageRow row, V3Call call)
    {
        var sums = new V3Sums(row.Sums);
        var percentage = new V3Id(row.Shares == 0 ? 100 : (long)Math.Round(100.0 * row.Share / row.Shares));
        return new
        {
            campaignid = new V3Id(row.CampaignId),
            messageid = new V3Id(row.MessageId),
            percentage,
            sourcesize = "0",
            send_amt = sums.Sends,
            total_amt = sums.Sends,
            opens = sums.Opens,
            uniqueopens = sums.UniqueOpens,
            linkclicks = sums.Clicks,
            uniquelinkclicks = sums.UniqueLinkClicks,
            subscriberclicks = sums.Clickers,
            forwards = sums.Forwards,
            uniqueforwards = sums.UniqueForwards,
            hardbounces = sums.HardBounces,
            softbounces = sums.SoftBounces,
            unsubscribes = sums.Unsubscribes,
            unsubreasons = "0",
            updates = "0",
            socialshares = sums.Shares,
            replies = sums.Replies,
            uniquereplies = sums.UniqueReplies,
            spamcheck_score = (string?)null,
            spamcheck_max = (string?)null,
            initial_split_percentage = percentage,
            screenshot = (string?)null,
            subject = row.Subject,
            links = Links(call, row.MessageId),
            id = new V3Id(row.MessageId),
            campaign = new V3Id(row.CampaignId),
            message = new V3Id(row.MessageId),
        };
    }
}

internal sealed record V3CampaignListRow(long Id, long CampaignId, long ListId, long? UserId, string Name, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary><c>/api/3/campaignLists</c>: to which lists campaigns go.</summary>
internal sealed class V3CampaignListsResource : V3Resource<V3CampaignListRow>
{
    public override string Plural => "campaignLists";

    public override string Singular => "campaignList";

    public override string Model => "CampaignList";

    public override Permission Permission => Permission.ViewMessages;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<V3CampaignListRow>("campaign", "campaigns", r => r.CampaignId), V3Relation.One<V3CampaignListRow>("list", "lists", r => r.ListId),
        V3Relation.One<V3CampaignListRow>("user", "users", r => r.UserId),
    ];

    protected override Sql Columns { get; } = Sql.Of($"cl.id, cl.campaign_id, cl.list_id, cl.created_by, coalesce(l.name, ''), cl.created_at, cl.updated_at");

    // A campaign has at most a hundred lists.
    protected override Sql Table { get; } = Sql.Of($"""
        (select k.account_id, k.id as campaign_id, u.list_id, k.id * 1000 + u.no as id, k.created_by, k.created_at, k.updated_at
         from messaging.campaign k cross join lateral unnest(k.list_ids) with ordinality as u (list_id, no)) cl
        """);

    protected override Sql Joins { get; } = Sql.Of($"left join contacts.list l on l.account_id = cl.account_id and l.id = cl.list_id");

    protected override Sql AccountColumn { get; } = Sql.Of($"cl.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"cl.id");

    protected override IReadOnlyDictionary<string, V3Owner<V3CampaignListRow>> Owners { get; } = new Dictionary<string, V3Owner<V3CampaignListRow>>(StringComparer.Ordinal)
    {
        ["campaigns"] = new(Sql.Of($"cl.campaign_id"), r => r.CampaignId),
    };

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"cl.id"), V3Kind.Id),
        ["campaignid"] = new(Sql.Of($"cl.campaign_id"), V3Kind.Id),
        ["listid"] = new(Sql.Of($"cl.list_id"), V3Kind.Id),
    });

    protected override long IdOf(V3CampaignListRow row) => row.Id;

    public override object View(V3CampaignListRow row, V3Call call) => new
    {
        campaignid = new V3Id(row.CampaignId),
        listid = new V3Id(row.ListId),
        userid = new V3Id(row.UserId ?? 0),
        list_amt = "0",
        cdate = call.Iso(row.CreatedAt),
        udate = call.Iso(row.UpdatedAt),
        name = row.Name,
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
        user = new V3Id(row.UserId ?? 0),
        list = new V3Id(row.ListId),
        campaign = new V3Id(row.CampaignId),
    };
}

internal sealed record V3LinkRow(long Id, long CampaignId, long MessageId, string Url, string Label, long Clicks, long Clicked);

/// <summary>
/// <c>/api/3/links</c>: the links of what campaigns sent, each version's last; first of each message the pseudo link <c>open</c>, the pixel. A link's number is
/// that of its version and its place in it.
/// </summary>
internal sealed class V3LinksResource : V3Resource<V3LinkRow>
{
    public override string Plural => "links";

    public override string Singular => "link";

    public override string Model => "Link";

    public override Permission Permission => Permission.ViewMessages;

    public override IReadOnlyList<V3Relation> Relations { get; } =
    [
        V3Relation.One<V3LinkRow>("campaign", "campaigns", r => r.CampaignId), V3Relation.One<V3LinkRow>("message", "messages", r => r.MessageId),
    ];

    protected override Sql Columns { get; } = Sql.Of($"k.id, k.campaign_id, k.message_id, k.url, k.label, coalesce(t.clicks, 0), coalesce(t.clicked, 0)");

    protected override Sql Table { get; } = Sql.Of($"""
        (select w.account_id, w.campaign_id, w.message_id, v.id * 1000 + l.no as id, v.id as version_id, l.no, l.url, l.label
         from messaging.campaign_variant w
         cross join lateral (
             select id, account_id from messaging.message_version v where v.account_id = w.account_id and v.message_id = w.message_id order by v.id desc limit 1) v
         cross join lateral (
             select 0 as no, 'open' as url, 'Read Tracker' as label
             union all
             select no, url, label from messaging.link x where x.account_id = v.account_id and x.message_version_id = v.id) l) k
        """);

    protected override Sql Joins { get; } = Sql.Of($"""
        left join lateral (
            select sum(y.total) filter (where y.what = 'link_clicks')::bigint as clicks, sum(y.total) filter (where y.what = 'link')::bigint as clicked
            from messaging.message_tally y
            where y.account_id = k.account_id and y.message_id = k.message_id and y.what in ('link', 'link_clicks')
              and y.part = any (select k.version_id || '/' || k.no || '/' || n from generate_series(1, 15) n where n & {Messaging.Reports.Ways.Counted} <> 0)) t on true
        """);

    protected override Sql AccountColumn { get; } = Sql.Of($"k.account_id");

    protected override Sql IdColumn { get; } = Sql.Of($"k.id");

    protected override IReadOnlyDictionary<string, V3Owner<V3LinkRow>> Owners { get; } = new Dictionary<string, V3Owner<V3LinkRow>>(StringComparer.Ordinal)
    {
        ["campaigns"] = new(Sql.Of($"k.campaign_id"), r => r.CampaignId),
    };

    protected override V3Filters Filters { get; } = new(new Dictionary<string, V3Attribute>(StringComparer.Ordinal)
    {
        ["id"] = new(Sql.Of($"k.id"), V3Kind.Id),
        ["campaignid"] = new(Sql.Of($"k.campaign_id"), V3Kind.Id),
        ["messageid"] = new(Sql.Of($"k.message_id"), V3Kind.Id),
        ["link"] = new(Sql.Of($"k.url"), V3Kind.Text),
    });

    protected override long IdOf(V3LinkRow row) => row.Id;

    public override object View(V3LinkRow row, V3Call call) => new
    {
        campaignid = new V3Id(row.CampaignId),
        messageid = new V3Id(row.MessageId),
        link = row.Url,
        name = row.Label,
        @ref = string.Empty,
        tracked = "1",
        uniquelinkclicks = new V3Id(row.Clicked),
        linkclicks = new V3Id(row.Clicks),
        links = Links(call, row.Id),
        id = new V3Id(row.Id),
        campaign = new V3Id(row.CampaignId),
        message = new V3Id(row.MessageId),
    };
}
