using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Messaging.Senders.Checks;

/// <summary>Looks at the DNS records of domains that are due. A claim is a later due time, so a process that dies costs a domain some minutes.</summary>
internal sealed class CheckSenderDomains(NpgsqlDataSource database, DomainChecker checker, TimeProvider clock) : IWorkerPass
{
    private const int MaxTogether = 8;
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(5);

    private sealed record Due(long AccountId, long Id);

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<Due> due;
        await using (var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken))
        {
            due = await Sql.Of($"""
                update messaging.sender_domain d set next_check_at = {now + Claim}
                from (select account_id, id from messaging.sender_domain where next_check_at <= {now}
                      order by next_check_at limit {MaxTogether} for update skip locked) due
                where d.account_id = due.account_id and d.id = due.id
                returning d.account_id, d.id
                """).ListAsync<Due>(work, cancellationToken);
            await work.CommitAsync(cancellationToken);
        }

        await Task.WhenAll(due.Select(d => checker.RunAsync(d.AccountId, d.Id, cancellationToken)));
        return due.Count;
    }
}
