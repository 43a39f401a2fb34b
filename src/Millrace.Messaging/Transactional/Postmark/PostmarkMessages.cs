using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Modules;
using Millrace.Messaging.Transactional.Activity;
using Millrace.Messaging.Transactional.Events;
using Npgsql;

namespace Millrace.Messaging.Transactional.Postmark;

/// <summary><c>GET /messages/outbound</c>: what was sent, one mail with its events and content, opens and clicks; <c>/messages/inbound</c>: what came in.</summary>
internal sealed class PostmarkMessages : IEndpoint
{
    public static void Map(ModuleRoutes routes)
    {
        foreach (var group in PostmarkDialect.Groups(routes))
        {
            group.MapGet("/messages/outbound", ListAsync);
            group.MapGet("/messages/outbound/opens", (HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken token) => EventsAsync(http, caller, database, "opened", null, token));
            group.MapGet("/messages/outbound/clicks", (HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken token) => EventsAsync(http, caller, database, "clicked", null, token));
            group.MapGet("/messages/outbound/opens/{id}", (string id, HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken token) => EventsAsync(http, caller, database, "opened", id, token));
            group.MapGet("/messages/outbound/clicks/{id}", (string id, HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken token) => EventsAsync(http, caller, database, "clicked", id, token));
            group.MapGet("/messages/outbound/{id}/details", DetailsAsync);
            group.MapGet("/messages/outbound/{id}/dump", DumpAsync);
            group.MapGet("/messages/inbound", InboundAsync);
            group.MapGet("/messages/inbound/{id}/details", InboundDetailsAsync);
        }
    }

    private static async Task<IResult> ListAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var request = http.Request;
        var (count, offset) = PostmarkDialect.Page(request, PostmarkDialect.MessageQuery);
        var status = PostmarkDialect.Query(request, "status")?.ToLowerInvariant();
        if (status is not (null or "queued" or "sent" or "processed"))
        {
            throw new PostmarkException(PostmarkDialect.MessageQuery, "status is queued or sent.");
        }

        var metadata = request.Query.Keys.FirstOrDefault(k => k.StartsWith("metadata_", StringComparison.OrdinalIgnoreCase));
        var filter = new MailFilter(
            caller.ServerId, PostmarkDialect.Query(request, "messagestream"), PostmarkDialect.Query(request, "recipient"), PostmarkDialect.Query(request, "fromemail"),
            PostmarkDialect.Query(request, "tag"), PostmarkDialect.Query(request, "subject"), status,
            PostmarkDialect.Instant(request, "fromdate", PostmarkDialect.MessageQuery), EndOf(request),
            metadata?["metadata_".Length..].Replace("\0", "", StringComparison.Ordinal), metadata is null ? null : PostmarkDialect.Query(request, metadata) ?? "");
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var (total, mails) = await MailSearch.ListAsync(work, caller.AccountId, filter, offset, count, counted: true, cancellationToken);
        var recipients = await MailSearch.RecipientsAsync(work, caller.AccountId, [.. mails.Select(m => m.Id)], cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["TotalCount"] = total, ["Messages"] = new JsonArray([.. mails.Select(m => Show(m, recipients[m.Id]))]) });
    }

    private static async Task<IResult> DetailsAsync(string id, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var mail = await FindAsync(work, caller, id, cancellationToken);
        var recipients = await MailSearch.RecipientsAsync(work, caller.AccountId, [mail.Id], cancellationToken);
        var content = await Sql.Of($"select html, text from messaging.mail where account_id = {caller.AccountId} and id = {mail.Id}").FirstAsync<Content>(work, cancellationToken);
        var events = await Sql.Of($"{ToldEvent.Select} where e.account_id = {caller.AccountId} and e.mail_id = {mail.Id} order by e.id limit 500").ListAsync<ToldEvent>(work, cancellationToken);
        var shown = Show(mail, recipients[mail.Id]);
        shown["TextBody"] = content!.Text;
        shown["HtmlBody"] = content.Html;
        shown["Body"] = await MailSource.FindAsync(work.Transaction, caller.AccountId, mail.Id, cancellationToken) ?? "";
        shown["MessageEvents"] = new JsonArray([.. events.Select(Event).Where(e => e is not null)]);
        return PostmarkDialect.Answer(shown);
    }

    private static async Task<IResult> DumpAsync(string id, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var mail = await FindAsync(work, caller, id, cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["Body"] = await MailSource.FindAsync(work.Transaction, caller.AccountId, mail.Id, cancellationToken) ?? "" });
    }

    private static async Task<IResult> EventsAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, string kind, string? id, CancellationToken cancellationToken)
    {
        var (count, offset) = PostmarkDialect.Page(http.Request, PostmarkDialect.MessageQuery);
        var (recipient, tag, stream) = (PostmarkDialect.Query(http.Request, "recipient")?.ToLowerInvariant(), PostmarkDialect.Query(http.Request, "tag"), PostmarkDialect.Query(http.Request, "messagestream")?.ToLowerInvariant());
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        long? mailId = id is null ? null : (await FindAsync(work, caller, id, cancellationToken)).Id;
        var where = Sql.Of($"""
            where e.account_id = {caller.AccountId} and m.server_id = {caller.ServerId} and e.kind = {kind} and ({mailId} is null or e.mail_id = {mailId})
              and coalesce(e.data ->> 'machine', 'proxy') in ('proxy', 'privacy') and ({recipient} is null or r.address_key = {recipient}) and ({tag} is null or m.tag = {tag})
              and ({stream} is null or s.key = {stream})
            """);
        var total = await Sql.Of($"select count(*) from ({ToldEvent.Select} {where} limit 10000) n").FirstAsync<long>(work, cancellationToken);
        var events = await Sql.Of($"{ToldEvent.Select} {where} order by e.id desc offset {offset} limit {count}").ListAsync<ToldEvent>(work, cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["TotalCount"] = total, [kind == "opened" ? "Opens" : "Clicks"] = new JsonArray([.. events.Select(e => EventPayload.Of(e))]) });
    }

    private static async Task<IResult> InboundAsync(HttpContext http, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var (count, offset) = PostmarkDialect.Page(http.Request, PostmarkDialect.MessageQuery);
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var total = await Sql.Of($"select count(*) from messaging.stream_mail where account_id = {caller.AccountId} and server_id = {caller.ServerId}").FirstAsync<long>(work, cancellationToken);
        var payloads = await Sql.Of($"""
            select payload::text from messaging.stream_mail where account_id = {caller.AccountId} and server_id = {caller.ServerId} order by id desc offset {offset} limit {count}
            """).ListAsync<string>(work, cancellationToken);
        return PostmarkDialect.Answer(new JsonObject { ["TotalCount"] = total, ["InboundMessages"] = new JsonArray([.. payloads.Select(p => JsonNode.Parse(p))]) });
    }

    private static async Task<IResult> InboundDetailsAsync(string id, PostmarkCaller caller, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, caller.AccountId, cancellationToken);
        var payload = !Guid.TryParse(id, out var guid) ? null
            : await Sql.Of($"select payload::text from messaging.stream_mail where account_id = {caller.AccountId} and server_id = {caller.ServerId} and guid = {guid}").FirstAsync<string>(work, cancellationToken);
        return PostmarkDialect.Answer(JsonNode.Parse(payload ?? throw Unknown())!);
    }

    private static async Task<FoundMail> FindAsync(AccountTransaction work, PostmarkCaller caller, string id, CancellationToken cancellationToken) =>
        (Guid.TryParse(id, out var guid)
            ? await MailSearch.FindAsync(work, caller.AccountId, Sql.Of($"m.server_id = {caller.ServerId} and m.guid = {guid}"), cancellationToken)
            : null) ?? throw Unknown();

    private static PostmarkException Unknown() => new(PostmarkDialect.MessageUnknown, "This server has no such message.");

    /// <summary>A day as the end of a stretch is meant whole.</summary>
    private static DateTimeOffset? EndOf(HttpRequest request) =>
        PostmarkDialect.Instant(request, "todate", PostmarkDialect.MessageQuery) is { } at ? at.TimeOfDay == TimeSpan.Zero && at < DateTimeOffset.MaxValue.AddDays(-2) ? at.AddDays(1) : at : null;

    private static JsonObject Show(FoundMail mail, IEnumerable<FoundRecipient> recipients)
    {
        var all = recipients.ToList();
        return new JsonObject
        {
            ["Tag"] = mail.Tag,
            ["MessageID"] = mail.Guid.ToString("D"),
            ["MessageStream"] = mail.StreamKey,
            ["To"] = People(all, "to"),
            ["Cc"] = People(all, "cc"),
            ["Bcc"] = People(all, "bcc"),
            ["Recipients"] = new JsonArray([.. all.Select(r => JsonValue.Create(r.Address))]),
            ["ReceivedAt"] = EventPayload.When(mail.SubmittedAt),
            ["From"] = mail.FromName.Length > 0 ? $"\"{mail.FromName}\" <{mail.FromAddress}>" : mail.FromAddress,
            ["Subject"] = mail.Subject,
            ["Attachments"] = new JsonArray([.. mail.Files.Select(f => JsonValue.Create(f))]),
            ["Status"] = all.Any(r => r.State is Messaging.Sending.SendState.Queued or Messaging.Sending.SendState.Handoff or Messaging.Sending.SendState.Ambiguous or Messaging.Sending.SendState.Deferred) ? "Queued" : "Sent",
            ["TrackOpens"] = mail.TrackOpens,
            ["TrackLinks"] = mail.TrackLinks.ToString(),
            ["Metadata"] = JsonObject.Create(mail.Metadata),
            ["Sandboxed"] = false,
        };
    }

    private static JsonArray People(List<FoundRecipient> all, string kind) =>
        new([.. all.Where(r => r.Kind == kind).Select(r => new JsonObject { ["Email"] = r.Address, ["Name"] = r.Name.Length > 0 ? r.Name : null })]);

    private static JsonObject? Event(ToldEvent told)
    {
        var (type, details) = told.Kind switch
        {
            "delivered" => ("Delivered", Receipt(told)),
            "delayed" => ("Transient", Receipt(told)),
            "bounced" => ("Bounced", new JsonObject { ["Summary"] = told.Text("reply") ?? told.Bounce.Description, ["BounceID"] = told.Id }),
            "complained" => ("SpamComplaint", new JsonObject { ["Summary"] = told.Bounce.Description, ["BounceID"] = told.Id }),
            "opened" => ("Opened", new JsonObject { ["Summary"] = $"Opened with {told.Text("client") ?? "an unknown program"}" }),
            "clicked" => ("LinkClicked", new JsonObject { ["Summary"] = $"Followed {told.Text("url")}", ["Link"] = told.Text("url"), ["ClickLocation"] = "HTML" }),
            "unsubscribed" or "resubscribed" => ("SubscriptionChanged", new JsonObject { ["Origin"] = told.Text("origin") ?? "Recipient", ["SuppressSending"] = told.Kind == "unsubscribed" }),
            _ => ("", new JsonObject()),
        };
        return type.Length == 0 ? null : new JsonObject { ["Recipient"] = told.Recipient, ["Type"] = type, ["ReceivedAt"] = EventPayload.When(told.At), ["Details"] = details };
    }

    private static JsonObject Receipt(ToldEvent told) => new() { ["DeliveryMessage"] = told.Text("reply") ?? "", ["DestinationServer"] = "", ["DestinationIP"] = "" };

    private sealed record Content(string Html, string Text);
}
