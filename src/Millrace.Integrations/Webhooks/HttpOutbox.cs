using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security.Http;
using Millrace.Kernel.Workers;
using Npgsql;

namespace Millrace.Integrations.Webhooks;

/// <inheritdoc cref="IHttpOutbox"/>
internal sealed class HttpOutbox(TimeProvider clock, WorkSignal signal) : IHttpOutbox
{
    public async Task AddAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<OutgoingCall> calls, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var headers = JsonText.Array([.. calls.Select(c => c.Headers.Count == 0 ? null : JsonSerializer.Serialize(c.Headers))]);
        await Sql.Of($"""
            insert into integrations.webhook_delivery (account_id, bucket, url, method, headers, body, person, next_at, created_at)
            select {accountId}, kernel.bucket_of({accountId}, 0::bigint), url, method, headers, body, lower(person), {now}, {now}
            from unnest({calls.Select(c => c.Url).ToArray()}, {calls.Select(c => c.Method).ToArray()}, {headers}, {calls.Select(c => c.Body).ToArray()},
                        {calls.Select(c => c.Person).ToArray()}) with ordinality as c (url, method, headers, body, person, no)
            order by no
            """).ExecuteAsync(transaction, cancellationToken);
        signal.Pulse(nameof(DeliverWebhooks));
    }
}
