using System.Globalization;
using Microsoft.AspNetCore.Http;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;

namespace Millrace.Segments.Matching;

/// <summary>What a caller asks to see of a run: <c>page</c>, <c>page_size</c> (to 10,000, which is the default too), <c>sort</c>, <c>instant</c>.</summary>
/// <param name="Instant">Answer at once, without waiting for the run.</param>
internal sealed record MatchPage(int Page, int Size, string? Sort, bool Instant)
{
    private const int MaxSize = 10_000;

    public static MatchPage Of(HttpRequest request) => new(
        Number(request, "page", 1_000_000) ?? 1,
        Number(request, "page_size", MaxSize) ?? MaxSize,
        request.Query["sort"].ToString() is { Length: > 0 } sort ? sort : null,
        request.Query["instant"].ToString() is "1" or "true");

    /// <summary>The answer: one resource, its contacts in the order that was asked for.</summary>
    public async Task<object> ViewAsync(AccountTransaction work, long accountId, MatchRun run, TimedLooks looks, CancellationToken cancellationToken)
    {
        var total = run.Total ?? 0;
        // Also before it is ready, so that what is wrong with the order is told by the first answer.
        var order = Sort is null ? null : await MatchSort.OrderAsync(work, accountId, Sort, cancellationToken);
        var matches = run.Total is null ? []
            : await looks.QuestionAsync(work, "sort", () => IdsAsync(work, accountId, run.Id, order, cancellationToken), cancellationToken);
        return new
        {
            data = new[]
            {
                new
                {
                    id = run.Id.ToString(),
                    type = run.Kind == "all" ? "matchAll" : "matchSome",
                    attributes = new
                    {
                        run_id = run.Id.ToString(),
                        run_id_start = Time(run.StartedAt),
                        run_id_end = run.EndedAt is { } ended ? Time(ended) : null,
                        is_ready = run.Total is not null,
                        problem = run.Problem,
                        matches,
                        segment_id = run.DefinitionId?.ToString() ?? run.SegmentId!.Value.ToString(CultureInfo.InvariantCulture),
                        segment_timestamp = run.SegmentAt.ToUnixTimeSeconds(),
                        page = new { current_page = Page, last_page = Math.Max(1, (total + Size - 1) / Size), per_page = Size, total },
                    },
                },
            },
        };
    }

    private async Task<List<long>> IdsAsync(AccountTransaction work, long accountId, Guid run, Sql? order, CancellationToken cancellationToken)
    {
        var offset = (Page - 1L) * Size;
        // They are kept in ascending order. Somebody who was deleted since is still part of the answer.
        return order is null
            ? offset >= int.MaxValue - MaxSize ? [] : await Sql.Of($"""
                select unnest(r.contact_ids[{(int)offset + 1}:{(int)offset + Size}]) from segments.match_run r where r.account_id = {accountId} and r.id = {run}
                """).ListAsync<long>(work, cancellationToken)
            : await Sql.Of($"""
                select m.id
                from segments.match_run r cross join lateral unnest(r.contact_ids) m (id)
                left join contacts.contact c on c.account_id = r.account_id and c.id = m.id
                where r.account_id = {accountId} and r.id = {run}
                order by {order} limit {Size} offset {offset}
                """).ListAsync<long>(work, cancellationToken);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static int? Number(HttpRequest request, string name, int max) => request.Query[name].ToString() switch
    {
        "" => null,
        var text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= max ? number
            : throw new InvalidInputException(name, $"{name}_invalid", string.Create(CultureInfo.InvariantCulture, $"This must be a number from 1 to {max}.")),
    };
}
