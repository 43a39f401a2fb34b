using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Contracts;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary><c>/api/app/sends</c>: the delivery log, newest first; one send with every attempt.</summary>
internal sealed class DeliveryLog : IEndpoint
{
    private const int MaxLimit = 200;
    private const int MaxLooked = 100_000;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("sends", ListAsync).WithName("send_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("sends/{id:long}", ShowAsync).WithName("send_show").RequirePermission(Permission.ViewMessages);
    }

    /// <param name="Reason">Class of the last reply, or why it was not sent.</param>
    /// <param name="Bounced">Class of a bounce that was told later, of a mail that had been taken; null: none.</param>
    internal sealed record SendItem(
        long Id, SendState State, SendSourceKind Source, long ContactId, string? To, long MessageId, string Subject, short Attempts, short? ReplyCode,
        string? Reason, DateTimeOffset QueuedAt, DateTimeOffset? NextAt, DateTimeOffset? FinishedAt, DateTimeOffset? OpenedAt, DateTimeOffset? ClickedAt, string? Bounced);

    /// <summary>A send as it is stored: of mails whose content stands elsewhere, where.</summary>
    private sealed record Stored(
        long Id, SendState State, SendSourceKind Source, long ContactId, string? To, long MessageId, string Subject, short Attempts, short? ReplyCode,
        string? Reason, DateTimeOffset QueuedAt, DateTimeOffset? NextAt, DateTimeOffset? FinishedAt, DateTimeOffset? OpenedAt, DateTimeOffset? ClickedAt, string? Bounced, long SourceId);

    internal sealed record SendList(IReadOnlyList<SendItem> Sends, long? Next);

    /// <param name="Stage">How far it came; <c>done</c>: the mail was taken.</param>
    /// <param name="Dialogue">The conversation with the mail server, a line each: milliseconds, <c>&gt;</c> ours or <c>&lt;</c> theirs, what was said. Null when it is not kept (any more).</param>
    internal sealed record SendAttempt(short No, DateTimeOffset AttemptedAt, string Stage, short? ReplyCode, string? ReplyText, string Class, string? Dialogue);

    /// <param name="Kind"><c>hard</c>, <c>soft</c> or <c>block</c>.</param>
    /// <param name="InboundId">The mail that told it; null: the server's answer did.</param>
    internal sealed record SendBounce(string Kind, string Class, short? Code, string Status, string Detail, long? InboundId, DateTimeOffset BouncedAt);

    internal sealed record SendView(SendItem Send, string? ReplyText, long? AutomationId, string? StepKey, IReadOnlyList<SendAttempt> Attempts, IReadOnlyList<SendBounce> Bounces);

    private sealed record More(string? ReplyText, long? AutomationId, string? StepKey);

    private static async Task<SendList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, IEnumerable<ILetters> letters, CancellationToken cancellationToken, string? state = null, long? contact = null, long? message = null,
        string? search = null, DateTimeOffset? from = null, DateTimeOffset? until = null, long? before = null, int limit = 50)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} sends.");
        }

        if (state is not null && !EnumNames<SendState>.TryParse(state, out _))
        {
            throw new InvalidInputException("state", "validation_failed", "There is no such state.");
        }

        var filters = new List<Sql> { Sql.Of($"s.account_id = {account.Id}") };
        if (before is not null)
        {
            filters.Add(Sql.Of($"s.id < {before}"));
        }

        if (state is not null)
        {
            filters.Add(Sql.Of($"s.state = {state}"));
        }

        if (contact is not null)
        {
            filters.Add(Sql.Of($"s.contact_id = {contact}"));
        }

        if (message is not null)
        {
            filters.Add(Sql.Of($"s.message_id = {message}"));
        }

        if (from is { } since)
        {
            filters.Add(Sql.Of($"s.queued_at >= {since.ToUniversalTime()}"));
        }

        if (until is { } end)
        {
            filters.Add(Sql.Of($"s.queued_at < {end.ToUniversalTime()}"));
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (search?.Trim().ToLowerInvariant() is { Length: > 0 } address)
        {
            filters.Add(await AddressFilterAsync(work, account.Id, address, before, cancellationToken));
        }

        var rows = await Sql.Of($"{Items} where {Sql.Join(" and ", filters)} order by s.id desc limit {limit + 1}").ListAsync<Stored>(work, cancellationToken);
        return new(await TitledAsync(work, account.Id, [.. rows.Take(limit)], letters, cancellationToken), rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private static async Task<SendView> ShowAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, IEnumerable<ILetters> letters, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var stored = await Sql.Of($"{Items} where s.account_id = {account.Id} and s.id = {id}").FirstAsync<Stored>(work, cancellationToken)
            ?? throw new NotFoundException();
        var item = (await TitledAsync(work, account.Id, [stored], letters, cancellationToken))[0];
        var more = await Sql.Of($"""
            select reply_text, automation_id, step_key from messaging.send where account_id = {account.Id} and id = {id}
            """).FirstAsync<More>(work, cancellationToken);
        // The success stands on the send itself; its conversation has the time at which it was finished.
        var attempts = await Sql.Of($"""
            select (row_number() over (order by at, no))::smallint, at, stage, reply_code, reply_text, class, text
            from (select coalesce(a.attempted_at, d.attempted_at) as at, coalesce(a.no, 32000) as no, coalesce(a.stage, 'done') as stage,
                         coalesce(a.reply_code, s.reply_code) as reply_code, coalesce(a.reply_text, s.reply_text) as reply_text, coalesce(a.class, 'sent') as class, d.text
                  from (select * from messaging.send_attempt where account_id = {account.Id} and send_id = {id}) a
                  full join (select * from messaging.send_dialogue where account_id = {account.Id} and send_id = {id}) d on d.attempted_at = a.attempted_at
                  left join messaging.send s on s.account_id = {account.Id} and s.id = {id} and a.no is null) t
            order by 1
            """).ListAsync<SendAttempt>(work, cancellationToken);
        var bounces = await Sql.Of($"""
            select kind, class, code, status, detail, inbound_id, bounced_at from messaging.bounce where account_id = {account.Id} and send_id = {id} order by bounced_at
            """).ListAsync<SendBounce>(work, cancellationToken);
        return new(item, more!.ReplyText, more.AutomationId, more.StepKey, attempts, bounces);
    }

    /// <summary>1:1 e-mails have their subjects from the module that wrote them.</summary>
    private static async Task<List<SendItem>> TitledAsync(
        AccountTransaction work, long accountId, List<Stored> rows, IEnumerable<ILetters> letters, CancellationToken cancellationToken)
    {
        var mails = rows.Where(r => r.Source == SendSourceKind.Personal).Select(r => r.SourceId).Distinct().ToList();
        var subjects = new Dictionary<long, string>();
        foreach (var source in mails.Count == 0 ? [] : letters)
        {
            foreach (var (mail, subject) in await source.SubjectsAsync(work.Transaction, accountId, mails, cancellationToken))
            {
                subjects[mail] = subject;
            }
        }

        return [.. rows.Select(r => new SendItem(
            r.Id, r.State, r.Source, r.ContactId, r.To, r.MessageId, r.Source == SendSourceKind.Personal ? subjects.GetValueOrDefault(r.SourceId, "") : r.Subject, r.Attempts,
            r.ReplyCode, r.Reason, r.QueuedAt, r.NextAt, r.FinishedAt, r.OpenedAt, r.ClickedAt, r.Bounced))];
    }

    /// <summary>
    /// An address: all mails of the contact who has it, by key. Beside that, and for a part of one, the newest hundred thousand mails are looked through, for an index of
    /// all addresses would cost every mail.
    /// </summary>
    private static async Task<Sql> AddressFilterAsync(AccountTransaction work, long accountId, string text, long? before, CancellationToken cancellationToken)
    {
        long[] contacts = [.. await Sql.Of($"select id from contacts.contact where account_id = {accountId} and email = {text}").ListAsync<long>(work, cancellationToken)];
        return Sql.Of($"""
            s.id in (
                select id from messaging.send where account_id = {accountId} and contact_id = any ({contacts})
                union all
                select id from (select n.id, n.sent_to, n.to_address from messaging.send n
                                where n.account_id = {accountId} and ({before} is null or n.id < {before}) order by n.id desc limit {MaxLooked}) n
                where strpos(lower(coalesce(n.sent_to, n.to_address, '')), {text}) > 0)
            """);
    }

    private static readonly Sql Items = Sql.Of($"""
        select s.id, s.state, s.source_kind, s.contact_id, coalesce(s.sent_to, s.to_address, c.email), s.message_id, coalesce(tm.subject, v.subject), s.attempts, s.reply_code,
               s.reason, s.queued_at, s.next_at, s.finished_at, s.opened_at, s.clicked_at,
               (select b.class from messaging.bounce b where s.state = 'sent' and b.account_id = s.account_id and b.send_id = s.id order by b.bounced_at limit 1), s.source_id
        from messaging.send s
        join messaging.message_version v on v.account_id = s.account_id and v.id = s.message_version_id
        left join contacts.contact c on c.account_id = s.account_id and c.id = s.contact_id
        left join messaging.mail tm on s.source_kind = 'transactional' and s.automation_id is null and s.contact_id = 0 and tm.account_id = s.account_id and tm.id = s.source_id
        """);
}
