using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Transactional.Events;
using Millrace.Messaging.Transactional.Sending;
using Millrace.Messaging.Transactional.Templates;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary><c>POST /email</c>, <c>/email/batch</c>, <c>/email/withTemplate</c>, <c>/email/batchWithTemplates</c>.</summary>
internal sealed class PostmarkMail : IEndpoint
{
    private const int MaxBatch = 500;
    private const int MaxSingle = 16 * 1024 * 1024;
    private const int MaxTogether = 72 * 1024 * 1024;

    public static void Map(ModuleRoutes routes)
    {
        foreach (var group in PostmarkDialect.Groups(routes))
        {
            group.MapPost("/email", (HttpContext http, PostmarkCaller caller, MailDoor door, CancellationToken cancellationToken) => OneAsync(http, caller, door, false, cancellationToken));
            group.MapPost("/email/withTemplate", (HttpContext http, PostmarkCaller caller, MailDoor door, CancellationToken cancellationToken) => OneAsync(http, caller, door, true, cancellationToken));
            group.MapPost("/email/batch", BatchAsync);
            group.MapPost("/email/batchWithTemplates", BatchWithTemplatesAsync);
        }
    }

    internal sealed record Message
    {
        public string? From { get; init; }

        public string? To { get; init; }

        public string? Cc { get; init; }

        public string? Bcc { get; init; }

        public string? ReplyTo { get; init; }

        public string? Subject { get; init; }

        public string? HtmlBody { get; init; }

        public string? TextBody { get; init; }

        public string? Tag { get; init; }

        public Dictionary<string, JsonElement>? Metadata { get; init; }

        public List<HeaderRequest>? Headers { get; init; }

        public List<Attachment>? Attachments { get; init; }

        public bool? TrackOpens { get; init; }

        public string? TrackLinks { get; init; }

        public string? MessageStream { get; init; }

        public long? TemplateId { get; init; }

        public string? TemplateAlias { get; init; }

        public JsonElement? TemplateModel { get; init; }
    }

    /// <param name="ContentID">With or without cid:.</param>
    internal sealed record Attachment(string? Name, string? Content, string? ContentType, string? ContentID);

    internal sealed record Together(List<Message>? Messages);

    private static async Task<IResult> OneAsync(HttpContext http, PostmarkCaller caller, MailDoor door, bool template, CancellationToken cancellationToken)
    {
        var body = await PostmarkDialect.BytesAsync(http, MaxSingle, cancellationToken);
        var message = PostmarkDialect.Parse<Message>(body);
        var (status, text) = await door.HandInAsync(
            caller.AccountId, caller.ServerId, [Order(message, template)], MailDoor.KeyOf(http.Request), body,
            taken => (taken[0].Refusal is null ? 200 : 422, Answer(message, taken[0]).ToJsonString()), cancellationToken);
        return Results.Text(text, "application/json", statusCode: status);
    }

    private static async Task<IResult> BatchAsync(HttpContext http, PostmarkCaller caller, MailDoor door, CancellationToken cancellationToken)
    {
        var body = await PostmarkDialect.BytesAsync(http, MaxTogether, cancellationToken);
        return await ManyAsync(http, caller, door, body, PostmarkDialect.Parse<List<Message>>(body), false, cancellationToken);
    }

    private static async Task<IResult> BatchWithTemplatesAsync(HttpContext http, PostmarkCaller caller, MailDoor door, CancellationToken cancellationToken)
    {
        var body = await PostmarkDialect.BytesAsync(http, MaxTogether, cancellationToken);
        return await ManyAsync(http, caller, door, body, PostmarkDialect.Parse<Together>(body).Messages ?? [], true, cancellationToken);
    }

    private static async Task<IResult> ManyAsync(
        HttpContext http, PostmarkCaller caller, MailDoor door, byte[] body, List<Message> messages, bool templates, CancellationToken cancellationToken)
    {
        if (messages.Count > MaxBatch)
        {
            throw new PostmarkException(MailRefusal.TooMany, $"A batch has at most {MaxBatch} messages.");
        }

        if (messages.Contains(null!))
        {
            throw new PostmarkException(403, "A message of the batch is null.");
        }

        var (status, text) = await door.HandInAsync(
            caller.AccountId, caller.ServerId, [.. messages.Select(m => Order(m, templates))], MailDoor.KeyOf(http.Request), body,
            taken => (200, new JsonArray([.. taken.Select((t, i) => Answer(messages[i], t))]).ToJsonString()), cancellationToken);
        return Results.Text(text, "application/json", statusCode: status);
    }

    private static MailOrder Order(Message message, bool template) => new(
        new MailRequest
        {
            From = message.From,
            To = message.To,
            Cc = message.Cc,
            Bcc = message.Bcc,
            ReplyTo = message.ReplyTo,
            Subject = message.Subject,
            Html = message.HtmlBody,
            Text = message.TextBody,
            Tag = message.Tag,
            Metadata = message.Metadata?.ToDictionary(m => m.Key, m => m.Value.ValueKind == JsonValueKind.String ? m.Value.GetString() : m.Value.GetRawText(), StringComparer.Ordinal),
            Headers = message.Headers,
            Files = message.Attachments?.Select(a => new FileRequest(a?.Name, a?.Content, a?.ContentType, a?.ContentID)).ToList(),
            Stream = message.MessageStream,
            TrackOpens = message.TrackOpens,
            TrackLinks = PostmarkNames.Tracking(message.TrackLinks),
        },
        !template ? null : message.TemplateId is { } id ? new TemplateKey(id, null) : new TemplateKey(null, (message.TemplateAlias ?? "").ToLowerInvariant()),
        message.TemplateModel is { ValueKind: JsonValueKind.Object } model ? model : null);

    private static JsonObject Answer(Message message, MailTaken taken)
    {
        if (taken.Refusal is { } refusal)
        {
            return new JsonObject { ["ErrorCode"] = refusal.Code, ["Message"] = refusal.Message };
        }

        var answer = new JsonObject { ["To"] = message.To };
        foreach (var (name, value) in new[] { ("Cc", message.Cc), ("Bcc", message.Bcc) })
        {
            if (!string.IsNullOrEmpty(value))
            {
                answer[name] = value;
            }
        }

        answer["SubmittedAt"] = EventPayload.When(taken.At);
        answer["MessageID"] = taken.Guid.ToString("D");
        answer["ErrorCode"] = 0;
        answer["Message"] = taken.Note ?? "OK";
        return answer;
    }
}
