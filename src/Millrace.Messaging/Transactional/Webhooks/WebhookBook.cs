using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Mail.Mime;
using Millrace.Messaging.Transactional.Sending;
using Millrace.Messaging.Transactional.Servers;

namespace Millrace.Messaging.Transactional.Webhooks;

internal sealed record WebhookDraft(string Url, IReadOnlyList<string> Wants, bool FirstOpen, IReadOnlyList<string> Content, WebhookSecret Secret);

/// <summary>Makes and changes webhooks; an address is judged when it is given and again before each call.</summary>
internal sealed class WebhookBook(MailWebhooks webhooks, TimeProvider clock)
{
    private const int MaxWebhooks = 10;
    private static readonly string[] Reserved = ["Content-Type", "Authorization", "Host", "Content-Length", "Connection", "Transfer-Encoding", "User-Agent"];

    public async Task<long> AddAsync(AccountTransaction work, long accountId, long serverId, string streamKey, WebhookDraft draft, CancellationToken cancellationToken)
    {
        Check(draft);
        var stream = await MailStreams.FindAsync(work, accountId, serverId, streamKey, cancellationToken)
            ?? throw new InvalidInputException("/stream", "stream_unknown", "This server has no such message stream.");
        var count = await Sql.Of($"select count(*) from messaging.mail_webhook where account_id = {accountId} and stream_id = {stream.Id}").FirstAsync<long>(work, cancellationToken);
        if (count >= MaxWebhooks)
        {
            throw new ConflictException("too_many_webhooks", $"A stream has at most {MaxWebhooks} webhooks.");
        }

        var now = clock.GetUtcNow();
        return await Sql.Of($"""
            insert into messaging.mail_webhook (account_id, server_id, stream_id, url, wants, first_open, content, secret, created_at, updated_at)
            values ({accountId}, {serverId}, {stream.Id}, {draft.Url}, {draft.Wants}, {draft.FirstOpen}, {draft.Content}, {webhooks.Seal(accountId, draft.Secret)}, {now}, {now}) returning id
            """).FirstAsync<long>(work, cancellationToken);
    }

    public Task<int> SaveAsync(AccountTransaction work, long accountId, long id, WebhookDraft draft, CancellationToken cancellationToken)
    {
        Check(draft);
        return Sql.Of($"""
            update messaging.mail_webhook
            set url = {draft.Url}, wants = {draft.Wants}, first_open = {draft.FirstOpen}, content = {draft.Content}, secret = {webhooks.Seal(accountId, draft.Secret)},
                updated_at = {clock.GetUtcNow()}
            where account_id = {accountId} and id = {id}
            """).ExecuteAsync(work, cancellationToken);
    }

    /// <summary>Header fields that are sent along; those that the product writes itself are refused.</summary>
    public static Dictionary<string, string> Headers(IReadOnlyList<HeaderRequest> headers)
    {
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var header in headers)
        {
            var (name, value) = (header?.Name ?? "", header?.Value ?? "");
            if (CustomHeader.Problem(name, value) is not null || Reserved.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase)
                || !System.Text.Ascii.IsValid(value))
            {
                throw new InvalidInputException("/headers", "header_invalid", "A header field of a webhook has a name and a value of ASCII, and is none that is written by the product.");
            }

            read[name] = value;
        }

        return read.Count <= 30 ? read : throw new InvalidInputException("/headers", "length", "A webhook has at most 30 header fields.");
    }

    private void Check(WebhookDraft draft)
    {
        if (webhooks.Problem(draft.Url) is { } problem)
        {
            throw new InvalidInputException("/url", "url_not_allowed", problem);
        }

        if (draft.Wants.FirstOrDefault(w => !MailWebhooks.Triggers.Values.Contains(w, StringComparer.Ordinal)) is not null)
        {
            throw new InvalidInputException("/wants", "validation_failed", "There is no such event.");
        }

        if ((draft.Secret.UserName?.Length ?? 0) > 200 || (draft.Secret.Password?.Length ?? 0) > 200)
        {
            throw new InvalidInputException("/user_name", "length", "User name and password have at most 200 characters each.");
        }
    }
}
