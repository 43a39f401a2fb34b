using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Erasing;
using Millrace.Messaging.Messages;
using Npgsql;

namespace Millrace.Messaging.Sending;

internal sealed class Outbox(MessageFreezer freezer, TimeProvider clock, WorkSignal signal) : IOutbox
{
    public Task<MessageVersionKey> FreezeStepAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, string stepKey, MessageContent content, CancellationToken cancellationToken) =>
        freezer.FreezeStepAsync(transaction, accountId, automationId, stepKey, content, cancellationToken);

    public async Task<IReadOnlyList<string?>> QueueAsync(
        NpgsqlTransaction transaction, long accountId, MessageVersionKey version, SendSource source, IReadOnlyList<SendRecipient> recipients,
        CancellationToken cancellationToken)
    {
        var count = recipients.Count;
        var (sources, contacts, visits) = (new long[count], new long[count], new int[count]);
        var (numbers, addresses) = (new short[count], new string?[count]);
        for (var i = 0; i < count; i++)
        {
            (sources[i], contacts[i], visits[i], numbers[i], addresses[i]) = recipients[i];
        }

        var now = clock.GetUtcNow();
        var lists = source.ListIds?.ToArray();
        // Asked here so that the trace can say why someone was skipped, and again in the hand-over, when it counts.
        var refused = await Sql.Of($"""
            with asked as materialized (
                select s.*, {(source.Kind == SendSourceKind.Personal ? SendGate.ReasonOfPersonal : SendGate.Reason)} as reason
                from (select {accountId} as account_id, r.source_id, r.contact_id, r.visit_no, r.recipient_no, r.to_address, r.no,
                             {Lane(source.Kind)} as lane, {lists} as list_ids
                      from unnest({sources}, {contacts}, {visits}, {numbers}, {addresses})
                           with ordinality as r (source_id, contact_id, visit_no, recipient_no, to_address, no)) s
                {SendGate.Joins(now)}),
            queued as (
                insert into messaging.send (account_id, bucket, lane, contact_id, message_id, message_version_id, source_kind, source_id, visit_no,
                    recipient_no, automation_id, step_key, list_ids, to_address, queued_at, next_at)
                select account_id, kernel.bucket_of(account_id, contact_id), lane, contact_id, {version.MessageId}, {version.VersionId}, {source.Kind},
                       source_id, visit_no, recipient_no, {source.AutomationId}, {source.StepKey}, list_ids, to_address, {now}, {source.At}
                from asked where reason is null order by no
                on conflict do nothing)
            select no, reason from asked where reason is not null
            """).ListAsync<Refused>(transaction, cancellationToken);
        var reasons = new string?[count];
        foreach (var (no, reason) in refused)
        {
            reasons[no - 1] = reason;
        }

        return reasons;
    }

    public Task<int> CancelAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, IReadOnlyCollection<long>? runIds, CancellationToken cancellationToken)
    {
        // Served by send_once: a stopped run must not cost a look at everything the account has ever sent.
        var only = runIds is null
            ? Sql.Empty
            : Sql.Of($"and source_kind in ('automation', 'notify') and source_id = any ({runIds.ToArray()})");
        return Sql.Of($"""
            update messaging.send set state = 'cancelled', next_at = null, finished_at = {clock.GetUtcNow()}, reason = 'automation_stopped'
            where account_id = {accountId} and automation_id = {automationId} and next_at is not null and state in ('queued', 'deferred') {only}
            """).ExecuteAsync(transaction, cancellationToken);
    }

    public Task<MessageVersionKey> BlankAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        BlankVersion.FindAsync(transaction, accountId, clock.GetUtcNow(), cancellationToken);

    public Task<int> CancelSourcesAsync(
        NpgsqlTransaction transaction, long accountId, SendSourceKind kind, IReadOnlyCollection<long> sourceIds, CancellationToken cancellationToken) => Sql.Of($"""
        update messaging.send set state = 'cancelled', next_at = null, finished_at = {clock.GetUtcNow()}, reason = 'withdrawn'
        where account_id = {accountId} and source_kind = {kind} and source_id = any ({sourceIds.ToArray()}) and next_at is not null and state in ('queued', 'deferred')
        """).ExecuteAsync(transaction, cancellationToken);

    public async Task EraseAsync(
        NpgsqlTransaction transaction, long accountId, SendSourceKind kind, IReadOnlyCollection<(long SourceId, short RecipientNo)> sources, CancellationToken cancellationToken)
    {
        var sends = await Sql.Of($"""
            select s.id from unnest({sources.Select(x => x.SourceId).ToArray()}, {sources.Select(x => x.RecipientNo).ToArray()}) as x (source_id, recipient_no)
            join messaging.send s on s.account_id = {accountId} and s.source_kind = {kind} and s.source_id = x.source_id and s.recipient_no = x.recipient_no
            order by s.id
            """).ListAsync<long>(transaction, cancellationToken);
        await ErasedSends.RunAsync(transaction, accountId, [.. sends], clock.GetUtcNow(), cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ComplainedAsync(
        NpgsqlTransaction transaction, long accountId, string[] addresses, CancellationToken cancellationToken) => await Sql.Of($"""
        select address from messaging.suppression where account_id = {accountId} and address = any ({addresses}) and reason = 'complaint'
        """).ListAsync<string>(transaction, cancellationToken);

    public void Wake() => signal.Pulse(nameof(SendDue));

    private static short Lane(SendSourceKind kind) => kind switch
    {
        SendSourceKind.Automation or SendSourceKind.Forward => 2,
        SendSourceKind.Campaign => 3,
        _ => 1,
    };

    private sealed record Refused(long No, string Reason);
}
