using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Segments.Contracts;
using Millrace.Segments.Tree;
using Npgsql;

namespace Millrace.Segments.Saved;

/// <summary>
/// What becomes of the people a tree names: who of them can be written to (<c>POST segments/reach</c>), and what it has in common with a saved segment
/// (<c>POST segments/compare</c>). Exact and of one moment, or 422 <c>too_slow</c>.
/// </summary>
internal sealed class SegmentAudience : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("segments/reach", Reach).WithName("app_segment_reach").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("segments/compare", Compare).WithName("app_segment_compare").RequirePermission(Permission.ViewContacts);
    }

    /// <param name="Conditions">A tree in its stored form.</param>
    internal sealed record ReachRequest(JsonElement Conditions);

    /// <summary>One entry for each channel there is.</summary>
    internal sealed record ReachAnswer(IReadOnlyList<ChannelReach> Channels);

    /// <param name="Channel">Its key: <c>email</c>.</param>
    /// <param name="Reachable">How many can be written to, as far as is known now: no mail has to go to a particular list.</param>
    /// <param name="Unreachable">How many cannot, by reason, the most frequent first.</param>
    internal sealed record ChannelReach(string Channel, long Reachable, IReadOnlyList<ReachReason> Unreachable);

    /// <param name="Reason">Of e-mail: <c>no_address</c>, <c>complaint</c>, <c>excluded</c>, <c>bounced</c>, <c>unsubscribed</c>.</param>
    internal sealed record ReachReason(string Reason, long Count);

    /// <param name="Conditions">A tree in its stored form.</param>
    /// <param name="SegmentId">The saved segment to compare with.</param>
    internal sealed record CompareRequest(JsonElement Conditions, long SegmentId);

    /// <param name="OnlyThis">Contacts the tree names and the segment does not contain.</param>
    /// <param name="OnlyOther">Contacts of the segment that the tree does not name.</param>
    internal sealed record CompareAnswer(long OnlyThis, long Both, long OnlyOther);

    private static async Task<Ok<ReachAnswer>> Reach(
        ReachRequest request, CurrentAccount account, NpgsqlDataSource database, IConditions conditions, TimedLooks looks, IEnumerable<IReach> channels,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var tree = conditions.Parse(request.Conditions, "/conditions");
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.SnapshotAsync(database, account.Id, cancellationToken);
        await RefuseAsync(conditions, work, account.Id, tree, cancellationToken);
        var resolved = await conditions.ResolveAsync(work.Transaction, account.Id, tree, cancellationToken);
        var contacts = Sql.Of($"""
            select c.id as contact_id from contacts.contact c
            where c.account_id = {account.Id} and {conditions.Compile(resolved, new SegmentContext(account.Id, now, account.TimeZone))}
            """);
        var answers = new List<ChannelReach>();
        foreach (var channel in channels.OrderBy(c => c.Channel, StringComparer.Ordinal))
        {
            var rows = await looks.QuestionAsync(
                work, "/conditions", () => channel.Count(contacts, account.Id, now).ListAsync<Row>(work, cancellationToken), cancellationToken);
            answers.Add(new ChannelReach(
                channel.Channel,
                rows.Where(r => r.Reason is null).Sum(r => r.Count),
                [.. rows.Where(r => r.Reason is not null).Select(r => new ReachReason(r.Reason!, r.Count))]));
        }

        return TypedResults.Ok(new ReachAnswer(answers));
    }

    private static async Task<Ok<CompareAnswer>> Compare(
        CompareRequest request, CurrentAccount account, NpgsqlDataSource database, IConditions conditions, SegmentCounting counting, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var tree = conditions.Parse(request.Conditions, "/conditions");
        var context = new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone);
        // One moment for the three counts, or they could contradict each other.
        await using var work = await AccountTransaction.SnapshotAsync(database, account.Id, cancellationToken);
        await RefuseAsync(conditions, work, account.Id, tree, cancellationToken);
        var other = conditions.Parse((await SegmentRow.ReadAsync(work, account.Id, request.SegmentId, cancellationToken)).Tree, "/segment_id");
        var (mine, _) = await counting.CountAsync(work, context, tree, cancellationToken);
        var (theirs, _) = await counting.CountAsync(work, context, other, cancellationToken);
        var both = mine == 0 || theirs == 0
            ? 0
            : (await counting.CountAsync(
                work, context, new ConditionTree(new GroupNode(IsAll: true, [tree.Root, other.Root]), tree.Json), cancellationToken)).Count;
        return TypedResults.Ok(new CompareAnswer(mine - both, both, theirs - both));
    }

    private static async Task RefuseAsync(
        IConditions conditions, AccountTransaction work, long accountId, ConditionTree tree, CancellationToken cancellationToken)
    {
        if (await conditions.CheckAsync(work, accountId, tree, cancellationToken) is { Count: > 0 } errors)
        {
            throw new InvalidInputException(errors);
        }
    }

    private sealed record Row(string? Reason, long Count);
}
