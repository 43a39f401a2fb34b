using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security.Http;
using Npgsql;

namespace Millrace.Integrations.Webhooks;

/// <summary>
/// Calls what is due. The claim is committed before the call and the outcome after it, so nothing is lost; a crash in between means that the
/// receiver is called again with the same <c>webhook-id</c>. Nothing network-bound happens inside a transaction.
/// </summary>
internal sealed class DeliverWebhooks(NpgsqlDataSource database, SafeHttp http, WebhookSignature signature, TimeProvider clock) : IBucketPass
{
    private const int InFlight = 10;
    private const int MaxAnswer = 1_024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // Waits before the second to the tenth attempt: about 75 hours in all.
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2), TimeSpan.FromHours(5),
        TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20), TimeSpan.FromHours(24),
    ];

    public async Task<int> RunOnceAsync(BucketSlice slice, CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(slice, cancellationToken);
        await Parallel.ForEachAsync(
            claimed,
            new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = CancellationToken.None },
            async (delivery, _) => await SettleAsync(delivery, await CallAsync(delivery)));
        return claimed.Count;
    }

    private async Task<List<Delivery>> ClaimAsync(BucketSlice slice, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.ForAllAccountsAsync(database, cancellationToken);
        await slice.FenceAsync(work.Transaction, cancellationToken);
        // While it is being called it is not due; if we die, it is due again a minute later.
        var claimed = await Sql.Of($"""
            update integrations.webhook_delivery d
            set attempts = d.attempts + 1, attempted_at = {now}, next_at = {now.AddMinutes(1)}
            from (select account_id, id from integrations.webhook_delivery
                  where bucket = any ({slice.Buckets}) and next_at <= {now} order by next_at limit {5 * InFlight}) due
            where d.account_id = due.account_id and d.id = due.id
            returning d.account_id, d.id, d.url, d.body, d.attempts, d.method, d.headers
            """).ListAsync<Delivery>(work, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return claimed;
    }

    private async Task<Outcome> CallAsync(Delivery delivery)
    {
        if (http.Reason(delivery.Url) is not null)
        {
            return new Outcome(null, "url_not_allowed", null, Retry: false, null);
        }

        // Past the claim nothing cancels: the receiver may already have acted.
        using var limit = new CancellationTokenSource(Patience);
        var id = string.Create(CultureInfo.InvariantCulture, $"msg_{delivery.AccountId}_{delivery.Id}");
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(new HttpMethod(delivery.Method), delivery.Url);
        var headers = delivery.Headers?.Deserialize<Dictionary<string, string>>() ?? [];
        request.Content = delivery.Method == "GET" ? null : new StringContent(delivery.Body, Encoding.UTF8, headers.GetValueOrDefault("Content-Type", "application/x-www-form-urlencoded"));
        foreach (var (name, value) in headers.Where(h => h.Key != "Content-Type"))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", signature.Sign(delivery.AccountId, id, timestamp, delivery.Body));
        request.Headers.UserAgent.ParseAdd("Millrace/1.0");
        try
        {
            using var response = await http.SendAsync(request, limit.Token);
            var answer = await SafeHttp.ReadTextAsync(response, MaxAnswer, limit.Token);
            var status = (int)response.StatusCode;
            return status is >= 200 and < 300
                ? new Outcome(status, null, answer, Retry: false, null)
                : new Outcome(status, "http_status", answer, Retry: response.StatusCode != HttpStatusCode.Gone, RetryAfter(response));
        }
        catch (OperationCanceledException)
        {
            return new Outcome(null, "timeout", null, Retry: true, null);
        }
        catch (HttpRequestException e)
        {
            return new Outcome(null, e.Message == "address_blocked" || e.InnerException?.Message == "address_blocked" ? "address_blocked" : "unreachable", null, Retry: true, null);
        }
        catch (IOException)
        {
            return new Outcome(null, "connection_lost", null, Retry: true, null);
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    private async Task SettleAsync(Delivery delivery, Outcome outcome)
    {
        var now = clock.GetUtcNow();
        var delivered = outcome.Problem is null;
        DateTimeOffset? next = delivered || !outcome.Retry || delivery.Attempts > Delays.Length ? null : now + Delay(delivery.Attempts, outcome.RetryAfter);
        await using var work = await AccountTransaction.BeginAsync(database, delivery.AccountId, CancellationToken.None);
        // Only the attempt that was claimed may settle: a later owner may have begun the next one. One that was withdrawn meanwhile is not tried again,
        // but what has arrived has arrived.
        var state = delivered ? "delivered" : next is null ? "failed" : "queued";
        await Sql.Of($"""
            update integrations.webhook_delivery
            set state = {state}, next_at = {next}, status_code = {(short?)outcome.Status}, problem = {outcome.Problem}, answer = {outcome.Answer}
            where account_id = {delivery.AccountId} and id = {delivery.Id} and attempts = {delivery.Attempts}
              and (state = 'queued' or state = 'cancelled' and {delivered})
            """).ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static TimeSpan Delay(short attempts, TimeSpan? asked)
    {
        var planned = Delays[attempts - 1] * (0.8 + (0.4 * Random.Shared.NextDouble()));
        return asked > planned ? TimeSpan.FromTicks(Math.Min(asked.Value.Ticks, TimeSpan.TicksPerDay)) : planned;
    }

    private sealed record Delivery(long AccountId, long Id, string Url, string Body, short Attempts, string Method, JsonElement? Headers);

    private sealed record Outcome(int? Status, string? Problem, string? Answer, bool Retry, TimeSpan? RetryAfter);
}
