using Millrace.Kernel.Data;
using Millrace.Kernel.Security.Http;
using Millrace.Messaging.Sending;
using Millrace.Messaging.Transactional.Webhooks;

namespace Millrace.Messaging.Transactional.Events;

internal sealed record SuppressedAddress(string Address, StreamSuppressionReason Reason, SuppressionOrigin Origin, DateTimeOffset CreatedAt);

/// <summary>Suppressions of a stream by hand: added and lifted by people and programs, and told to webhooks.</summary>
internal sealed class StreamSuppressions(MailWebhooks webhooks, IHttpOutbox outbox, TimeProvider clock)
{
    private static readonly System.Text.Json.JsonElement Nothing = System.Text.Json.JsonElement.Parse("{}");

    /// <summary>From the commit on nothing more goes to them: no hand-over can slip in between.</summary>
    public async Task AddAsync(
        AccountTransaction work, long accountId, long serverId, long streamId, string streamKey, string[] addresses, SuppressionOrigin origin, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await SendGate.CloseAsync(work.Transaction, accountId, cancellationToken);
        var added = await TransactionalEvents.SuppressAsync(
            work.Transaction, accountId, streamId, [.. addresses.Select(a => a.ToLowerInvariant())], StreamSuppressionReason.ManualSuppression, origin, now, cancellationToken);
        await TellAsync(work, accountId, serverId, streamId, streamKey, added, true, origin, now, cancellationToken);
    }

    /// <returns>Those that were lifted or were not suppressed; who complained stays.</returns>
    public async Task<IReadOnlySet<string>> LiftAsync(
        AccountTransaction work, long accountId, long serverId, long streamId, string streamKey, string[] addresses, SuppressionOrigin origin, CancellationToken cancellationToken)
    {
        var keys = addresses.Select(a => a.ToLowerInvariant()).ToArray();
        var lifted = await Sql.Of($"""
            delete from messaging.stream_suppression
            where account_id = {accountId} and stream_id = {streamId} and address = any ({keys}) and reason <> 'spam_complaint' returning address
            """).ListAsync<string>(work, cancellationToken);
        var kept = await Sql.Of($"select address from messaging.stream_suppression where account_id = {accountId} and stream_id = {streamId} and address = any ({keys})")
            .ListAsync<string>(work, cancellationToken);
        await TellAsync(work, accountId, serverId, streamId, streamKey, lifted, false, origin, clock.GetUtcNow(), cancellationToken);
        return keys.Except(kept, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
    }

    private async Task TellAsync(
        AccountTransaction work, long accountId, long serverId, long streamId, string streamKey, List<string> addresses, bool suppressed, SuppressionOrigin origin, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        foreach (var address in addresses)
        {
            var body = EventPayload.SubscriptionChange(serverId, streamKey, null, address, suppressed, nameof(StreamSuppressionReason.ManualSuppression), origin.ToString(), now, null, Nothing);
            var calls = await webhooks.CallsAsync(work.Transaction, accountId, streamId, "unsubscribed", body.ToJsonString(), address, cancellationToken);
            if (calls.Count == 0)
            {
                return;
            }

            await outbox.AddAsync(work.Transaction, accountId, calls, cancellationToken);
        }
    }
}
