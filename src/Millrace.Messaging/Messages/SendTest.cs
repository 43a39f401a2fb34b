using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Contracts;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary><c>POST /api/app/messages/{id}/test</c>: sends the message as it stands to users of the account, merged for a contact if one is named.</summary>
internal sealed class SendTest : IEndpoint
{
    private const int MaxRecipients = 10;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("messages/{id:long}/test", Handle).WithName("message_test").RequirePermission(Permission.ManageMessages);

    /// <param name="To">Addresses of users of this account; null is the caller's own.</param>
    internal sealed record TestInput(IReadOnlyList<string>? To = null, long? ContactId = null);

    internal sealed record TestQueued(int Queued);

    private static async Task<Accepted<TestQueued>> Handle(
        long id, TestInput request, CurrentAccount account, NpgsqlDataSource database, MessageFreezer freezer, IOutbox outbox, IAudit audit, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var message = await MessagesResource.FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
        var asked = request.To?.OfType<string>().Select(a => a.Trim().ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToArray();
        var users = await Sql.Of($"""
            select email from accounts.app_user
            where account_id = {account.Id} and disabled_at is null and case when {asked is null} then id = {account.UserId} else lower(email) = any ({asked}) end
            """).ListAsync<string>(work, cancellationToken);
        if (asked is not null && (asked.Length is 0 or > MaxRecipients || users.Count != asked.Length))
        {
            throw new InvalidInputException("/to", "not_a_user", $"Tests go to users of this account only, at most {MaxRecipients}.");
        }

        var tags = await AccountTags.LoadAsync(work.Transaction, account.Id, cancellationToken);
        var content = message.ToContent();
        var (version, _) = await freezer.FreezeAsync(
            work.Transaction, account.Id, id, content with { Subject = "[Test] " + content.Subject, TrackOpens = false, TrackClicks = false }, tags, cancellationToken);
        var number = await Sql.Of($"select nextval('messaging.test_no')").FirstAsync<long>(work, cancellationToken);
        await outbox.QueueAsync(
            work.Transaction, account.Id, version, new SendSource(SendSourceKind.Test, clock.GetUtcNow()),
            [.. users.Select((u, i) => new SendRecipient(number, request.ContactId ?? 0, 0, (short)i, u))], cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "message.test", "message", id, new { users.Count }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        outbox.Wake();
        return TypedResults.Accepted($"/api/app/sends", new TestQueued(users.Count));
    }
}
