using System.Text;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Kernel.Security.Http;
using Millrace.Messaging.Transactional.Activity;
using Millrace.Messaging.Transactional.Events;
using Npgsql;

namespace Millrace.Messaging.Transactional.Webhooks;

/// <summary>What is sent along with a webhook's calls.</summary>
internal sealed record WebhookSecret(string? UserName, string? Password, IReadOnlyDictionary<string, string> Headers)
{
    public static readonly WebhookSecret None = new(null, null, new Dictionary<string, string>());
}

internal sealed record WebhookRow(
    long Id, long ServerId, long StreamId, string StreamKey, string Url, string[] Wants, bool FirstOpen, string[] Content, byte[]? Secret, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>Webhooks of streams and the calls that events cause.</summary>
internal sealed class MailWebhooks(KeyRing keys, SafeHttp http)
{
    /// <summary>A call's body is at most 20 KB; a mail that is longer does not go along.</summary>
    private const int MaxContent = 16 * 1024;

    /// <summary>Words that programs use, and the events they stand for.</summary>
    public static readonly IReadOnlyDictionary<string, string> Triggers = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Open"] = "opened",
        ["Click"] = "clicked",
        ["Delivery"] = "delivered",
        ["Bounce"] = "bounced",
        ["SpamComplaint"] = "complained",
        ["SubscriptionChange"] = "unsubscribed",
        ["Inbound"] = "inbound",
    };

    public static readonly Sql Select = Sql.Of($"""
        select w.id, w.server_id, w.stream_id, s.key, w.url, w.wants, w.first_open, w.content, w.secret, w.created_at, w.updated_at
        from messaging.mail_webhook w join messaging.mail_stream s on s.account_id = w.account_id and s.id = w.stream_id
        """);

    public string? Problem(string url) => http.Reason(url);

    public byte[]? Seal(long accountId, WebhookSecret secret) =>
        secret.UserName is null && secret.Password is null && secret.Headers.Count == 0 ? null : keys.Seal(JsonSerializer.Serialize(secret), Place(accountId));

    public WebhookSecret Open(long accountId, byte[]? secret) =>
        secret is null ? WebhookSecret.None : JsonSerializer.Deserialize<WebhookSecret>(keys.Open(secret, Place(accountId)))!;

    /// <summary>The calls of these events, in order.</summary>
    public async Task<IReadOnlyList<OutgoingCall>> CallsAsync(NpgsqlTransaction transaction, long accountId, IReadOnlyList<ToldEvent> events, CancellationToken cancellationToken)
    {
        var hooks = await OfStreamsAsync(transaction, accountId, [.. events.Select(e => e.StreamId).Distinct()], cancellationToken);
        var calls = new List<OutgoingCall>();

        // A mail that is opened five times, and told to three hooks, is written once.
        var sources = new Dictionary<long, string?>();
        foreach (var told in hooks.Count == 0 ? [] : events.Where(e => e.Kind is not ("submitted" or "suppressed" or "delayed") && !(e.Kind is "opened" or "clicked" && e.IsByMachine)))
        {
            foreach (var hook in hooks.Where(h => h.StreamId == told.StreamId && Wants(h, told)))
            {
                string? content = null;
                if (hook.Content.Contains(told.Kind, StringComparer.Ordinal) && !sources.TryGetValue(told.MailId, out content))
                {
                    sources[told.MailId] = content = await MailSource.FindAsync(transaction, accountId, told.MailId, cancellationToken);
                }

                calls.Add(Call(accountId, hook, EventPayload.Of(told, content is { Length: <= MaxContent } ? content : null).ToJsonString(), told.Recipient));
            }
        }

        return calls;
    }

    /// <param name="person">Address of whom it tells.</param>
    /// <summary>The calls of something that is no event of a sent mail, for those of the stream's webhooks that want it.</summary>
    public async Task<IReadOnlyList<OutgoingCall>> CallsAsync(
        NpgsqlTransaction transaction, long accountId, long streamId, string kind, string body, string person, CancellationToken cancellationToken) =>
        [.. (await OfStreamsAsync(transaction, accountId, [streamId], cancellationToken)).Where(h => h.Wants.Contains(kind, StringComparer.Ordinal)).Select(h => Call(accountId, h, body, person))];

    private static Task<List<WebhookRow>> OfStreamsAsync(NpgsqlTransaction transaction, long accountId, long[] streams, CancellationToken cancellationToken) =>
        Sql.Of($"{Select} where w.account_id = {accountId} and w.stream_id = any ({streams}) order by w.id").ListAsync<WebhookRow>(transaction, cancellationToken);

    private static bool Wants(WebhookRow hook, ToldEvent told) =>
        hook.Wants.Contains(told.Kind == "resubscribed" ? "unsubscribed" : told.Kind, StringComparer.Ordinal) && !(told.Kind == "opened" && hook.FirstOpen && !told.Is("first"));

    private OutgoingCall Call(long accountId, WebhookRow hook, string body, string person)
    {
        var secret = Open(accountId, hook.Secret);
        var headers = new Dictionary<string, string>(secret.Headers, StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "application/json" };
        if (secret.UserName is not null || secret.Password is not null)
        {
            headers["Authorization"] = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{secret.UserName}:{secret.Password}"));
        }

        return new OutgoingCall(hook.Url, "POST", body, headers, person.Length > 0 ? person : null);
    }

    private static string Place(long accountId) => $"{accountId}:messaging.mail_webhook.secret";
}
