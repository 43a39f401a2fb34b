using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Messaging.Transactional.Events;

/// <summary>
/// Deletes content and files of mails whose time is over, answers kept for repeated requests after a day. What became of a mail stays as long again, then it
/// goes as well; the counters stay.
/// </summary>
internal sealed class ForgetMails(NpgsqlDataSource database, IOptions<TransactionalOptions> options, TimeProvider clock) : IWorkerPass
{
    private const int Batch = 500;

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var (now, keep) = (clock.GetUtcNow(), TimeSpan.FromDays(options.Value.KeepContentDays));
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var changed = await Sql.Of($"delete from messaging.mail_request where created_at < {now.AddDays(-1)}").ExecuteAsync(work, cancellationToken);

        // Nothing that is still on its way loses what it is made of.
        var old = await Sql.Of($"""
            select m.account_id, m.id from messaging.mail m
            where m.submitted_at < {now - keep} and m.forgotten_at is null and not exists (
                select 1 from messaging.mail_recipient r join messaging.send s on s.account_id = r.account_id and s.id = r.send_id
                where r.account_id = m.account_id and r.mail_id = m.id and s.next_at is not null)
            order by m.submitted_at limit {Batch} for update of m skip locked
            """).ListAsync<Key>(work, cancellationToken);
        if (old.Count > 0)
        {
            var those = Sql.Of($"unnest({old.Select(o => o.AccountId).ToArray()}, {old.Select(o => o.Id).ToArray()}) as o (account_id, id)");
            await Sql.Of($"delete from messaging.mail_file f using {those} where f.account_id = o.account_id and f.mail_id = o.id").ExecuteAsync(work, cancellationToken);
            await Sql.Of($"""
                update messaging.mail m set html = '', text = '', headers = '[]', metadata = {new JsonText("{}")}, forgotten_at = {now} from {those}
                where m.account_id = o.account_id and m.id = o.id
                """).ExecuteAsync(work, cancellationToken);
            changed += old.Count;
        }

        changed += await Sql.Of($"delete from messaging.stream_mail where received_at < {now - keep}").ExecuteAsync(work, cancellationToken);
        changed += await DropAsync(work, now - (2 * keep), cancellationToken);
        await work.CommitAsync(cancellationToken);
        return changed;
    }

    private static async Task<int> DropAsync(AccountTransaction work, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var gone = await Sql.Of($"""
            select m.account_id, m.id from messaging.mail m where m.submitted_at < {before} and m.forgotten_at is not null order by m.submitted_at limit {Batch} for update skip locked
            """).ListAsync<Key>(work, cancellationToken);
        if (gone.Count == 0)
        {
            return 0;
        }

        var those = Sql.Of($"unnest({gone.Select(o => o.AccountId).ToArray()}, {gone.Select(o => o.Id).ToArray()}) as o (account_id, id)");
        await Sql.Of($"delete from messaging.mail_event e using {those} where e.account_id = o.account_id and e.mail_id = o.id").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"delete from messaging.mail_link l using {those} where l.account_id = o.account_id and l.mail_id = o.id").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"delete from messaging.mail_recipient r using {those} where r.account_id = o.account_id and r.mail_id = o.id").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"delete from messaging.mail m using {those} where m.account_id = o.account_id and m.id = o.id").ExecuteAsync(work, cancellationToken);
        return gone.Count;
    }

    private sealed record Key(long AccountId, long Id);
}
