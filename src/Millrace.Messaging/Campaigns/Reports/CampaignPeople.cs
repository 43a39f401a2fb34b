using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;

namespace Millrace.Messaging.Campaigns.Reports;

/// <summary>Whom a number of a campaign's report counts.</summary>
internal enum PeopleOf
{
    /// <summary>Everybody it was sent to, taken or refused.</summary>
    Sent,
    Opened,
    NotOpened,
    Clicked,
    NotClicked,
    Bounced,
    Unsubscribed,
    Complained,
    Replied,
    Forwarded,
    Shared,
}

/// <param name="Variant">Of this variant only; null: of all.</param>
/// <param name="Link">Only who followed this link (as the author wrote it); with <see cref="PeopleOf.Clicked"/>.</param>
internal sealed record PeopleQuestion(long CampaignId, PeopleOf What, short? Variant, string? Link, ReportCounting Counting);

/// <param name="ContactId">The contact may be gone; then its name is empty.</param>
/// <param name="VariantNo">Which of the contents it got.</param>
/// <param name="At">When it first happened; of those to whom nothing did, when the mail was sent.</param>
/// <param name="Times">How often, of what counts.</param>
/// <param name="Detail">Members of the activity: class of a bounce, reason of leaving, country and program of an open.</param>
internal sealed record CampaignPerson(
    long SendId, long ContactId, string Email, string Name, short VariantNo, DateTimeOffset? At, DateTimeOffset? LastAt, int Times, JsonElement? Detail);

/// <summary>The people behind a number, latest sends first, a page at a time by key.</summary>
internal static class CampaignPeople
{
    /// <param name="before">Send id that the page before ended with; null: from the beginning.</param>
    /// <exception cref="NotFoundException">There is no such campaign.</exception>
    public static async Task<List<CampaignPerson>> ListAsync(
        AccountTransaction work, long accountId, PeopleQuestion question, long? before, int limit, CancellationToken cancellationToken)
    {
        var variants = await CampaignTally.VariantsAsync(work, accountId, question.CampaignId, cancellationToken);
        var chosen = variants.Where(v => question.Variant is null || v.No == question.Variant).ToList();
        return await Page(accountId, question, [.. chosen.Select(v => v.MessageId)], [.. chosen.Select(v => v.No)], before ?? long.MaxValue, limit)
            .ListAsync<CampaignPerson>(work, cancellationToken);
    }

    /// <summary>Every part is a search by key of one message, so a page costs the same however many got the mail.</summary>
    internal static Sql Page(long accountId, PeopleQuestion question, long[] messages, short[] variants, long before, int limit)
    {
        var ways = CampaignTally.WaysOf(question.Counting);
        var people = question switch
        {
            { What: PeopleOf.Sent } => Sends(accountId, before, limit, Sql.Of($"s.state in ('sent', 'failed')")),
            { What: PeopleOf.NotOpened } => Sends(accountId, before, limit, Without(accountId, "opened", ways)),
            { What: PeopleOf.NotClicked } => Sends(accountId, before, limit, Without(accountId, "clicked", ways)),
            { What: PeopleOf.Clicked, Link: { } link } => Sql.Of($"""
                select f.send_id, f.contact_id, f.first_at, f.last_at, {Times(ways, hasPrivacy: false)} as times, null::jsonb as detail
                from messaging.message_version v
                join messaging.link l on l.account_id = v.account_id and l.message_version_id = v.id and l.url = {link}
                cross join lateral (
                    select * from messaging.link_fact f
                    where f.account_id = {accountId} and f.message_id = m.id and f.message_version_id = v.id and f.link = l.no and f.send_id < {before} and f.ways & {ways} <> 0
                    order by f.send_id desc limit {limit}) f
                where v.account_id = {accountId} and v.message_id = m.id
                """),
            _ => Sql.Of($"""
                select f.send_id, f.contact_id, f.first_at, f.last_at, {Times(ways, hasPrivacy: true)} as times, f.detail
                from messaging.mail_fact f
                where f.account_id = {accountId} and f.message_id = m.id and f.what = {Fact(question.What)} and f.send_id < {before} and f.ways & {ways} <> 0
                order by f.send_id desc limit {limit}
                """),
        };
        return Sql.Of($"""
            select p.send_id, p.contact_id, coalesce(c.email, s.sent_to, ''), coalesce(btrim(concat_ws(' ', c.first_name, c.last_name)), ''), p.no, p.first_at, p.last_at, p.times, p.detail
            from (select m.no, f.* from unnest({messages}, {variants}) as m (id, no) cross join lateral ({people}) f order by f.send_id desc limit {limit}) p
            left join lateral (select sent_to from messaging.send s where s.account_id = {accountId} and s.id = p.send_id limit 1) s on true
            left join lateral (select email, first_name, last_name from contacts.contact c where c.account_id = {accountId} and c.id = p.contact_id limit 1) c on true
            order by p.send_id desc
            """);
    }

    private static Sql Sends(long accountId, long before, int limit, Sql where) => Sql.Of($"""
        select s.id as send_id, s.contact_id, s.finished_at as first_at, s.finished_at as last_at, 1 as times,
               case when s.state = 'failed' then jsonb_build_object('class', s.reason) end as detail
        from messaging.send s
        where s.account_id = {accountId} and s.message_id = m.id and s.id < {before} and s.source_kind in ('automation', 'campaign', 'transactional') and {where}
        order by s.id desc limit {limit}
        """);

    private static Sql Without(long accountId, string what, int ways) => Sql.Of($"""
        s.state = 'sent' and not exists (
            select 1 from messaging.mail_fact f
            where f.account_id = {accountId} and f.message_id = m.id and f.what = {what} and f.send_id = s.id and f.ways & {ways} <> 0)
        """);

    private static Sql Times(int ways, bool hasPrivacy) => Sql.Of($"""
        ({(ways & Messaging.Reports.Ways.Person) / Messaging.Reports.Ways.Person} * f.by_person + {(ways & Messaging.Reports.Ways.Suspect) / Messaging.Reports.Ways.Suspect} * f.by_suspect
         + {(ways & Messaging.Reports.Ways.Machine) / Messaging.Reports.Ways.Machine} * f.by_machine
         + {(hasPrivacy ? Sql.Of($"{(ways & Messaging.Reports.Ways.Privacy) / Messaging.Reports.Ways.Privacy} * f.by_privacy") : Sql.Of($"0"))})
        """);

    private static string Fact(PeopleOf what) => what switch
    {
        PeopleOf.Opened => "opened",
        PeopleOf.Clicked => "clicked",
        PeopleOf.Bounced => "bounced",
        PeopleOf.Unsubscribed => "unsubscribed",
        PeopleOf.Complained => "complained",
        PeopleOf.Replied => "replied",
        PeopleOf.Forwarded => "forwarded",
        _ => "shared",
    };
}
