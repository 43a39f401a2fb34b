using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Senders;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary>
/// <c>POST /api/app/messages/test</c>: sends content as it stands, saved or not, to a few addresses, merged for a contact if one is named. A test
/// goes the whole way of a real mail and stands in the delivery log, but counts nowhere: it tracks nothing and is no activity of anybody.
/// </summary>
internal sealed class SendTest : IEndpoint
{
    private const int MaxRecipients = 10;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("messages/test", Handle).WithName("message_test").RequirePermission(Permission.ManageMessages);

    /// <param name="To">At most ten addresses; null is the caller's own. So many tests in an hour as the server allows (60 unless it says otherwise), then 429.</param>
    /// <param name="ContactId">Whose values are merged; null leaves them to the fallbacks.</param>
    internal sealed record TestInput(MessagesResource.MessageInput Message, IReadOnlyList<string>? To = null, long? ContactId = null);

    internal sealed record TestQueued(int Queued, IReadOnlyList<string> To);

    private static async Task<Accepted<TestQueued>> Handle(
        TestInput request, CurrentAccount account, NpgsqlDataSource database, MessageFreezer freezer, SenderPolicy senders, IOutbox outbox, IAudit audit,
        IOptions<SendingOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var to = request.To is { } asked ? Read(asked) : await Sql.Of($"select email from accounts.app_user where account_id = {account.Id} and id = {account.UserId}")
            .ListAsync<string>(work, cancellationToken);
        if (request.ContactId is { } contact
            && !await Sql.Of($"select exists (select 1 from contacts.contact where account_id = {account.Id} and id = {contact})").FirstAsync<bool>(work, cancellationToken))
        {
            throw new InvalidInputException("/contact_id", "not_found", "There is no such contact.");
        }

        await RefuseUnwillingAsync(work, account.Id, to, now, cancellationToken);
        await senders.RequireAsync(work.Transaction, account.Id, request.Message.FromAddress.Trim(), "/message/from_address", cancellationToken);
        var version = await FreezeAsync(work, account.Id, request.Message.ToContent(), freezer, now, cancellationToken);
        await CountAsync(work, account.Id, to.Count, options.Value.TestsPerHour, now, cancellationToken);
        var number = await Sql.Of($"select nextval('messaging.test_no')").FirstAsync<long>(work, cancellationToken);
        await outbox.QueueAsync(
            work.Transaction, account.Id, version, new SendSource(SendSourceKind.Test, now),
            [.. to.Select((address, i) => new SendRecipient(number, request.ContactId ?? 0, 0, (short)i, address))], cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "message.test", "message", null, new { to.Count }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        outbox.Wake();
        return TypedResults.Accepted($"/api/app/sends", new TestQueued(to.Count, to));
    }

    private static List<string> Read(IReadOnlyList<string> asked)
    {
        if (asked.Count is 0 or > MaxRecipients)
        {
            throw new InvalidInputException("/to", "length", $"A test goes to 1 to {MaxRecipients} addresses.");
        }

        return [.. asked.Select((text, i) => EmailAddress.TryParse((text ?? "").Trim(), out var address, out var code, out var message)
            ? address.Value : throw new InvalidInputException($"/to/{i}", code, message)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Even a test is a mail: who complained gets none, and a dead address would only harm the sender's name.</summary>
    private static async Task RefuseUnwillingAsync(AccountTransaction work, long accountId, List<string> to, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var addresses = to.Select(a => a.ToLowerInvariant()).ToArray();
        var refused = await Sql.Of($"""
            select address from messaging.suppression
            where account_id = {accountId} and address = any ({addresses}) and reason in ('complaint', 'hard') and (until is null or until > {now})
            order by address limit 1
            """).FirstAsync<string>(work, cancellationToken);
        if (refused is not null)
        {
            throw new InvalidInputException($"/to/{Array.IndexOf(addresses, refused)}", "suppressed", "This address bounced or its owner complained, so nothing is sent to it.");
        }
    }

    /// <summary>The versions of tests belong to a message that is shown nowhere, so that a step's draft does not change what its message says.</summary>
    private static async Task<MessageVersionKey> FreezeAsync(
        AccountTransaction work, long accountId, MessageContent content, MessageFreezer freezer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            return await FreezeHiddenAsync(
                work.Transaction, accountId,
                content with { Subject = content.Subject.Trim().Length > 0 ? "[Test] " + content.Subject : "", TrackOpens = false, TrackClicks = false }, freezer, now,
                cancellationToken);
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException([.. e.Errors.Select(error => error with { Path = "/message" + error.Path })]);
        }
    }

    /// <summary>A version of the message that is shown nowhere. Its row is held until the transaction ends, so that the version is not forgotten meanwhile.</summary>
    internal static async Task<MessageVersionKey> FreezeHiddenAsync(
        NpgsqlTransaction transaction, long accountId, MessageContent content, MessageFreezer freezer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = await Sql.Of($"""
            insert into messaging.message as m (account_id, name, is_test, created_at, updated_at) values ({accountId}, 'Tests', true, {now}, {now})
            on conflict (account_id) where is_test do update set updated_at = excluded.updated_at
            returning m.id
            """).FirstAsync<long>(transaction, cancellationToken);
        var (version, _) = await freezer.FreezeAsync(
            transaction, accountId, id, content, await freezer.TagsAsync(transaction, accountId, cancellationToken), cancellationToken);
        return version;
    }

    /// <exception cref="RateLimitedException">The hour's tests are used up.</exception>
    private static async Task CountAsync(AccountTransaction work, long accountId, int count, int most, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        var sent = await Sql.Of($"""
            insert into messaging.test_quota as q (account_id, hour, sent) values ({accountId}, {hour}, {count})
            on conflict (account_id) do update
            set sent = case when q.hour = excluded.hour then q.sent else 0 end + excluded.sent, hour = excluded.hour
            returning q.sent
            """).FirstAsync<int>(work, cancellationToken);
        if (sent > most)
        {
            throw new RateLimitedException(hour.AddHours(1) - now);
        }
    }
}
