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

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("sends", ListAsync).WithName("send_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("sends/{id:long}", ShowAsync).WithName("send_show").RequirePermission(Permission.ViewMessages);
    }

    /// <param name="Reason">Class of the last reply, or why it was not sent.</param>
    internal sealed record SendItem(
        long Id, SendState State, SendSourceKind Source, long ContactId, string? To, long MessageId, string Subject, short Attempts, short? ReplyCode,
        string? Reason, DateTimeOffset QueuedAt, DateTimeOffset? NextAt, DateTimeOffset? FinishedAt, DateTimeOffset? OpenedAt, DateTimeOffset? ClickedAt);

    internal sealed record SendList(IReadOnlyList<SendItem> Sends, long? Next);

    internal sealed record SendAttempt(short No, DateTimeOffset AttemptedAt, string Stage, short? ReplyCode, string? ReplyText, string Class);

    internal sealed record SendView(SendItem Send, string? ReplyText, long? AutomationId, string? StepKey, IReadOnlyList<SendAttempt> Attempts);

    private sealed record More(string? ReplyText, long? AutomationId, string? StepKey);

    private static async Task<SendList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? state = null, long? contact = null,
        long? before = null, int limit = 50)
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

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"{Items} where {Sql.Join(" and ", filters)} order by s.id desc limit {limit + 1}").ListAsync<SendItem>(work, cancellationToken);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private static async Task<SendView> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var item = await Sql.Of($"{Items} where s.account_id = {account.Id} and s.id = {id}").FirstAsync<SendItem>(work, cancellationToken)
            ?? throw new NotFoundException();
        var more = await Sql.Of($"""
            select reply_text, automation_id, step_key from messaging.send where account_id = {account.Id} and id = {id}
            """).FirstAsync<More>(work, cancellationToken);
        var attempts = await Sql.Of($"""
            select no, attempted_at, stage, reply_code, reply_text, class from messaging.send_attempt
            where account_id = {account.Id} and send_id = {id} order by no
            """).ListAsync<SendAttempt>(work, cancellationToken);
        return new(item, more!.ReplyText, more.AutomationId, more.StepKey, attempts);
    }

    private static readonly Sql Items = Sql.Of($"""
        select s.id, s.state, s.source_kind, s.contact_id, coalesce(s.sent_to, s.to_address, c.email), s.message_id, coalesce(tm.subject, v.subject), s.attempts, s.reply_code,
               s.reason, s.queued_at, s.next_at, s.finished_at, s.opened_at, s.clicked_at
        from messaging.send s
        join messaging.message_version v on v.account_id = s.account_id and v.id = s.message_version_id
        left join contacts.contact c on c.account_id = s.account_id and c.id = s.contact_id
        left join messaging.mail tm on s.source_kind = 'transactional' and s.automation_id is null and s.contact_id = 0 and tm.account_id = s.account_id and tm.id = s.source_id
        """);
}
