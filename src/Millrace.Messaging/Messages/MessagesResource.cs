using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Messages.Edits;
using Millrace.Messaging.Personalization;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary><c>/api/app/messages</c>: what the editor works on. A draft may be incomplete; it is checked when it is sent.</summary>
internal sealed class MessagesResource : IEndpoint
{
    private const int MaxLimit = 200;

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("messages", ListAsync).WithName("message_list").RequirePermission(Permission.ViewMessages);
        routes.App.MapPost("messages", CreateAsync).WithName("message_create").RequirePermission(Permission.ManageMessages);
        routes.App.MapGet("messages/{id:long}", ShowAsync).WithName("message_show").RequirePermission(Permission.ViewMessages);
        routes.App.MapPut("messages/{id:long}", SaveAsync).WithName("message_save").RequirePermission(Permission.ManageMessages);
        routes.App.MapDelete("messages/{id:long}", DeleteAsync).WithName("message_delete").RequirePermission(Permission.ManageMessages);
        routes.App.MapGet("personalization-tags", TagsAsync).WithName("personalization_tags").RequirePermission(Permission.ViewMessages);
    }

    internal sealed record MessageInput
    {
        public required string Name { get; init; }

        public MessageKind Kind { get; init; }

        public string Subject { get; init; } = "";

        public string Preheader { get; init; } = "";

        public string FromName { get; init; } = "";

        public string FromAddress { get; init; } = "";

        public string ReplyTo { get; init; } = "";

        public JsonElement? Design { get; init; }

        public string Html { get; init; } = "";

        public string Text { get; init; } = "";

        public bool TrackOpens { get; init; } = true;

        public bool TrackClicks { get; init; } = true;

        public bool TrackReplies { get; init; }

        public MessageContent ToContent() => new(
            Kind, Subject, Preheader, FromName, FromAddress, ReplyTo, Html, Design is { ValueKind: JsonValueKind.Object } ? Design : null, Text, TrackOpens,
            TrackClicks, TrackReplies);
    }

    /// <param name="Revision">Send it as <c>If-Match</c> when saving; 412 <c>version_conflict</c> when somebody was faster. Without it the last one wins.</param>
    internal sealed record MessageView(
        long Id, string Name, MessageKind Kind, string Subject, string Preheader, string FromName, string FromAddress, string ReplyTo, JsonElement? Design,
        string Html, string Text, bool TrackOpens, bool TrackClicks, bool TrackReplies, long? AutomationId, int Revision, DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt)
    {
        public MessageContent ToContent() => new(
            Kind, Subject, Preheader, FromName, FromAddress, ReplyTo, Html, Design is { ValueKind: JsonValueKind.Object } ? Design : null, Text, TrackOpens,
            TrackClicks, TrackReplies);
    }

    /// <param name="StepKey">Step of the automation it belongs to; null: a message of its own.</param>
    internal sealed record MessageItem(
        long Id, string Name, MessageKind Kind, string Subject, string Preheader, long? AutomationId, string? StepKey, DateTimeOffset UpdatedAt);

    internal sealed record MessageList(IReadOnlyList<MessageItem> Messages, long? Next);

    internal sealed record TagItem(string Name, string Title, string Group, string Example, TagType Type);

    internal sealed record TagList(IReadOnlyList<TagItem> Tags);

    public static Task<MessageView?> FindAsync(AccountTransaction work, long accountId, long id, CancellationToken cancellationToken) => Sql.Of($"""
        select id, name, kind, subject, preheader, from_name, from_address, reply_to, design, html, text, track_opens, track_clicks, track_replies, automation_id,
               revision, created_at, updated_at
        from messaging.message where account_id = {accountId} and id = {id} and not is_test
        """).FirstAsync<MessageView>(work, cancellationToken);

    private static async Task<MessageList> ListAsync(
        CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken, string? search = null, string? of = null, long? before = null,
        int limit = 50)
    {
        if (limit is < 1 or > MaxLimit)
        {
            throw new InvalidInputException("limit", "validation_failed", $"A page has 1 to {MaxLimit} messages.");
        }

        if (of is not (null or "own" or "automation"))
        {
            throw new InvalidInputException("of", "validation_failed", "Messages are \"own\" or of an \"automation\".");
        }

        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var rows = await Sql.Of($"""
            select id, name, kind, subject, preheader, automation_id, step_key, updated_at from messaging.message
            where account_id = {account.Id} and not is_test and ({of} is null or (automation_id is null) = ({of} = 'own'))
              and not exists (select 1 from messaging.campaign_variant v where v.account_id = {account.Id} and v.message_id = message.id and automation_id is null) and ({before} is null or id < {before})
              and ({search} is null or strpos(lower(name), lower({search})) > 0 or strpos(lower(subject), lower({search})) > 0)
            order by id desc limit {limit + 1}
            """).ListAsync<MessageItem>(work, cancellationToken);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private static async Task<MessageView> ShowAsync(long id, CurrentAccount account, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await FindAsync(work, account.Id, id, cancellationToken) ?? throw new NotFoundException();
    }

    private static async Task<Created<MessageView>> CreateAsync(
        MessageInput request, CurrentAccount account, NpgsqlDataSource database, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        Check(request);
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var id = await Sql.Of($"""
            insert into messaging.message (account_id, name, kind, subject, preheader, from_name, from_address, reply_to, design, html, text, track_opens,
                track_clicks, track_replies, created_at, updated_at)
            values ({account.Id}, {request.Name.Trim()}, {request.Kind}, {request.Subject}, {request.Preheader}, {request.FromName}, {request.FromAddress},
                {request.ReplyTo}, {DesignOf(request)}, {request.Html}, {request.Text}, {request.TrackOpens}, {request.TrackClicks}, {request.TrackReplies}, {now}, {now})
            returning id
            """).FirstAsync<long>(work, cancellationToken);
        await MessageEdits.RecordAsync(work, account.Id, account.UserId, id, request, now, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "message.create", "message", id, new { request.Name }, cancellationToken);
        var made = await FindAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.Created($"/api/app/messages/{id}", made);
    }

    private static async Task<MessageView> SaveAsync(
        long id, MessageInput request, [FromHeader(Name = "If-Match")] string? ifMatch, CurrentAccount account, NpgsqlDataSource database, IAudit audit,
        TimeProvider clock, CancellationToken cancellationToken)
    {
        Check(request);
        var revision = IfMatch.Revision(ifMatch);
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var changed = await Sql.Of($"""
            update messaging.message
            set name = {request.Name.Trim()}, kind = {request.Kind}, subject = {request.Subject}, preheader = {request.Preheader},
                from_name = {request.FromName}, from_address = {request.FromAddress}, reply_to = {request.ReplyTo}, design = {DesignOf(request)},
                html = {request.Html}, text = {request.Text}, track_opens = {request.TrackOpens}, track_clicks = {request.TrackClicks}, track_replies = {request.TrackReplies},
                updated_at = {clock.GetUtcNow()}, revision = revision + 1
            where account_id = {account.Id} and id = {id} and automation_id is null and not is_test and ({revision} is null or revision = {revision})
              and not exists ({SentAsCampaign(account.Id, id)})
            """).ExecuteAsync(work, cancellationToken);
        if (changed == 0)
        {
            throw await FindAsync(work, account.Id, id, cancellationToken) switch
            {
                null => new NotFoundException(),
                { AutomationId: not null } => new ConflictException("message_of_automation", "This message belongs to an automation; edit it there."),
                _ when await Sql.Of($"select exists ({SentAsCampaign(account.Id, id)})").FirstAsync<bool>(work, cancellationToken) =>
                    new ConflictException("message_sent", "The campaign of this message has been sent, or is being sent. Copy the campaign to change it."),
                _ => new VersionConflictException("Somebody else has changed this message meanwhile."),
            };
        }

        await MessageEdits.RecordAsync(work, account.Id, account.UserId, id, request, clock.GetUtcNow(), cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "message.save", "message", id, new { request.Name }, cancellationToken);
        var saved = await FindAsync(work, account.Id, id, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return saved!;
    }

    private static async Task<NoContent> DeleteAsync(long id, CurrentAccount account, NpgsqlDataSource database, IAudit audit, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var deleted = await Sql.Of($"""
            delete from messaging.message m where account_id = {account.Id} and id = {id} and automation_id is null and not is_test
              and not exists (select 1 from messaging.message_version v where v.account_id = m.account_id and v.message_id = m.id)
              and not exists (select 1 from messaging.campaign_variant v where v.account_id = m.account_id and v.message_id = m.id)
            """).ExecuteAsync(work, cancellationToken);
        if (deleted == 0)
        {
            throw await FindAsync(work, account.Id, id, cancellationToken) is null
                ? new NotFoundException()
                : new ConflictException("message_in_use", "This message has been sent, or belongs to a campaign or an automation.");
        }

        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "message.delete", "message", id, null, cancellationToken);
        await work.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<TagList> TagsAsync(CurrentAccount account, NpgsqlDataSource database, TagCatalogues catalogues, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var tags = await catalogues.LoadAsync(work.Transaction, account.Id, cancellationToken);
        return new([.. tags.All.Select(t => new TagItem(t.Name, t.Title, t.Group, t.Example, t.Type)).OrderBy(t => t.Group, StringComparer.Ordinal).ThenBy(t => t.Title, StringComparer.Ordinal)]);
    }

    /// <summary>What went out is not changed afterwards; a campaign that recurs is changed for those to come.</summary>
    private static Sql SentAsCampaign(long accountId, long messageId) => Sql.Of($"""
        select 1 from messaging.campaign_variant v join messaging.campaign k on k.account_id = v.account_id and k.id = v.campaign_id
        where v.account_id = {accountId} and v.message_id = {messageId}
          and (k.status in ('completed', 'stopped') or (k.status in ('sending', 'paused') and k.type in ('standard', 'split')))
        """);

    private static JsonText DesignOf(MessageInput input) => new(input.Design is { ValueKind: JsonValueKind.Object } design ? design.GetRawText() : null);

    private static void Check(MessageInput input)
    {
        (string Path, string Text, int Least, int Most)[] limits =
        [
            ("/name", input.Name.Trim(), 1, 200), ("/subject", input.Subject, 0, 1_000), ("/preheader", input.Preheader, 0, 1_000),
            ("/from_name", input.FromName, 0, 200), ("/from_address", input.FromAddress, 0, 254), ("/reply_to", input.ReplyTo, 0, 254),
            ("/html", input.Html, 0, 524_288), ("/text", input.Text, 0, 524_288),
        ];
        var errors = limits.Where(l => l.Text.Length < l.Least || l.Text.Length > l.Most)
            .Select(l => new FieldError(l.Path, "length", $"This takes {l.Least} to {l.Most} characters.")).ToList();
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }
    }
}
