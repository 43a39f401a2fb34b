using Microsoft.Extensions.Options;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Messaging.Inbound;

/// <summary>Deletes inbound mails when their time is over, and lifts what three soft bounces had stopped for a while.</summary>
internal sealed class ForgetInbound(NpgsqlDataSource database, ISubscriptions subscriptions, IOptions<InboundOptions> options, TimeProvider clock) : IWorkerPass
{
    private const int Batch = 500;

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        var deleted = await Sql.Of($"""
            delete from messaging.inbound_mail m
            using (select a.id as account_id, o.id from accounts.account a
                   cross join lateral (
                       select i.id from messaging.inbound_mail i
                       where i.account_id = a.id and i.received_at < {now.AddDays(-options.Value.KeepDays)} and i.processed_at is not null
                         and i.forward_state is distinct from 'queued' and i.forward_state is distinct from 'handed_over'
                       order by i.received_at limit {Batch}) o) d
            where m.account_id = d.account_id and m.id = d.id
            """).ExecuteAsync(work, cancellationToken);
        var over = await Sql.Of($"""
            delete from messaging.suppression where reason = 'soft' and until is not null and until <= {now} returning account_id, address
            """).ListAsync<Over>(work, cancellationToken);
        foreach (var account in over.GroupBy(o => o.AccountId))
        {
            var addresses = account.Select(o => o.Address).ToArray();
            await Sql.Of($"update messaging.bounce set counts = false where account_id = {account.Key} and address = any ({addresses}) and counts").ExecuteAsync(work, cancellationToken);
            var contacts = await Sql.Of($"select id from contacts.contact where account_id = {account.Key} and email = any ({addresses})").ListAsync<long>(work, cancellationToken);
            await subscriptions.LiftBounceAsync(work.Transaction, account.Key, contacts, cancellationToken);
        }

        await work.CommitAsync(cancellationToken);
        return deleted + over.Count;
    }

    private sealed record Over(long AccountId, string Address);
}
