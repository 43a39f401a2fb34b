using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.PersonalMail.Composing;

/// <summary><c>/api/app/contacts/{id}/personal-mails</c>: what was written to a contact and what came back, newest first.</summary>
internal sealed class ConversationEndpoints : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("contacts/{id:long}/personal-mails", ListAsync).WithName("personal_mail_list").RequirePermission(Permission.ViewContacts);
        routes.App.MapGet("personal-mails/{id:long}", ShowAsync).WithName("personal_mail_show").RequirePermission(Permission.ViewContacts);
    }

    /// <param name="State"><c>queued</c>, <c>sent</c>, <c>failed</c> or <c>cancelled</c>.</param>
    internal sealed record MailItem(
        long Id, string Subject, string State, string From, string? User, int Opens, int Clicks, int Files, int Replies, DateTimeOffset? QueuedAt, DateTimeOffset? FinishedAt);

    internal sealed record MailPage(IReadOnlyList<MailItem> Mails, long? Next);

    /// <param name="State"><c>queued</c>, <c>handoff</c>, <c>deferred</c>, <c>sent</c>, <c>failed</c>, <c>refused</c>, <c>cancelled</c> or <c>unknown</c>.</param>
    /// <param name="Reply">The other server's words; null when it said nothing.</param>
    internal sealed record RecipientView(string Kind, string Name, string Address, string State, string? Reason, string? Reply);

    internal sealed record FileItem(string Name, int Size, int Downloads);

    internal sealed record LinkItem(string Url, int Clicks);

    /// <param name="Text">Plain text, sanitized; everything else of the answer stays in the mailbox.</param>
    internal sealed record ReplyView(long Id, string From, string Subject, string Text, DateTimeOffset? SentAt, DateTimeOffset ReceivedAt);

    /// <summary>An automation that the mail is to start, and what became of it.</summary>
    /// <param name="Cause"><c>sent</c> or <c>replied</c>.</param>
    /// <param name="At">Null: it has not happened yet.</param>
    /// <param name="Automation">Its name; its number when it is gone.</param>
    /// <param name="Reason">Why the contact did not enter: <c>entry_rule</c>, <c>automation_inactive</c>, <c>contact_gone</c>; null: it did, or it has not happened yet.</param>
    internal sealed record StartView(string Cause, long AutomationId, string Automation, DateTimeOffset? At, string? Reason);

    /// <param name="Html">Clean; empty for plain text.</param>
    internal sealed record MailView(
        long Id, long ContactId, string Subject, string State, string FromName, string FromAddress, string? User, bool ByMailbox, string Html, string Text, int Opens, int Clicks,
        DateTimeOffset? OpenedAt, DateTimeOffset? QueuedAt, DateTimeOffset? FinishedAt, string Filing, IReadOnlyList<RecipientView> Recipients, IReadOnlyList<FileItem> Files,
        IReadOnlyList<LinkItem> Links, IReadOnlyList<ReplyView> Replies, IReadOnlyList<StartView> Starts);

    private sealed record Row(
        long Id, long ContactId, string Subject, string State, string FromName, string FromAddress, string? User, bool ByMailbox, string Html, string Text, int Opens, int Clicks,
        DateTimeOffset? OpenedAt, DateTimeOffset? QueuedAt, DateTimeOffset? FinishedAt, string Filing);

    /// <param name="before">The page's <c>next</c>.</param>
    private static async Task<MailPage> ListAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, long? before = null, int limit = 20)
    {
        if (limit is < 1 or > 100)
        {
            throw new InvalidInputException("limit", "validation_failed", "A page has 1 to 100 mails.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await PersonOf.FindAsync(work, account.Id, id, cancellationToken);
        var rows = await Sql.Of($"""
            select m.id, m.subject, m.state, m.from_address, nullif(trim(u.first_name || ' ' || u.last_name), ''), m.opens, m.clicks,
                   (select count(*)::integer from personal.mail_file f where f.account_id = m.account_id and f.mail_id = m.id),
                   (select count(*)::integer from personal.reply r where r.account_id = m.account_id and r.mail_id = m.id), m.queued_at, m.finished_at
            from personal.mail m left join accounts.app_user u on u.account_id = m.account_id and u.id = m.user_id
            where m.account_id = {account.Id} and m.contact_id = {id} and m.state <> 'draft' and ({before} is null or m.id < {before})
            order by m.id desc limit {limit + 1}
            """).ListAsync<MailItem>(work, cancellationToken);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private static async Task<MailView> ShowAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, Catalogue<ReferenceSource> sources, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var m = await Sql.Of($"""
            select m.id, m.contact_id, m.subject, m.state, m.from_name, m.from_address, nullif(trim(u.first_name || ' ' || u.last_name), ''), m.mailbox_id is not null, m.html, m.text,
                   m.opens, m.clicks, m.opened_at, m.queued_at, m.finished_at, m.filing
            from personal.mail m left join accounts.app_user u on u.account_id = m.account_id and u.id = m.user_id
            where m.account_id = {account.Id} and m.id = {id} and m.state <> 'draft'
            """).FirstAsync<Row>(work, cancellationToken) ?? throw new NotFoundException();
        var recipients = await Sql.Of($"""
            select kind, name, address, state, reason, reply from personal.recipient where account_id = {account.Id} and mail_id = {id} order by no
            """).ListAsync<RecipientView>(work, cancellationToken);
        var files = await Sql.Of($"""
            select a.name, f.size, a.downloads from personal.mail_file a join personal.file f on f.account_id = a.account_id and f.id = a.file_id
            where a.account_id = {account.Id} and a.mail_id = {id} order by a.no
            """).ListAsync<FileItem>(work, cancellationToken);
        var links = await Sql.Of($"select url, clicks from personal.mail_link where account_id = {account.Id} and mail_id = {id} order by no")
            .ListAsync<LinkItem>(work, cancellationToken);
        var replies = await Sql.Of($"""
            select id, from_address, subject, text, sent_at, received_at from personal.reply where account_id = {account.Id} and mail_id = {id} order by id
            """).ListAsync<ReplyView>(work, cancellationToken);
        var starts = await Sql.Of($"""
            select c.cause, c.automation_id, '#' || c.automation_id, s.started_at, s.reason from personal.mail m
            cross join lateral (values ('sent', m.start_when_sent), ('replied', m.start_when_replied)) as c (cause, automation_id)
            left join personal.mail_start s on s.account_id = m.account_id and s.mail_id = m.id and s.cause = c.cause
            where m.account_id = {account.Id} and m.id = {id} and c.automation_id is not null order by c.cause desc
            """).ListAsync<StartView>(work, cancellationToken);
        if (starts.Count > 0 && sources.Find("automation") is { } automations)
        {
            var names = (await automations.ByIdsAsync(work, account.Id, [.. starts.Select(s => s.AutomationId)], cancellationToken)).ToDictionary(a => a.Id, a => a.Name);
            starts = [.. starts.Select(s => s with { Automation = names.GetValueOrDefault(s.AutomationId, s.Automation) })];
        }

        return new(
            m.Id, m.ContactId, m.Subject, m.State, m.FromName, m.FromAddress, m.User, m.ByMailbox, m.Html, m.Text, m.Opens, m.Clicks, m.OpenedAt, m.QueuedAt, m.FinishedAt, m.Filing,
            recipients, files, links, replies, starts);
    }
}
