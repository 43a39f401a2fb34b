using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>An import as the UI shows it.</summary>
/// <param name="State"><c>uploading</c>, <c>uploaded</c>, <c>running</c>, <c>finished</c>, <c>cancelled</c> or <c>failed</c>. What was imported before a cancellation stays.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="BytesDone">How much of it is through.</param>
/// <param name="Rows">Rows that are through, header not counted: the sum of the four that follow.</param>
/// <param name="Unchanged">Contacts that had everything already.</param>
/// <param name="RowsPerSecond">Since the start.</param>
/// <param name="Problem">Why it failed.</param>
internal sealed record ImportView(
    long Id, string Name, string State, long Bytes, long BytesDone, long Rows, long Created, long Updated, long Unchanged, long Rejected,
    double RowsPerSecond, string? Problem, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
{
    public static async Task<ImportView> OneAsync(
        NpgsqlDataSource database, long accountId, long importId, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var rows = await Select(accountId, Sql.Of($"and i.id = {importId}"), 1, clock).ListAsync<ImportView>(work, cancellationToken);
        return rows is [var only] ? only : throw new NotFoundException();
    }

    /// <param name="before">The last id of the page before; null for the first.</param>
    public static async Task<List<ImportView>> PageAsync(
        NpgsqlDataSource database, long accountId, long? before, int limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        return await Select(accountId, before is null ? Sql.Empty : Sql.Of($"and i.id < {before}"), limit, clock).ListAsync<ImportView>(work, cancellationToken);
    }

    private static Sql Select(long accountId, Sql more, int limit, TimeProvider clock) => Sql.Of($"""
        select i.id, i.name, i.state, i.bytes, case when i.state = 'finished' then i.bytes else least(i.bytes, l.bytes) end,
               l.rows, l.created, l.updated, l.unchanged, l.rejected,
               case when i.started_at is null then 0
                    else l.rows / greatest(0.001, extract(epoch from coalesce(i.finished_at, {clock.GetUtcNow()}) - i.started_at)::float8) end::float8,
               i.problem, i.created_at, i.started_at, i.finished_at
        from contacts.import i
        cross join lateral (
            select coalesce(sum(bytes), 0)::bigint as bytes, coalesce(sum(rows), 0)::bigint as rows, coalesce(sum(created), 0)::bigint as created,
                   coalesce(sum(updated), 0)::bigint as updated, coalesce(sum(unchanged), 0)::bigint as unchanged, coalesce(sum(rejected), 0)::bigint as rejected
            from contacts.import_lane l where l.account_id = i.account_id and l.import_id = i.id) l
        where i.account_id = {accountId} {more}
        order by i.id desc limit {limit}
        """);
}
