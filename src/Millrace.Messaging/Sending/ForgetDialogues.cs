using Microsoft.Extensions.Options;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>Deletes conversations with mail servers when their days are over. Mails are numbered as they come, so the oldest stand in front.</summary>
internal sealed class ForgetDialogues(NpgsqlDataSource database, IOptions<SendingOptions> options, TimeProvider clock) : IWorkerPass
{
    private const int Batch = 2_000;

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var old = clock.GetUtcNow().AddDays(-options.Value.KeepDialogueDays);
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var deleted = await Sql.Of($"""
            delete from messaging.send_dialogue d
            using (select a.id as account_id, o.send_id, o.attempted_at from accounts.account a
                   cross join lateral (
                       select f.send_id, f.attempted_at from messaging.send_dialogue f where f.account_id = a.id order by f.send_id, f.attempted_at limit {Batch}) o
                   where o.attempted_at < {old}) x
            where d.account_id = x.account_id and d.send_id = x.send_id and d.attempted_at = x.attempted_at
            """).ExecuteAsync(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return deleted;
    }
}
