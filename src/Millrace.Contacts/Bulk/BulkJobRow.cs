using System.Text.Json;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Contacts.Bulk;

/// <summary>One job as the table holds it.</summary>
/// <param name="UndoneBy">The job that takes or took it back.</param>
internal sealed record BulkJobRow(
    long Id, string Action, JsonElement Settings, string Title, string State, long Total, long Done, long Changed, long Skipped, long? UserId, long? UndoOf,
    long? UndoneBy, string? Problem, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    public bool IsUndoable(BulkAction? action, DateTimeOffset now) => action is { CanUndo: true }
        && UndoOf is null && UndoneBy is null && Changed > 0 && FinishedAt is { } end && end > now - BulkJobs.Kept;

    public static async Task<BulkJobRow?> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) =>
        await Query(accountId, Sql.Of($"and j.id = {id}")).FirstAsync<BulkJobRow>(work, cancellationToken);

    public static Task<List<BulkJobRow>> LatestAsync(AccountTransaction work, long accountId, int limit, CancellationToken cancellationToken) =>
        Query(accountId, Sql.Of($"order by j.id desc limit {limit}")).ListAsync<BulkJobRow>(work, cancellationToken);

    private static Sql Query(long accountId, Sql more) => Sql.Of($"""
        select j.id, j.action, j.settings, j.title, j.state, j.total, j.done, j.changed, j.skipped, j.user_id, j.undo_of,
               (select u.id from contacts.bulk_job u where u.account_id = j.account_id and u.undo_of = j.id), j.problem, j.created_at, j.finished_at
        from contacts.bulk_job j where j.account_id = {accountId} {more}
        """);
}
