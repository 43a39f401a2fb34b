using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Transactional.Events;
using Millrace.Messaging.Transactional.Sending;
using Millrace.Messaging.Transactional.Servers;
using Millrace.Messaging.Transactional.Templates;
using Npgsql;

namespace Millrace.Messaging.Transactional.Activity;

/// <summary>
/// <c>/api/app/mail-servers/{id}/mails</c>: what a server has sent, newest first, and sending through it; <c>/api/app/transactional-mails/{id}</c>: one mail with what
/// became of it; <c>/api/app/mail-servers/{id}/statistics</c>.
/// </summary>
internal sealed class SentMailsResource : IEndpoint
{
    private const int MaxLimit = 200;
    private static readonly string[] Platforms = ["Desktop", "Mobile", "WebMail", "Unknown"];
    private static readonly string[] Worst = ["bounced", "unknown", "suppressed", "queued", "cancelled"];

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("mail-servers/{id:long}/mails", ListAsync).WithName("transactional_mail_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("mail-servers/{id:long}/mails", SendAsync).WithName("transactional_mail_send").RequirePermission(Permission.ManageMessages);
        routes.App.MapGet("transactional-mails/{id:long}", ShowAsync).WithName("transactional_mail_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapGet("mail-servers/{id:long}/statistics", StatisticsAsync).WithName("mail_server_statistics").RequirePermission(Permission.ViewMessages);
    }

    /// <param name="State"><c>queued</c>, <c>delivered</c>, <c>bounced</c>, <c>suppressed</c> and so on: the worst of its recipients'.</param>
    internal sealed record MailItem(
        long Id, Guid MessageId, string Stream, string FromAddress, string Subject, string? Tag, DateTimeOffset SubmittedAt, IReadOnlyList<string> To, int Files, string State, bool Opened,
        bool Clicked);

    internal sealed record MailList(IReadOnlyList<MailItem> Mails, long? Next);

    internal sealed record RecipientItem(string Kind, string Name, string Address, long? ContactId, string State, DateTimeOffset? OpenedAt, DateTimeOffset? ClickedAt);

    /// <param name="Detail">The server's words, the link, the program: whatever tells most.</param>
    internal sealed record EventItem(
        long Id, string Kind, DateTimeOffset At, string Recipient, string? Detail, string? Type, string? Machine, string? Client, string? Os, string? Country, string? City);

    /// <param name="PreviewUrl">The HTML in a closed frame, for ten minutes; null: no HTML, or its time is over.</param>
    internal sealed record MailView(
        MailItem Mail, long ServerId, string FromName, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<string> FileNames, bool TrackOpens, LinkTracking TrackLinks, string Text,
        string Html, string? PreviewUrl, bool IsForgotten, IReadOnlyList<RecipientItem> Recipients, IReadOnlyList<EventItem> Events);

    internal sealed record FileInput(string Name, string Content, string ContentType, string? ContentId = null);

    internal sealed record HeaderInput(string Name, string Value);

    /// <summary>A mail to be sent: with content of its own, or from a template and a model.</summary>
    internal sealed record SendInput
    {
        /// <summary>One address, with or without a name.</summary>
        public required string From { get; init; }

        /// <summary>Addresses divided by commas; To, Cc and Bcc have at most 50 together.</summary>
        public required string To { get; init; }

        public string? Cc { get; init; }

        public string? Bcc { get; init; }

        public string? ReplyTo { get; init; }

        public string? Subject { get; init; }

        public string? Html { get; init; }

        public string? Text { get; init; }

        /// <summary>Id or alias; then subject and bodies come from it.</summary>
        public string? Template { get; init; }

        public JsonElement? Model { get; init; }

        public string? Tag { get; init; }

        public IReadOnlyDictionary<string, string?>? Metadata { get; init; }

        public IReadOnlyList<HeaderInput>? Headers { get; init; }

        public IReadOnlyList<FileInput>? Files { get; init; }

        /// <summary>Key of the stream; null is <c>outbound</c>.</summary>
        public string? Stream { get; init; }

        public bool? TrackOpens { get; init; }

        public LinkTracking? TrackLinks { get; init; }
    }

    /// <param name="Note">Which recipients were left out, if some were.</param>
    internal sealed record SendAnswer(long Id, Guid MessageId, DateTimeOffset SubmittedAt, string? Note);

    internal sealed record DayView(DateOnly Day, long Sent, long Delivered, long Bounced, long Opened, long Clicked, long Complained);

    internal sealed record NamedCount(string Name, long Total);

    /// <param name="Days">Days of UTC; those on which something happened.</param>
    internal sealed record StatisticsView(IReadOnlyList<DayView> Days, DayView Total, IReadOnlyList<NamedCount> Bounces, IReadOnlyList<NamedCount> Programs, IReadOnlyList<NamedCount> Platforms);

    private sealed record Content(string Html, string Text, long ServerId);

    private static async Task<MailList> ListAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? search = null, string? stream = null, string? tag = null,
        string? state = null, long? before = null, int limit = 50)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} mails.");
        }

        if (state is not (null or "queued" or "delivered" or "bounced" or "opened" or "clicked" or "complained" or "suppressed"))
        {
            throw new InvalidInputException("state", "validation_failed", "There is no such state.");
        }

        // What looks like an address is one; everything else is looked for in subjects.
        var isAddress = search?.Contains('@', StringComparison.Ordinal) == true;
        var filter = new MailFilter(id, stream, isAddress ? search : null, Tag: tag, Subject: isAddress ? null : search, Status: state, BeforeId: before);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await MailServersResource.RequireAsync(work, account.Id, id, cancellationToken);
        var (_, mails) = await MailSearch.ListAsync(work, account.Id, filter, 0, limit + 1, counted: false, cancellationToken);
        var recipients = await MailSearch.RecipientsAsync(work, account.Id, [.. mails.Select(m => m.Id)], cancellationToken);
        return new([.. mails.Take(limit).Select(m => Item(m, [.. recipients[m.Id]]))], mails.Count > limit ? mails[limit - 1].Id : null);
    }

    private static async Task<MailView> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, Previews previews, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var mail = await MailSearch.FindAsync(work, account.Id, Sql.Of($"m.id = {id}"), cancellationToken) ?? throw new NotFoundException();
        var content = (await Sql.Of($"select html, text, server_id from messaging.mail where account_id = {account.Id} and id = {id}").FirstAsync<Content>(work, cancellationToken))!;
        var recipients = (await MailSearch.RecipientsAsync(work, account.Id, [id], cancellationToken))[id].ToList();
        var events = await Sql.Of($"{ToldEvent.Select} where e.account_id = {account.Id} and e.mail_id = {id} order by e.id limit 500").ListAsync<ToldEvent>(work, cancellationToken);
        return new(
            Item(mail, recipients), content.ServerId, mail.FromName, mail.Metadata.Deserialize<Dictionary<string, string>>() ?? [], mail.Files, mail.TrackOpens, mail.TrackLinks, content.Text,
            content.Html, content.Html.Length > 0 ? "/preview/" + previews.Keep(content.Html) : null, mail.IsForgotten,
            [.. recipients.Select(r => new RecipientItem(r.Kind, r.Name, r.Address, r.ContactId, State(r), r.OpenedAt, r.ClickedAt))],
            [.. events.Select(e => new EventItem(
                e.Id, e.Kind, e.At, e.Recipient, e.Text("url") ?? e.Text("reply") ?? e.Text("class") ?? e.Text("reason"), e.Text("type"), e.Text("machine"), e.Text("client"), e.Text("os"),
                e.Text("country"), e.Text("city")))]);
    }

    /// <summary>Sends one mail. With the same <c>Idempotency-Key</c> and body it is sent once, and the first answer given again.</summary>
    /// <response code="422">Something is wrong with the mail; <c>code</c> is <c>mail_refused_</c> and a number, as in docs/transactional.md.</response>
    private static async Task<IResult> SendAsync(
        long id, SendInput request, HttpContext http, CurrentAccount account, NpgsqlDataSource database, MailDoor door, CancellationToken cancellationToken)
    {
        await using (var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken))
        {
            await MailServersResource.RequireAsync(work, account.Id, id, cancellationToken);
        }

        var order = new MailOrder(
            new MailRequest
            {
                From = request.From,
                To = request.To,
                Cc = request.Cc,
                Bcc = request.Bcc,
                ReplyTo = request.ReplyTo,
                Subject = request.Subject,
                Html = request.Html,
                Text = request.Text,
                Tag = request.Tag,
                Metadata = request.Metadata,
                Headers = request.Headers?.Select(h => new HeaderRequest(h?.Name, h?.Value)).ToList(),
                Files = request.Files?.Select(f => new FileRequest(f?.Name, f?.Content, f?.ContentType, f?.ContentId)).ToList(),
                Stream = request.Stream,
                TrackOpens = request.TrackOpens,
                TrackLinks = request.TrackLinks,
            },
            string.IsNullOrEmpty(request.Template) ? null : TemplateKey.Of(request.Template), request.Model is { ValueKind: JsonValueKind.Object } model ? Storable(model) : null);
        MailRefusal? refusal = null;
        var (status, text) = await door.HandInAsync(
            account.Id, id, [order], MailDoor.KeyOf(http.Request), JsonSerializer.SerializeToUtf8Bytes(request, Kernel.Json.AppJson.Options),
            taken =>
            {
                refusal = taken[0].Refusal;
                return refusal is null
                    ? (201, JsonSerializer.Serialize(new SendAnswer(taken[0].MailId, taken[0].Guid, taken[0].At, taken[0].Note), Kernel.Json.AppJson.Options))
                    : (422, JsonSerializer.Serialize(refusal, Kernel.Json.AppJson.Options));
            },
            cancellationToken);
        refusal ??= status == 422 ? JsonSerializer.Deserialize<MailRefusal>(text, Kernel.Json.AppJson.Options) : null;
        return refusal is null
            ? Results.Text(text, "application/json", statusCode: status)
            : throw new InvalidInputException(PathOf(refusal), FormattableString.Invariant($"mail_refused_{refusal.Code}"), refusal.Message);
    }

    private static async Task<StatisticsView> StatisticsAsync(
        long id, CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken, string? stream = null, string? tag = null, int days = 30)
    {
        if (days is < 1 or > 366)
        {
            throw new InvalidInputException("days", "validation_failed", "A stretch has 1 to 366 days.");
        }

        var from = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1 - days);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        await MailServersResource.RequireAsync(work, account.Id, id, cancellationToken);
        var counts = await MailStatistics.ReadAsync(work, account.Id, id, stream, tag, from, null, cancellationToken);
        return new(
            [.. counts.GroupBy(c => c.Day).Select(g => Day(g.Key, [.. g]))], Day(from, counts), Named(counts, "bounced:"), Named(counts, "opened_by:"),
            [.. Platforms.Select(p => new NamedCount(p, MailStatistics.Sum(counts, $"opened:{p}"))).Where(p => p.Total > 0)]);
    }

    private static DayView Day(DateOnly day, List<DayCount> counts) => new(
        day, MailStatistics.Sum(counts, "sent"), MailStatistics.Sum(counts, "delivered"), MailStatistics.Sum(counts, "bounced"), MailStatistics.Sum(counts, "opened_first"),
        MailStatistics.Sum(counts, "clicked_first"), MailStatistics.Sum(counts, "complained"));

    private static List<NamedCount> Named(List<DayCount> counts, string prefix) =>
        [.. counts.Where(c => c.What.StartsWith(prefix, StringComparison.Ordinal)).GroupBy(c => c.What[prefix.Length..]).Select(g => new NamedCount(g.Key, g.Sum(c => c.Total)))
            .OrderByDescending(c => c.Total).Take(20)];

    /// <summary>Half a surrogate pair behind an escape would pass the reader and break whoever reads the value.</summary>
    private static JsonElement Storable(JsonElement model)
    {
        StorableText.Json(model.GetRawText());
        return model;
    }

    private static string PathOf(MailRefusal refusal) => refusal.Code switch
    {
        MailRefusal.SenderNotVerified => "/from",
        MailRefusal.Inactive => "/to",
        MailRefusal.ForbiddenFile => "/files",
        MailRefusal.TemplateUnknown or MailRefusal.TemplateFailed => "/template",
        MailRefusal.StreamUnknown or MailRefusal.StreamOfOtherKind => "/stream",
        _ => "/",
    };

    private static MailItem Item(FoundMail mail, List<FoundRecipient> recipients)
    {
        var states = recipients.Select(State).ToList();
        var state = Worst.FirstOrDefault(states.Contains) ?? "delivered";
        return new(
            mail.Id, mail.Guid, mail.StreamKey, mail.FromAddress, mail.Subject, mail.Tag, mail.SubmittedAt, [.. recipients.Select(r => r.Address)], mail.Files.Length, state,
            recipients.Any(r => r.OpenedAt is not null), recipients.Any(r => r.ClickedAt is not null));
    }

    private static string State(FoundRecipient recipient) => recipient.State switch
    {
        null or Messaging.Sending.SendState.Suppressed => "suppressed",
        Messaging.Sending.SendState.Sent => "delivered",
        Messaging.Sending.SendState.Failed => "bounced",
        Messaging.Sending.SendState.Cancelled => "cancelled",
        Messaging.Sending.SendState.Unknown => "unknown",
        _ => "queued",
    };
}
