using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Messaging.Suppression;

/// <summary>
/// <c>/api/app/suppressions</c>: addresses that stopped being mailed by what happened (bounces, complaints, unsubscribes). A bounce can be lifted
/// by hand; a complaint or an unsubscribe ends only by a fresh opt-in.
/// </summary>
internal sealed class SuppressionsResource : IEndpoint
{
    private const int MaxLimit = 200;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("suppressions", ListAsync).WithName("suppression_list").RequirePermission(Permission.ViewContacts);
        routes.App.MapDelete("suppressions", LiftAsync).WithName("suppression_lift").RequirePermission(Permission.ManageContacts);
    }

    /// <param name="Until">Null: until lifted.</param>
    /// <param name="SendId">The mail that led to it; null when it was none.</param>
    /// <param name="CanLift">Whether a person may lift it.</param>
    internal sealed record Suppression(
        string Address, SuppressionReason Reason, string Detail, DateTimeOffset? Until, long? SendId, DateTimeOffset SuppressedAt, bool CanLift);

    /// <param name="Next">Pass as <c>after</c> for the next page; null on the last.</param>
    internal sealed record SuppressionList(IReadOnlyList<Suppression> Suppressions, string? Next);

    private static async Task<SuppressionList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken, string? search = null, string? reason = null,
        string? after = null, int limit = 50)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} addresses.");
        }

        if (reason is not null && !EnumNames<SuppressionReason>.TryParse(reason, out _))
        {
            throw new InvalidInputException("reason", "validation_failed", "There is no such reason.");
        }

        var wanted = search?.Trim().ToLowerInvariant();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select address, reason, detail, until, send_id, suppressed_at, reason in ('hard', 'soft', 'manual') from messaging.suppression
            where account_id = {account.Id} and ({after} is null or address > {after}) and ({reason} is null or reason = {reason})
              and ({wanted} is null or strpos(address, {wanted}) > 0) and (until is null or until > {clock.GetUtcNow()})
            order by address limit {limit + 1}
            """).ListAsync<Suppression>(work, cancellationToken);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Address : null);
    }

    private static async Task<NoContent> LiftAsync(
        string address, CurrentAccount account, NpgsqlDataSource database, ISubscriptions subscriptions, IAudit audit, CancellationToken cancellationToken)
    {
        var asked = address.Trim().ToLowerInvariant();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var reason = await Sql.Of($"select reason from messaging.suppression where account_id = {account.Id} and address = {asked} for update")
            .FirstAsync<SuppressionReason?>(work, cancellationToken) ?? throw new NotFoundException();
        if (reason is SuppressionReason.Complaint or SuppressionReason.Unsubscribe)
        {
            throw new ConflictException("not_liftable", "This person asked for no more mail. Only a fresh opt-in of their own ends that.");
        }

        await Sql.Of($"delete from messaging.suppression where account_id = {account.Id} and address = {asked}").ExecuteAsync(work, cancellationToken);
        // What was counted against it counts no more, though it stays in the book.
        await Sql.Of($"update messaging.bounce set counts = false where account_id = {account.Id} and address = {asked} and counts").ExecuteAsync(work, cancellationToken);
        var contacts = await Sql.Of($"select id from contacts.contact where account_id = {account.Id} and email = {asked}").ListAsync<long>(work, cancellationToken);
        await subscriptions.LiftBounceAsync(work.Transaction, account.Id, contacts, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "suppression.lift", "suppression", null, new { reason }, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
