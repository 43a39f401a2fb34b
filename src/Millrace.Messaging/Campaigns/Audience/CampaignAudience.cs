using System.Globalization;
using System.Text.Json;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Sending;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Messaging.Campaigns.Audience;

/// <summary>Whom a campaign is for.</summary>
internal sealed record AudienceRule(
    long[] ListIds, long? SegmentId, long[] ExcludeListIds, long? ExcludeSegmentId, long? ParentId = null, ResendTo? ResendTo = null)
{
    public static AudienceRule Of(Campaign campaign) => new(
        campaign.ListIds, campaign.SegmentId, campaign.ExcludeListIds, campaign.ExcludeSegmentId, campaign.ParentId, campaign.ResendTo);
}

/// <param name="Chosen">On the lists, in whatever standing, and in the segment.</param>
/// <param name="Reachable">Will get it, as things are now.</param>
/// <param name="LeftOut">Will not, by reason, the most frequent first.</param>
internal sealed record AudienceCount(long Chosen, long Reachable, IReadOnlyList<LeftOut> LeftOut);

/// <param name="Reason"><c>unsubscribed</c>, <c>unconfirmed</c>, <c>bounced</c>, <c>complaint</c>, <c>excluded</c> (exclusion list), <c>no_address</c>, <c>left_out</c> (on a list or in a segment that the campaign leaves out).</param>
internal sealed record LeftOut(string Reason, long Count);

/// <summary>A contact of a campaign's audience.</summary>
/// <param name="Reason">Why it does not get it; null: it does.</param>
/// <param name="TimeZone">Its own; null: none is known.</param>
/// <param name="BestHour">At which it opens mail; null: not known.</param>
internal sealed record ChosenContact(long ContactId, string? Reason, string? TimeZone, short? BestHour);

/// <summary>
/// Finds a campaign's people: on one of its lists, in its segment, not in what it leaves out; and asks the one gate who of them may be mailed. The same
/// expression counts and freezes.
/// </summary>
internal sealed class CampaignAudience(IConditions conditions, IAccountSettings accounts, TimeProvider clock)
{
    public const int BatchSize = 1_000;
    private static readonly short BulkLane = 3;

    /// <summary>The audience as it is now.</summary>
    public async Task<AudienceCount> CountAsync(AccountTransaction work, long accountId, AudienceRule rule, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (matches, leftOut) = await CompileAsync(work.Transaction, accountId, rule, contactIds: null, now, cancellationToken);
        var rows = await Sql.Of($"""
            with m as materialized (
                select c.id as contact_id, {leftOut} as left_out
                from (select distinct contact_id from contacts.subscription where account_id = {accountId} and list_id = any ({rule.ListIds})) b
                join contacts.contact c on c.account_id = {accountId} and c.id = b.contact_id
                where {matches})
            select r.reason, count(*) from (select {Reason(rule)} as reason from {Rows(accountId, rule)} {SendGate.Joins(now)}) r group by 1 order by 2 desc, 1
            """).ListAsync<ReasonCount>(work, cancellationToken);
        return new(
            rows.Sum(r => r.Count), rows.Where(r => r.Reason is null).Sum(r => r.Count),
            [.. rows.Where(r => r.Reason is not null).Select(r => new LeftOut(r.Reason!, r.Count))]);
    }

    /// <summary>
    /// The next of the contacts on the lists, by id, with those of them who are meant. Bounded whatever the segment: each batch looks at so many
    /// contacts of the lists, however few of them match.
    /// </summary>
    /// <returns>The last contact looked at, null when there is none left.</returns>
    public async Task<(long? Last, List<ChosenContact> Chosen)> NextAsync(
        NpgsqlTransaction transaction, long accountId, AudienceRule rule, long after, CancellationToken cancellationToken)
    {
        var window = await Sql.Of($"""
            select distinct k.contact_id
            from unnest({rule.ListIds}) as l (id)
            cross join (values ('active'), ('unconfirmed'), ('unsubscribed'), ('bounced')) s (status)
            cross join lateral (
                select contact_id from contacts.subscription
                where account_id = {accountId} and list_id = l.id and status = s.status and contact_id > {after} order by contact_id limit {BatchSize}) k
            order by k.contact_id limit {BatchSize}
            """).ListAsync<long>(transaction, cancellationToken);
        return window.Count == 0 ? (null, []) : (window[^1], await AmongAsync(transaction, accountId, rule, [.. window], cancellationToken));
    }

    /// <summary>Those of some contacts who are meant.</summary>
    public async Task<List<ChosenContact>> AmongAsync(
        NpgsqlTransaction transaction, long accountId, AudienceRule rule, long[] contactIds, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (matches, leftOut) = await CompileAsync(transaction, accountId, rule, contactIds, now, cancellationToken);
        return await Sql.Of($"""
            with m as materialized (
                select c.id as contact_id, {leftOut} as left_out
                from unnest({contactIds}) as w (id) join contacts.contact c on c.account_id = {accountId} and c.id = w.id
                where exists (select 1 from contacts.subscription b where b.account_id = {accountId} and b.contact_id = c.id and b.list_id = any ({rule.ListIds}))
                  and {matches})
            select s.contact_id, {Reason(rule)}, c.time_zone, h.hour
            from {Rows(accountId, rule)} {SendGate.Joins(now)}
            left join messaging.best_hour h on h.account_id = s.account_id and h.contact_id = s.contact_id
            order by s.contact_id
            """).ListAsync<ChosenContact>(transaction, cancellationToken);
    }

    /// <summary>What of the rule is gone: segments by their number; null: nothing.</summary>
    public async Task<string?> FindGoneAsync(AccountTransaction work, long accountId, AudienceRule rule, CancellationToken cancellationToken)
    {
        foreach (var id in new[] { rule.SegmentId, rule.ExcludeSegmentId }.OfType<long>())
        {
            if (!await HasSegmentAsync(work, accountId, id, cancellationToken))
            {
                return "segment";
            }
        }

        var lists = rule.ListIds.Distinct().ToArray();
        var there = await Sql.Of($"select count(*) from contacts.list where account_id = {accountId} and id = any ({lists})").FirstAsync<long>(work, cancellationToken);
        return there < lists.Length ? "list" : null;
    }

    public async Task<bool> HasSegmentAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        id > 0 && await conditions.CheckAsync(work, accountId, InSegment(id), cancellationToken) is { Count: 0 };

    private static Sql Rows(long accountId, AudienceRule rule) => Sql.Of($"""
        (select {accountId}::bigint as account_id, contact_id, {BulkLane} as lane, null::text as to_address, {rule.ListIds} as list_ids, left_out from m) s
        """);

    private static Sql Reason(AudienceRule rule) => Sql.Of($"""
        case when s.left_out then 'left_out' else
            case {SendGate.Reason} when 'unsubscribed' then
                case when exists (select 1 from contacts.subscription u where u.account_id = s.account_id and u.contact_id = s.contact_id
                                    and u.list_id = any ({rule.ListIds}) and u.status = 'unconfirmed') then 'unconfirmed' else 'unsubscribed' end
            else {SendGate.Reason} end
        end
        """);

    private async Task<(Sql Matches, Sql LeftOut)> CompileAsync(
        NpgsqlTransaction transaction, long accountId, AudienceRule rule, long[]? contactIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var zone = (await accounts.GetAsync(accountId, cancellationToken)).TimeZone;
        var context = new SegmentContext(accountId, now, zone, ContactIds: contactIds);
        var matches = rule.SegmentId is { } segment ? await SegmentAsync(segment) : Sql.Of($"true");
        if (rule is { ParentId: { } parent, ResendTo: { } resend })
        {
            matches = Sql.Of($"({matches}) and {Again(accountId, parent, resend)}");
        }

        var lists = rule.ExcludeListIds.Length == 0 ? Sql.Of($"false") : Sql.Of($"""
            exists (select 1 from contacts.subscription e where e.account_id = {accountId} and e.contact_id = c.id and e.status = 'active' and e.list_id = any ({rule.ExcludeListIds}))
            """);
        if (rule.ExcludeSegmentId is not { } excluded)
        {
            return (matches, lists);
        }

        var inExcluded = await SegmentAsync(excluded);
        return (matches, Sql.Of($"({lists} or {inExcluded})"));

        async Task<Sql> SegmentAsync(long id)
        {
            var tree = await conditions.ResolveAsync(transaction, accountId, InSegment(id), cancellationToken);
            return Sql.Of($"({conditions.Compile(tree, context)})");
        }
    }

    /// <summary>
    /// Not opened means that nothing has loaded its picture, no privacy proxy either: of those we cannot know, and nobody is sent the same twice on a guess.
    /// </summary>
    private static Sql Again(long accountId, long parent, ResendTo resend) => resend == ResendTo.NewContacts
        ? Sql.Of($"""
            not exists (select 1 from messaging.send z where z.account_id = {accountId} and z.source_kind = 'campaign' and z.source_id = {parent} and z.contact_id = c.id)
            """)
        : Sql.Of($"""
            exists (select 1 from messaging.send z where z.account_id = {accountId} and z.source_kind = 'campaign' and z.source_id = {parent} and z.contact_id = c.id
                      and z.state = 'sent' and z.opened_at is null and z.read_at is null and z.clicked_at is null)
            """);

    private ConditionTree InSegment(long id) => conditions.Parse(
        JsonElement.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"field":"segment","op":"in","value":{{id}}}""")), "/segment_id");

    private sealed record ReasonCount(string? Reason, long Count);
}
