using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.Lists;

/// <summary><c>PUT /api/app/contacts/{id}/subscriptions/{list}</c>: a person decides how a contact stands on a list.</summary>
internal sealed class SetSubscription : IEndpoint
{
    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPut("contacts/{id:long}/subscriptions/{listId:long}", Handle).WithName("subscription_set").RequirePermission(Permission.ManageContacts);

    internal sealed record SubscriptionInput(SubscriptionStatus Status);

    internal sealed record SubscriptionView(
        long ListId, SubscriptionStatus Status, DateTimeOffset? SubscribedAt, DateTimeOffset? UnsubscribedAt, string? Reason, string Source);

    private static async Task<Ok<SubscriptionView>> Handle(
        long id, long listId, SubscriptionInput request, CurrentAccount account, NpgsqlDataSource database, Subscriptions subscriptions,
        IActivityLog activities, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await ContactExists.CheckAsync(work, account.Id, id, cancellationToken);
        if (!await Subscriptions.ListExistsAsync(work.Transaction, account.Id, listId, cancellationToken))
        {
            throw new NotFoundException();
        }

        await SetAsync(subscriptions, work.Transaction, account.Id, id, listId, request.Status, ContactSource.Manual, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, account.Id, account.UserId, "contact.subscription", "contact", id, new { list = listId, status = request.Status }, cancellationToken);
        var view = await Sql.Of($"""
            select list_id, status, subscribed_at, unsubscribed_at, reason, source from contacts.subscription
            where account_id = {account.Id} and contact_id = {id} and list_id = {listId}
            """).FirstAsync<SubscriptionView>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return TypedResults.Ok(view);
    }

    /// <exception cref="InvalidInputException">The way from here to that status is not a person's to go.</exception>
    internal static async Task SetAsync(
        Subscriptions subscriptions, NpgsqlTransaction transaction, long accountId, long contactId, long listId, SubscriptionStatus status, string source,
        CancellationToken cancellationToken)
    {
        switch (status)
        {
            case SubscriptionStatus.Active:
                await subscriptions.SubscribeAsync(transaction, accountId, [contactId], listId, source, force: true, cancellationToken);
                break;
            case SubscriptionStatus.Unsubscribed:
                await subscriptions.UnsubscribeAsync(transaction, accountId, [contactId], [listId], source, reason: null, cancellationToken);
                await subscriptions.AddInactiveAsync(transaction, accountId, [contactId], listId, status, source, cancellationToken);
                break;
            case SubscriptionStatus.Unconfirmed:
            case SubscriptionStatus.Bounced:
                var now = await Sql.Of($"""
                    select status from contacts.subscription where account_id = {accountId} and contact_id = {contactId} and list_id = {listId}
                    """).FirstAsync<SubscriptionStatus?>(transaction, cancellationToken);
                if (now is { } other && other != status)
                {
                    throw new InvalidInputException("/status", "status_invalid", "A subscription becomes active or unsubscribed; the rest happens by itself.");
                }

                await subscriptions.AddInactiveAsync(transaction, accountId, [contactId], listId, status, source, cancellationToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(status));
        }
    }
}
