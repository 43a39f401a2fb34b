using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security.Http;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Integrations.Webhooks;

/// <inheritdoc cref="IHttpOutbox"/>
internal sealed class HttpOutbox(TimeProvider clock, WorkSignal signal) : IHttpOutbox
{
    public async Task AddAsync(NpgsqlTransaction transaction, long accountId, OutgoingCall call, CancellationToken cancellationToken)
    {
        var (now, headers) = (clock.GetUtcNow(), new JsonText(call.Headers.Count == 0 ? null : JsonSerializer.Serialize(call.Headers)));
        await Sql.Of($"""
            insert into integrations.webhook_delivery (account_id, bucket, url, method, headers, body, next_at, created_at)
            values ({accountId}, kernel.bucket_of({accountId}, 0::bigint), {call.Url}, {call.Method}, {headers}, {call.Body}, {now}, {now})
            """).ExecuteAsync(transaction, cancellationToken);
        signal.Pulse(nameof(DeliverWebhooks));
    }
}
