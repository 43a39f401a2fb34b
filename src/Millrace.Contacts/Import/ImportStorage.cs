using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Import;

/// <summary>Keeps the files of imports, and not for longer than they are needed.</summary>
internal static class ImportStorage
{
    public const int ChunkBytes = 1 << 20;

    /// <summary>How long an uploaded file waits for its start.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    public static async Task AddChunkAsync(
        NpgsqlDataSource database, long accountId, long importId, int no, byte[] content, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        await Sql.Of($"insert into contacts.import_chunk (account_id, import_id, no, content) values ({accountId}, {importId}, {no}, {content})")
            .ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>Removes the files of imports that are over, and those nobody started for a day.</summary>
    public static async Task RemoveFilesAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await Sql.Of($"""
            with over as (
                update contacts.import
                set stored = false,
                    state = case when state in ('uploading', 'uploaded') then 'cancelled' else state end,
                    finished_at = coalesce(finished_at, {now})
                where stored and (state in ('finished', 'cancelled', 'failed')
                                  or (state in ('uploading', 'uploaded') and created_at < {now - Patience}))
                returning account_id, id)
            delete from contacts.import_chunk c using over o where c.account_id = o.account_id and c.import_id = o.id
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }
}
