using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Segments.Saved;

/// <summary>What is asked about segments: how many, who, and why. Each answer is exact and of this moment, or 422 <c>too_slow</c> after five seconds.</summary>
internal sealed class SegmentQuestions : IEndpoint
{
    private const int MaxSample = 50;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapPost("segments/preview", Preview).WithName("app_segment_preview").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("segments/{id:long}/count", Count).WithName("app_segment_count").RequirePermission(Permission.ViewContacts);
        routes.App.MapPost("segments/{id:long}/explain", Explain).WithName("app_segment_explain").RequirePermission(Permission.ViewContacts);
    }

    /// <param name="Conditions">A tree in its stored form.</param>
    /// <param name="SegmentId">The segment being edited: naming it inside itself is refused.</param>
    /// <param name="Sample">How many contacts to show, 0 to 50. Default 10.</param>
    internal sealed record PreviewRequest(JsonElement Conditions, long? SegmentId = null, int Sample = 10);

    /// <param name="Count">Exact, whatever state the contacts are in.</param>
    /// <param name="TookMs">How long it took to find them.</param>
    internal sealed record PreviewAnswer(long Count, long TookMs, IReadOnlyList<SampleContact> Sample, string Words);

    internal sealed record CountAnswer(long Count, int TookMs, DateTimeOffset CountedAt);

    internal sealed record ExplainRequest(long ContactId);

    internal sealed record ExplainAnswer(bool Matches, string Words, IReadOnlyList<LeafAnswer> Leaves);

    private static async Task<Ok<PreviewAnswer>> Preview(
        PreviewRequest request, CurrentAccount account, NpgsqlDataSource database, IConditions conditions, SegmentBook book, SegmentCounting counting,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        var tree = conditions.Parse(request.Conditions, "/conditions");
        var context = new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        if (await conditions.CheckAsync(work, account.Id, tree, cancellationToken) is { Count: > 0 } errors)
        {
            throw new InvalidInputException(errors);
        }

        if (request.SegmentId is { } edited && !tree.IsResolved)
        {
            var changed = new KnownSegment(edited, "this", tree.Root);
            var segments = (await book.OfAsync(work.Transaction, account.Id, cancellationToken)).With(changed);
            if (segments.Circle(changed) is { } circle)
            {
                throw new InvalidInputException("/conditions", "segment_cycle", $"A segment cannot be part of itself: {string.Join(" → ", circle)}.");
            }
        }

        var words = await conditions.DescribeAsync(work, account.Id, tree, cancellationToken);
        var (found, took) = await counting.PreviewAsync(work, context, tree, Math.Clamp(request.Sample, 0, MaxSample), cancellationToken);
        return TypedResults.Ok(new PreviewAnswer(found.Count, took, found.Sample, words));
    }

    private static async Task<Ok<CountAnswer>> Count(
        long id, CurrentAccount account, NpgsqlDataSource database, IConditions conditions, SegmentCounting counting, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var row = await SegmentRow.ReadAsync(work, account.Id, id, cancellationToken);
        var now = clock.GetUtcNow();
        var tree = conditions.Parse(row.Tree, "/conditions");
        var (count, took) = await counting.CountAsync(work, new SegmentContext(account.Id, now, account.TimeZone), tree, cancellationToken);
        await Sql.Of($"""
            update segments.segment set last_count = {count}, counted_at = {now}, count_ms = {took}
            where account_id = {account.Id} and id = {id} and version = {row.Version}
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Ok(new CountAnswer(count, took, now));
    }

    private static async Task<Ok<ExplainAnswer>> Explain(
        long id, ExplainRequest request, CurrentAccount account, NpgsqlDataSource database, IConditions conditions, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        // One moment for all questions, or they could contradict each other.
        await using var work = await AccountTransaction.SnapshotAsync(database, account.Id, cancellationToken);
        var row = await SegmentRow.ReadAsync(work, account.Id, id, cancellationToken);
        var tree = conditions.Parse(row.Tree, "/conditions");
        var context = new SegmentContext(account.Id, clock.GetUtcNow(), account.TimeZone);
        var leaves = await conditions.ExplainAsync(work, context, tree, request.ContactId, cancellationToken);
        var matching = await conditions.MatchingAsync(work.Transaction, context, tree, [request.ContactId], cancellationToken);
        return TypedResults.Ok(new ExplainAnswer(matching.Count > 0, await conditions.DescribeAsync(work, account.Id, tree, cancellationToken), leaves));
    }
}
