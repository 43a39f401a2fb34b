using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary>
/// Deletes what was sent as a test some weeks ago: its lines in the delivery log, and the content that was frozen for it. An empty version stays
/// behind, for deleting it would look through all mails for one that refers to it. A version that a younger test refers to stays as it is.
/// </summary>
internal sealed class ForgetTests(NpgsqlDataSource database, IOptions<SendingOptions> options, TimeProvider clock) : IWorkerPass
{
    private const int Batch = 200;

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var old = clock.GetUtcNow() - TimeSpan.FromDays(options.Value.KeepTestsDays);
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        // A test that is just being sent holds its account's row of messages, so that it does not find a version which is gone when it commits.
        var forgotten = await Sql.Of($"""
            select v.account_id, v.id
            from messaging.message m
            join messaging.message_version v on v.account_id = m.account_id and v.message_id = m.id
            where m.is_test and v.created_at < {old} and v.hash <> sha256(convert_to('forgotten ' || v.id, 'UTF8')) and not exists (
                select 1 from messaging.send s
                where s.account_id = v.account_id and s.message_version_id = v.id and s.source_kind = 'test'
                  and (s.finished_at is null or s.finished_at >= {old}))
              and not exists (
                select 1 from messaging.send s
                where s.account_id = v.account_id and s.message_version_id = v.id and s.source_kind = 'notify' and s.automation_id is null
                  and (s.finished_at is null or s.finished_at >= {old}))
            order by v.account_id, v.id limit {Batch} for update of m skip locked
            """).ListAsync<Forgotten>(work, cancellationToken);
        if (forgotten.Count == 0)
        {
            return 0;
        }

        // The hash is one that no content has, so the same content tested again is a new version; it holds the number, for a message has each hash once.
        // Only what is old, whatever has come since the look above.
        var those = Sql.Of($"unnest({forgotten.Select(v => v.AccountId).ToArray()}, {forgotten.Select(v => v.Id).ToArray()}) as v (account_id, id)");
        await Sql.Of($"""
            delete from messaging.send_attempt a using messaging.send s, {those}
            where s.account_id = v.account_id and s.message_version_id = v.id and s.source_kind = 'test' and s.finished_at < {old}
              and a.account_id = s.account_id and a.send_id = s.id
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            delete from messaging.send s using {those}
            where s.account_id = v.account_id and s.message_version_id = v.id and s.source_kind = 'test' and s.finished_at < {old}
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"delete from messaging.link l using {those} where l.account_id = v.account_id and l.message_version_id = v.id").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            update messaging.message_version d
            set hash = sha256(convert_to('forgotten ' || d.id, 'UTF8')), subject = '', preheader = '', from_name = '', from_address = '', reply_to = '', html = '', text = ''
            from {those} where d.account_id = v.account_id and d.id = v.id
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return forgotten.Count;
    }

    private sealed record Forgotten(long AccountId, long Id);
}
