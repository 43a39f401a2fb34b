using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Design;
using Millrace.Messaging.Design.Parts;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Messages;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sanitizing;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Checks;

/// <summary>Runs the catalogue of checks over a mail's content.</summary>
internal sealed class ContentChecks(
    Catalogue<ContentCheck> checks, NpgsqlDataSource database, TagCatalogues catalogues, CompiledMessages messages, TimeProvider clock)
{
    private const int SampleSize = 100;

    /// <summary>All that checks look at, read in one go; the transaction is over when they run.</summary>
    /// <param name="feeds">Of a feed campaign, or one of its issues: what stands for its feed.</param>
    public async Task<ContentUnderCheck> LoadAsync(long accountId, MessageContent content, CancellationToken cancellationToken, FeedSnapshot? feeds = null)
    {
        await using var work = await AccountTransaction.BeginAsync(database, accountId, cancellationToken);
        var tags = await catalogues.LoadAsync(work.Transaction, accountId, cancellationToken);
        content = await SharedParts.ResolveAsync(work.Transaction, accountId, content, cancellationToken);
        var (frozen, problems) = TryCompile(content, tags, feeds);
        CompiledMessage? message = null;
        var contexts = new List<(long, RenderContext)>();
        var nobody = new RenderContext([], new HashSet<string>());
        if (frozen is not null)
        {
            var version = new VersionRow(
                accountId, 0, 0, frozen.Kind, frozen.Subject, frozen.FromName, frozen.FromAddress, frozen.ReplyTo, frozen.Html, frozen.Text);
            var sender = await CompiledMessages.SenderAsync(work.Transaction, accountId, cancellationToken);
            message = new CompiledMessage(
                await messages.FillAsync(work.Transaction, version, cancellationToken), frozen.Links, sender, tags, messages.Shown(frozen.Trees, sender));
            var people = await Sql.Of($"""
                select id, email, first_name, last_name, phone, ip_address, time_zone from contacts.contact
                where account_id = {accountId} order by id desc limit {SampleSize}
                """).ListAsync<Merge.Person>(work, cancellationToken);
            var now = clock.GetUtcNow();
            var facts = await Recipients.LoadAsync(work.Transaction, [.. people.Select(p => (accountId, p.Id, message))], cancellationToken);
            contexts.AddRange(people.Select(p => (p.Id, message.Merge(p.ToSend(accountId, now), facts, tracking: null, now))));
            nobody = message.Merge(new Merge.Person(0, "reader@example.com", null, null, null, null, null).ToSend(accountId, now), facts, tracking: null, now);
        }

        await work.CommitAsync(cancellationToken);
        var (pieces, warnings) = Pieces(content);
        return new()
        {
            AccountId = accountId,
            Content = content,
            Tags = tags,
            Frozen = frozen,
            Problems = problems,
            Message = message,
            Pieces = pieces,
            DesignWarnings = warnings,
            Contexts = contexts,
            Nobody = nobody,
        };
    }

    /// <param name="slow">True: only those that ask the world; false: only the others.</param>
    public async Task<IReadOnlyList<(ContentCheck Check, IReadOnlyList<ContentFinding> Findings)>> RunAsync(
        ContentUnderCheck content, bool slow, CancellationToken cancellationToken)
    {
        var chosen = checks.All.Where(c => c.IsSlow == slow).OrderBy(c => c.Order).ThenBy(c => c.Key, StringComparer.Ordinal).ToList();
        var found = await Task.WhenAll(chosen.Select(c => c.RunAsync(content, cancellationToken)));
        return [.. chosen.Select((c, i) => (c, found[i]))];
    }

    private static (FrozenContent? Frozen, IReadOnlyList<FieldError> Problems) TryCompile(MessageContent content, TagCatalogue tags, FeedSnapshot? feeds)
    {
        try
        {
            var subject = content.Subject.Trim().Length > 0 ? content.Subject : "(no subject)";
            return (MessageFreezer.Compile(content with { Subject = subject, TrackOpens = false, TrackClicks = false }, tags, feeds: feeds), []);
        }
        catch (InvalidInputException e)
        {
            return (null, e.Errors);
        }
    }

    /// <summary>Each block is rendered alone within its section and column, so that what is found can name it.</summary>
    private static (List<ContentPiece> Pieces, IReadOnlyList<DesignWarning> Warnings) Pieces(MessageContent content)
    {
        var pieces = new List<ContentPiece>();
        if (content.Design is not { } document)
        {
            return (content.Html.Length > 0 ? [Piece("/html", content.Html)] : pieces, []);
        }

        try
        {
            var design = DesignJson.Read(document.GetRawText());
            for (var s = 0; s < design.Sections.Count; s++)
            {
                var section = design.Sections[s];
                for (var c = 0; c < section.Columns.Count; c++)
                {
                    for (var b = 0; b < section.Columns[c].Blocks.Count; b++)
                    {
                        var alone = section with { Columns = [section.Columns[c] with { Blocks = [section.Columns[c].Blocks[b]] }] };
                        pieces.Add(Piece($"/sections/{s}/columns/{c}/blocks/{b}", DesignRenderer.Render(design with { Sections = [alone] }).Html));
                    }
                }
            }

            return (pieces, DesignRenderer.Render(design).Warnings);
        }
        catch (DesignInvalidException)
        {
            // Said among the problems.
            return ([], []);
        }
    }

    private static ContentPiece Piece(string path, string html) => new(path, html, HtmlSanitizer.Parse(html));
}
