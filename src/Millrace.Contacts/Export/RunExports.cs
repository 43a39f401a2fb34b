using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Millrace.Contacts.Fields;
using Millrace.Accounts.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Contacts.Export;

/// <summary>
/// Writes the files of exports, one after the other: all rows of one moment, page by page, in pieces of a megabyte. An export that was
/// interrupted begins anew, because that moment is over.
/// </summary>
internal sealed partial class RunExports(
    NpgsqlDataSource database, IContactConditions conditions, IAccountSettings accounts, TimeProvider clock, ILogger<RunExports> logger) : IWorkerPass
{
    private const int PageRows = 2_000;
    private const int ChunkBytes = 1 << 20;
    private const int MaxFailures = 3;

    /// <summary>How long a file can be fetched.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly string _me = RandomToken.New(16);

    /// <returns>Exports worked on.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } export)
        {
            await RemoveOldAsync(cancellationToken);
            return 0;
        }

        try
        {
            await WriteAsync(export, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e, export.Id);
            await CountFailureAsync(export, CancellationToken.None);
            throw;
        }

        return 1;
    }

    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await Sql.Of($"update contacts.export set state = 'waiting', worker = null, worker_until = null where state = 'running' and worker = {_me}")
            .ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    /// <summary>The oldest that waits, or that its worker has left for half a minute. Lease time is the database's own.</summary>
    private async Task<Claimed?> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var claimed = await Sql.Of($"""
            update contacts.export e set state = 'running', worker = {_me}, worker_until = now() + interval '30 seconds', rows = 0, bytes = 0
            from (select account_id, id from contacts.export
                  where state = 'waiting' or (state = 'running' and (worker = {_me} or worker_until < now()))
                  order by id limit 1
                  for no key update skip locked) next
            where e.account_id = next.account_id and e.id = next.id
            returning e.account_id, e.id, e.request
            """).ListAsync<Claimed>(work, cancellationToken);
        if (claimed is [var export])
        {
            await Sql.Of($"delete from contacts.export_chunk where account_id = {export.AccountId} and export_id = {export.Id}").ExecuteAsync(work, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        return claimed.FirstOrDefault();
    }

    private async Task WriteAsync(Claimed export, CancellationToken cancellationToken)
    {
        var request = ExportRequest.FromJson(export.Request);
        await using var snapshot = await AccountTransaction.SnapshotAsync(database, export.AccountId, cancellationToken);
        var fields = (await FieldDefinitions.AllAsync(snapshot.Transaction, export.AccountId, cancellationToken))
            .FindAll(f => request.FieldIds is null || request.FieldIds.Contains(f.Id));
        var zone = (await accounts.GetAsync(export.AccountId, cancellationToken)).TimeZone;
        var meant = await request.ConditionAsync(
            snapshot, conditions, new SegmentContext(export.AccountId, clock.GetUtcNow(), zone), string.Empty, cancellationToken);
        var columns = request.Columns ?? Enum.GetValues<ExportColumn>();
        var output = new ArrayBufferWriter<byte>(ChunkBytes + (1 << 16));
        output.Write("\uFEFF"u8);
        CsvText.AppendRow(output, [.. columns.Select(Title), .. fields.Select(f => f.Name)]);
        var (after, rows, no) = (0L, 0L, 0);
        while (await PageAsync(snapshot, meant, fields, after, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var row in page)
            {
                CsvText.AppendRow(output, [.. columns.Select(c => Cell(row, c)), .. row.Values]);
                if (output.WrittenCount >= ChunkBytes)
                {
                    await AddChunkAsync(export, no++, output, rows, cancellationToken);
                }

                rows++;
            }

            after = page[^1].Id;
        }

        await AddChunkAsync(export, no, output, rows, cancellationToken);
        await FinishAsync(export, rows, cancellationToken);
    }

    private static Task<List<Row>> PageAsync(
        AccountTransaction snapshot, Sql meant, List<FieldDefinition> fields, long after, CancellationToken cancellationToken) => Sql.Of($"""
        select c.id, c.email, c.first_name, c.last_name, c.phone, c.time_zone, c.created_at, c.updated_at,
               (select string_agg(t.name, ', ' order by t.name)
                from contacts.contact_tag x join contacts.tag t on t.account_id = x.account_id and t.id = x.tag_id
                where x.account_id = c.account_id and x.contact_id = c.id),
               array(select v.value
                     from unnest({fields.ConvertAll(f => f.Id).ToArray()}) with ordinality as f (id, no)
                     left join contacts.field_value v on v.account_id = c.account_id and v.contact_id = c.id and v.field_id = f.id
                     order by f.no)
        from contacts.contact c
        where {meant} and c.id > {after}
        order by c.id limit {PageRows}
        """).ListAsync<Row>(snapshot, cancellationToken);

    /// <summary>Adds what has gathered, unless another worker has begun the export anew.</summary>
    private async Task AddChunkAsync(Claimed export, int no, ArrayBufferWriter<byte> output, long rows, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, export.AccountId, cancellationToken);
        if (await Sql.Of($"""
            update contacts.export set bytes = bytes + {output.WrittenCount}, rows = {rows}, worker_until = now() + interval '30 seconds'
            where account_id = {export.AccountId} and id = {export.Id} and state = 'running' and worker = {_me}
            """).ExecuteAsync(work, cancellationToken) == 0)
        {
            throw new InvalidOperationException("Another worker has taken over this export.");
        }

        await Sql.Of($"""
            insert into contacts.export_chunk (account_id, export_id, no, content)
            values ({export.AccountId}, {export.Id}, {no}, {output.WrittenSpan.ToArray()})
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        output.ResetWrittenCount();
    }

    private async Task FinishAsync(Claimed export, long rows, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, export.AccountId, cancellationToken);
        await Sql.Of($"""
            update contacts.export set state = 'finished', finished_at = {clock.GetUtcNow()}, rows = {rows}
            where account_id = {export.AccountId} and id = {export.Id} and state = 'running' and worker = {_me}
            """).ExecuteAsync(work, cancellationToken);
        await LiveChanges.TellAsync(work, export.AccountId, cancellationToken, LiveTopics.Exports);
        await work.CommitAsync(cancellationToken);
    }

    private async Task CountFailureAsync(Claimed export, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, export.AccountId, cancellationToken);
        await Sql.Of($"""
            update contacts.export
            set failures = failures + 1,
                state = case when failures + 1 >= {MaxFailures} then 'failed' else state end,
                finished_at = case when failures + 1 >= {MaxFailures} then {clock.GetUtcNow()} end,
                problem = case when failures + 1 >= {MaxFailures} then 'The export failed again and again.' end
            where account_id = {export.AccountId} and id = {export.Id} and state = 'running' and worker = {_me}
            """).ExecuteAsync(work, cancellationToken);
        await LiveChanges.TellAsync(work, export.AccountId, cancellationToken, LiveTopics.Exports);
        await work.CommitAsync(cancellationToken);
    }

    private async Task RemoveOldAsync(CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await Sql.Of($"delete from contacts.export where finished_at < {clock.GetUtcNow() - Kept}").ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
    }

    private static string Title(ExportColumn column) => column switch
    {
        ExportColumn.Id => "Contact id",
        ExportColumn.Email => "E-mail",
        ExportColumn.FirstName => "First name",
        ExportColumn.LastName => "Last name",
        ExportColumn.Phone => "Phone",
        ExportColumn.TimeZone => "Time zone",
        ExportColumn.Tags => "Tags",
        ExportColumn.CreatedAt => "Created",
        ExportColumn.UpdatedAt => "Updated",
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    private static string? Cell(Row row, ExportColumn column) => column switch
    {
        ExportColumn.Id => row.Id.ToString(CultureInfo.InvariantCulture),
        ExportColumn.Email => row.Email,
        ExportColumn.FirstName => row.FirstName,
        ExportColumn.LastName => row.LastName,
        ExportColumn.Phone => row.Phone,
        ExportColumn.TimeZone => row.TimeZone,
        ExportColumn.Tags => row.Tags,
        ExportColumn.CreatedAt => Time(row.CreatedAt),
        ExportColumn.UpdatedAt => Time(row.UpdatedAt),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private sealed record Claimed(long AccountId, long Id, JsonElement Request);

    private sealed record Row(
        long Id, string? Email, string FirstName, string LastName, string Phone, string? TimeZone, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
        string? Tags, string?[] Values);

    [LoggerMessage(Level = LogLevel.Error, Message = "Export {ExportId} failed")]
    private partial void LogFailed(Exception exception, long exportId);
}
