using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Lists;
using Millrace.Contacts.Tags;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Contacts.People;

/// <summary><c>POST /api/app/contacts/bulk</c>: one action on the contacts that a user has ticked, set-wise and in one transaction.</summary>
internal sealed class BulkContacts : IEndpoint
{
    public const int MaxContacts = 1_000;

    public static void Map(ModuleRoutes routes) =>
        routes.App.MapPost("contacts/bulk", Handle).WithName("contact_bulk").RequirePermission(Permission.ManageContacts);

    internal enum BulkAction
    {
        AddTag,
        RemoveTag,
        Subscribe,
        Unsubscribe,
        Delete,
    }

    /// <param name="Tag">For <c>add_tag</c> and <c>remove_tag</c>.</param>
    /// <param name="List">For <c>subscribe</c> and <c>unsubscribe</c>; without one, unsubscribing is from every list.</param>
    internal sealed record BulkRequest(BulkAction Action, IReadOnlyList<long> ContactIds, long? Tag = null, long? List = null);

    /// <param name="Changed">How many contacts (or subscriptions) really changed.</param>
    internal sealed record BulkResult(int Changed);

    private static async Task<Ok<BulkResult>> Handle(
        BulkRequest request, CurrentAccount account, NpgsqlDataSource database, Tagging tagging, ISubscriptions subscriptions, DeleteContacts delete,
        IActivityLog activities, CancellationToken cancellationToken)
    {
        if (request.ContactIds.Count is 0 or > MaxContacts)
        {
            throw new InvalidInputException("/contact_ids", "validation_failed", $"Choose 1 to {MaxContacts} contacts.");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var (transaction, ids) = (work.Transaction, request.ContactIds.Distinct().ToArray());
        var tag = request.Action is BulkAction.AddTag or BulkAction.RemoveTag ? await TagAsync(request, transaction, account.Id, cancellationToken) : 0;
        if (request.Action == BulkAction.Subscribe || request is { Action: BulkAction.Unsubscribe, List: not null })
        {
            await CheckListAsync(request, transaction, account.Id, cancellationToken);
        }

        var changed = request.Action switch
        {
            BulkAction.AddTag => (await tagging.AddAsync(transaction, account.Id, ids, [tag], cancellationToken)).Count,
            BulkAction.RemoveTag => (await tagging.RemoveAsync(transaction, account.Id, ids, [tag], cancellationToken)).Count,
            BulkAction.Subscribe => (await subscriptions.SubscribeAsync(
                transaction, account.Id, ids, request.List!.Value, ContactSource.Manual, force: false, cancellationToken)).Count,
            BulkAction.Unsubscribe => await subscriptions.UnsubscribeAsync(
                transaction, account.Id, ids, request.List is { } list ? [list] : null, ContactSource.Manual, reason: null, cancellationToken),
            BulkAction.Delete => await delete.RunAsync(transaction, account.Id, account.UserId, ids, cancellationToken),
            _ => throw new InvalidOperationException($"No such action: {request.Action}"),
        };
        await work.CommitAsync(cancellationToken);
        activities.Wake();
        return TypedResults.Ok(new BulkResult(changed));
    }

    private static async Task<long> TagAsync(BulkRequest request, NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        request.Tag is { } tag && await Tagging.ExistsAsync(transaction, accountId, tag, cancellationToken)
            ? tag
            : throw new InvalidInputException("/tag", "unknown_tag", "There is no such tag.");

    private static async Task CheckListAsync(BulkRequest request, NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken)
    {
        if (request.List is not { } list || !await Subscriptions.ListExistsAsync(transaction, accountId, list, cancellationToken))
        {
            throw new InvalidInputException("/list", "unknown_list", "There is no such list.");
        }
    }
}
