using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Json;
using Millrace.Mail.Addresses;
using Millrace.Messaging.Campaigns;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Design;
using Millrace.Messaging.Design.Parts;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sanitizing;
using Millrace.Segments.Contracts;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary>What a version holds: bodies ready for merging, and where their links lead.</summary>
internal sealed record FrozenContent(
    MessageKind Kind, string Subject, string Preheader, string FromName, string FromAddress, string ReplyTo, string Html, string Text,
    IReadOnlyList<TrackedLink> Links)
{
    /// <summary>The condition trees of the design, in the order of their numbers.</summary>
    public IReadOnlyList<JsonElement> Trees { get; init; } = [];
}

/// <summary>Turns what an author wrote into an immutable version. The same content is the same version, however often it is asked for.</summary>
internal sealed class MessageFreezer(TagCatalogues catalogues, IConditions conditions, IFeeds feedShelf, TimeProvider clock)
{
    private const int MaxCached = 2_000;

    private readonly ConcurrentDictionary<(long Account, long Automation, string Step, string Hash), MessageVersionKey> _steps = new();

    /// <summary>In which transaction a version was made that nobody else has seen yet.</summary>
    private readonly ConcurrentDictionary<(long Account, long Automation, string Step, string Hash), long> _makers = new();

    /// <summary>The tags of the account as they are now.</summary>
    public Task<TagCatalogue> TagsAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        catalogues.LoadAsync(transaction, accountId, cancellationToken);

    public async Task<MessageVersionKey> FreezeStepAsync(
        NpgsqlTransaction transaction, long accountId, long automationId, string stepKey, MessageContent content, CancellationToken cancellationToken)
    {
        var whole = await SharedParts.ResolveAsync(transaction, accountId, content, cancellationToken);
        var tags = await LinkTags.OfStepAsync(transaction, accountId, automationId, stepKey, NameOf(content), cancellationToken);
        var hash = Hash(whole, tags, null);
        var key = (accountId, automationId, stepKey, Convert.ToHexStringLower(hash));
        if (_steps.TryGetValue(key, out var known))
        {
            return known;
        }

        var catalogue = await catalogues.LoadAsync(transaction, accountId, cancellationToken);
        var now = clock.GetUtcNow();
        var messageId = await Sql.Of($"""
            insert into messaging.message as m (account_id, name, kind, subject, preheader, from_name, from_address, reply_to, design, html, text,
                track_opens, track_clicks, track_replies, automation_id, step_key, created_at, updated_at)
            values ({accountId}, {NameOf(content)}, {content.Kind}, {content.Subject}, {content.Preheader}, {content.FromName}, {content.FromAddress},
                {content.ReplyTo}, {new JsonText(content.Design?.GetRawText())}, {content.Html}, {content.Text}, {content.TrackOpens},
                {content.TrackClicks}, {content.TrackReplies}, {automationId}, {stepKey}, {now}, {now})
            on conflict (account_id, automation_id, step_key) where automation_id is not null do update
            set name = excluded.name, kind = excluded.kind, subject = excluded.subject, preheader = excluded.preheader, from_name = excluded.from_name,
                from_address = excluded.from_address, reply_to = excluded.reply_to, design = excluded.design, html = excluded.html,
                text = excluded.text, track_opens = excluded.track_opens, track_clicks = excluded.track_clicks, track_replies = excluded.track_replies, updated_at = excluded.updated_at
            returning m.id
            """).FirstAsync<long>(transaction, cancellationToken);
        if (content.Kind == MessageKind.Marketing)
        {
            await AutomatedCampaigns.KeepAsync(
                transaction, accountId, automationId, stepKey, messageId, NameOf(content), content.TrackOpens, content.TrackClicks, now, cancellationToken);
        }

        var version = await FreezeAsync(transaction, accountId, messageId, whole, catalogue, tags, null, cancellationToken);

        // The transaction may still roll back, so only what was there before it is remembered.
        var transactionNo = await Sql.Of($"select pg_current_xact_id()::text::bigint").FirstAsync<long>(transaction, cancellationToken);
        if (version.IsNew)
        {
            _makers[key] = transactionNo;
        }
        else if ((!_makers.TryGetValue(key, out var maker) || maker != transactionNo) && _steps.Count < MaxCached)
        {
            _makers.TryRemove(key, out _);
            _steps[key] = version.Key;
        }

        return version.Key;
    }

    /// <summary>The version of a message's content; made unless there is one.</summary>
    /// <param name="feeds">What the feeds in it show in this sending; null: they are filled when the mails are made, with what was fetched last.</param>
    public async Task<(MessageVersionKey Key, bool IsNew)> FreezeAsync(
        NpgsqlTransaction transaction, long accountId, long messageId, MessageContent content, ITagCatalogue catalogue, CancellationToken cancellationToken,
        FeedSnapshot? feeds = null) =>
        await FreezeAsync(
            transaction, accountId, messageId, content, catalogue, await LinkTags.OfMessageAsync(transaction, accountId, messageId, cancellationToken), feeds, cancellationToken);

    private async Task<(MessageVersionKey Key, bool IsNew)> FreezeAsync(
        NpgsqlTransaction transaction, long accountId, long messageId, MessageContent content, ITagCatalogue catalogue, UtmSettings? tags,
        FeedSnapshot? feeds, CancellationToken cancellationToken)
    {
        content = await SharedParts.ResolveAsync(transaction, accountId, content, cancellationToken);
        SharedParts.CheckResolved(content);
        var hash = Hash(content, tags, feeds?.Fingerprint);
        var find = Sql.Of($"""
            select id from messaging.message_version where account_id = {accountId} and message_id = {messageId} and hash = {hash}
            """);
        if (await find.FirstAsync<long?>(transaction, cancellationToken) is { } known)
        {
            return (new(messageId, known), false);
        }

        var frozen = Compile(content, catalogue, tags, feeds);
        Check(frozen.Trees);
        if (FeedSections.Any(frozen.Html) || FeedSections.Any(frozen.Text))
        {
            // Read from now on, so that the first mail finds something.
            foreach (var asked in FeedSections.Of(frozen.Html, TemplateKind.Html).Concat(FeedSections.Of(frozen.Text, TemplateKind.Text)).Distinct())
            {
                await feedShelf.StoredAsync(transaction, accountId, asked.Url, clock.GetUtcNow(), cancellationToken);
            }
        }

        var made = await Sql.Of($"""
            insert into messaging.message_version
                (account_id, message_id, hash, kind, subject, preheader, from_name, from_address, reply_to, html, text, conditions, track_replies, created_at)
            values ({accountId}, {messageId}, {hash}, {frozen.Kind}, {frozen.Subject}, {frozen.Preheader}, {frozen.FromName}, {frozen.FromAddress},
                {frozen.ReplyTo}, {frozen.Html}, {frozen.Text}, {new JsonText(TreesJson(frozen.Trees))}, {content.TrackReplies}, {clock.GetUtcNow()})
            on conflict do nothing returning id
            """).FirstAsync<long?>(transaction, cancellationToken);
        if (made is not { } id)
        {
            // Another transaction was faster; by now it has committed.
            return (new(messageId, await find.FirstAsync<long>(transaction, cancellationToken)), false);
        }

        await Sql.Of($"""
            insert into messaging.link (account_id, message_version_id, no, url, label, tagged_url)
            select {accountId}, {id}, no, url, label, tagged_url
            from unnest({frozen.Links.Select(l => (short)l.No).ToArray()}, {frozen.Links.Select(l => l.Url).ToArray()},
                        {frozen.Links.Select(l => l.Label).ToArray()}, {frozen.Links.Select(l => l.TaggedUrl).ToArray()}) as l (no, url, label, tagged_url)
            """).ExecuteAsync(transaction, cancellationToken);
        return (new(messageId, id), true);
    }

    /// <summary>Checks everything and makes the bodies: design to HTML, cleaned, footer, links numbered, text part.</summary>
    /// <exception cref="InvalidInputException">Names the member that cannot be sent.</exception>
    public static FrozenContent Compile(MessageContent content, ITagCatalogue catalogue, UtmSettings? tags = null, FeedSnapshot? feeds = null)
    {
        CheckAddresses(content);
        var (html, text, trees) = Bodies(content);
        if (content.Kind == MessageKind.Marketing)
        {
            (html, text) = (html.Length > 0 ? MailFooter.EnsureInHtml(html) : html, MailFooter.EnsureInText(text));
        }

        try
        {
            if (feeds is not null)
            {
                content = content with
                {
                    Subject = FeedSections.Fill(content.Subject, TemplateKind.Header, feeds),
                    Preheader = FeedSections.Fill(content.Preheader, TemplateKind.Header, feeds),
                };
                (html, text) = (FeedSections.Fill(html, TemplateKind.Html, feeds), FeedSections.Fill(text, TemplateKind.Text, feeds));
            }

            Check("/subject", content.Subject, TemplateKind.Header, catalogue);
            Check("/preheader", content.Preheader, TemplateKind.Header, catalogue);
            Check("/from/name", content.FromName, TemplateKind.Header, catalogue);
            var marketing = content.Kind == MessageKind.Marketing;
            var tracked = LinkExtractor.Extract(
                html, text, catalogue, trackClicks: marketing && content.TrackClicks, trackOpens: marketing && content.TrackOpens && html.Length > 0,
                tags);
            Check("/html", FeedSections.Fill(tracked.Html, TemplateKind.Html, _ => FeedSections.Sample), TemplateKind.Html, catalogue, trees.Count, content.Html);
            Check("/text", FeedSections.Fill(tracked.Text, TemplateKind.Text, _ => FeedSections.Sample), TemplateKind.Text, catalogue, trees.Count);
            return new(
                content.Kind, content.Subject, content.Preheader, content.FromName, content.FromAddress, content.ReplyTo, tracked.Html, tracked.Text, tracked.Links)
            {
                Trees = trees,
            };
        }
        catch (TemplateInvalidException e)
        {
            throw new InvalidInputException("/html", e.Problem.Code, $"Line {e.Problem.Line}, column {e.Problem.Column}: {e.Problem.Message}");
        }
    }

    /// <summary>The feeds that the content shows, each once.</summary>
    /// <exception cref="InvalidInputException">A section is not written as it must be.</exception>
    public static IReadOnlyList<FeedAsked> FeedsOf(MessageContent content)
    {
        var (html, text, _) = Bodies(content);
        try
        {
            return [.. FeedSections.Of(html, TemplateKind.Html).Concat(FeedSections.Of(text, TemplateKind.Text)).Distinct()];
        }
        catch (TemplateInvalidException e)
        {
            throw new InvalidInputException("/html", e.Problem.Code, $"Line {e.Problem.Line}, column {e.Problem.Column}: {e.Problem.Message}");
        }
    }

    internal static (string Html, string Text, IReadOnlyList<JsonElement> Trees) Bodies(MessageContent content)
    {
        try
        {
            if (content.Design is { ValueKind: JsonValueKind.Object } document)
            {
                var (design, trees) = ConditionalContent.Fold(DesignJson.Read(document.GetRawText()));
                var rendered = DesignRenderer.Render(design);
                return (Hidden(rendered.Html, content.Preheader), content.Text.Length > 0 ? content.Text : rendered.Text, trees);
            }

            if (content.Html.Length == 0)
            {
                return content.Text.Length > 0 ? ("", content.Text, []) : throw new InvalidInputException("/html", "required", "A mail needs a body.");
            }

            var html = HtmlSanitizer.CleanDocument(content.Html);
            return (Hidden(html, content.Preheader), content.Text.Length > 0 ? content.Text : HtmlText.From(html), []);
        }
        catch (HtmlRefusedException e)
        {
            throw new InvalidInputException("/html", e.Code, e.Message);
        }
        catch (DesignInvalidException e)
        {
            throw new InvalidInputException("/design" + e.Path, e.Code, e.Message);
        }
    }

    /// <summary>The line that mailboxes show beside the subject, invisible in the mail itself.</summary>
    private static string Hidden(string html, string preheader)
    {
        if (preheader.Length == 0)
        {
            return html;
        }

        var body = html.IndexOf("<body", StringComparison.OrdinalIgnoreCase);
        var at = body < 0 ? 0 : html.IndexOf('>', body) + 1;
        var text = preheader.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
        return html.Insert(at, $"""<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">{text}</div>""");
    }

    private static void CheckAddresses(MessageContent content)
    {
        if (content.Subject.Trim().Length == 0)
        {
            throw new InvalidInputException("/subject", "required", "A mail needs a subject.");
        }

        CheckAddress("/from/address", content.FromAddress);
        CheckAddress("/reply_to", content.ReplyTo);
    }

    private static void CheckAddress(string path, string address)
    {
        if (address.Length > 0 && !EmailAddress.TryParse(address, out _, out var code, out var message))
        {
            throw new InvalidInputException(path, code, message);
        }
    }

    private static void Check(string path, string source, TemplateKind kind, ITagCatalogue catalogue, int trees = 0, string written = "")
    {
        if (Problem(source, kind, catalogue, trees) is not { } problem)
        {
            return;
        }

        // The author counts in what was written, not in what became of it: cleaned, with its footer and numbered links.
        var place = written.Length > 0 && Problem(written, kind, catalogue, trees) is { } own && own.Message == problem.Message ? own : problem;
        throw new InvalidInputException(path, problem.Code, $"Line {place.Line}, column {place.Column}: {problem.Message}");
    }

    private static TemplateProblem? Problem(string source, TemplateKind kind, ITagCatalogue catalogue, int trees)
    {
        try
        {
            TemplateProgram.Compile(source, kind, catalogue, new SlotTable { Trees = trees });
            return null;
        }
        catch (TemplateInvalidException e)
        {
            return e.Problem;
        }
    }

    /// <summary>What cannot be asked stops the freezing, and not a contact.</summary>
    private void Check(IReadOnlyList<JsonElement> trees)
    {
        foreach (var tree in trees)
        {
            conditions.Parse(tree, "/design/conditions");
        }
    }

    private static string? TreesJson(IReadOnlyList<JsonElement> trees) => trees.Count == 0 ? null : $"[{string.Join(',', trees.Select(t => t.GetRawText()))}]";

    private static string NameOf(MessageContent content) => StorableText.Cut(content.Subject, 200);

    private static byte[] Hash(MessageContent content, UtmSettings? tags, string? feeds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] parts =
        [
            content.Kind.ToString(), content.Subject, content.Preheader, content.FromName, content.FromAddress, content.ReplyTo, content.Html,
            content.Design?.GetRawText() ?? "", content.Text, content.TrackOpens ? "1" : "0", content.TrackClicks ? "1" : "0",

            // Said only where it is on: versions of before it was there keep their hash.
            .. content.TrackReplies ? (string[])["replies"] : [],
            .. tags is null ? (string[])[] : [JsonSerializer.Serialize(tags, AppJson.Options)],
            .. feeds is null ? (string[])[] : [feeds],
        ];
        foreach (var part in parts)
        {
            hash.AppendData(BitConverter.GetBytes(part.Length));
            hash.AppendData(Encoding.UTF8.GetBytes(part));
        }

        return hash.GetHashAndReset();
    }
}
