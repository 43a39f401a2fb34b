using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Bulk;

/// <summary>Jobs as the UI shows them: with reasons in words and who started them. Two statements for any number of jobs.</summary>
internal sealed class BulkViews(Catalogue<BulkAction> actions, Catalogue<ReferenceSource> sources, TimeProvider clock)
{
    private static readonly Dictionary<string, string> Always = new(StringComparer.Ordinal)
    {
        [BulkOutcome.Gone] = "The contact was deleted meanwhile",
        [BulkOutcome.Failed] = "Could not be changed",
    };

    public async Task<List<BulkEndpoints.BulkJobView>> OfAsync(
        AccountTransaction work, long accountId, IReadOnlyList<BulkJobRow> jobs, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var reasons = (await Sql.Of($"""
            select job_id, reason, total from contacts.bulk_reason
            where account_id = {accountId} and job_id = any({jobs.Select(j => j.Id).ToArray()}) order by total desc, reason
            """).ListAsync<ReasonRow>(work, cancellationToken)).ToLookup(r => r.JobId);
        var users = sources.Find("user") is { } source
            ? (await source.ByIdsAsync(work, accountId, [.. jobs.Select(j => j.UserId).OfType<long>().Distinct()], cancellationToken)).ToDictionary(u => u.Id, u => u.Name)
            : [];
        return [.. jobs.Select(j => View(j, actions.Find(j.Action), reasons[j.Id], j.UserId is { } user ? users.GetValueOrDefault(user) : null, now))];
    }

    public static string Text(BulkAction? action, string reason) =>
        action?.Reasons.GetValueOrDefault(reason) ?? Always.GetValueOrDefault(reason) ?? reason;

    private static BulkEndpoints.BulkJobView View(BulkJobRow j, BulkAction? action, IEnumerable<ReasonRow> reasons, string? user, DateTimeOffset now) => new(
        j.Id, j.Action, j.Title, action?.Icon ?? "bolt", j.State, j.Total, j.Done, j.Changed, j.Skipped, user, j.UndoOf, j.UndoneBy,
        j.IsUndoable(action, now) ? j.FinishedAt + BulkJobs.Kept : null, j.FinishedAt is not { } end || end > now - BulkJobs.Kept, j.Problem, j.CreatedAt,
        j.FinishedAt, [.. reasons.Select(r => new BulkEndpoints.BulkReasonView(r.Reason, Text(action, r.Reason), r.Total))]);

    private sealed record ReasonRow(long JobId, string Reason, long Total);
}
