using System.Net;
using Millrace.Kernel.Data;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sending;
using Npgsql;

namespace Millrace.Messaging.Sharing;

/// <summary>What stands above a forwarded mail.</summary>
internal sealed record ForwardNote(long AccountId, long Id, string SenderName, string Note)
{
    /// <summary>Those that the mails of a batch need.</summary>
    public static async Task<Dictionary<(long Account, long Forward), ForwardNote>> LoadAsync(
        NpgsqlTransaction transaction, IEnumerable<DueSend> sends, CancellationToken cancellationToken)
    {
        var wanted = sends.Where(s => s.SourceKind == SendSourceKind.Forward).ToList();
        return wanted.Count == 0 ? [] : (await Sql.Of($"""
            select f.account_id, f.id, f.sender_name, f.note
            from unnest({wanted.Select(s => s.AccountId).ToArray()}, {wanted.Select(s => s.SourceId).ToArray()}) as w (account_id, id)
            cross join lateral (select * from messaging.forward f where f.account_id = w.account_id and f.id = w.id limit 1) f
            """).ListAsync<ForwardNote>(transaction, cancellationToken)).DistinctBy(f => (f.AccountId, f.Id)).ToDictionary(f => (f.AccountId, f.Id));
    }
}

/// <summary>
/// A mail as a friend of its reader gets it: what it says is what the reader saw, nothing in it is tracked or acts for the reader, and above it stands who sends it.
/// </summary>
internal sealed class ForwardedCopy(CompiledMessage message, DueSend send, RecipientFacts facts, ForwardNote? note, string baseUrl, TokenKeys keys, DateTimeOffset now)
{
    private static readonly string PixelOfNobody = LinkExtractor.Pixel.Replace("%OPENPIXEL%", PlainLinks.NoPixel, StringComparison.Ordinal);

    private readonly RenderContext _context = message.Merge(send, facts, LinksOf(message, send, baseUrl, keys), tracking: null, now);

    /// <summary>Where the friend refuses forwarded mails.</summary>
    public static string RefusalUrl(DueSend send, string baseUrl, TokenKeys keys) =>
        $"{baseUrl}/f/stop/{new PublicToken(TokenPurpose.RefuseForwards, send.AccountId, send.Id).ToText(keys)}";

    public string Subject => "Fwd: " + message.Subject.Render(_context);

    public string FromName => message.FromName.Render(_context);

    public string Html
    {
        get
        {
            var html = message.Html.Render(In(TemplateKind.Html)).Replace(PixelOfNobody, "", StringComparison.Ordinal);
            return html.Insert(StartOfBody(html), Banner());
        }
    }

    public string Text => $"{Who} forwarded this e-mail to you.\n{(Note.Length > 0 ? $"\n{Note}\n" : "")}\n----\n\n{message.Text.Render(In(TemplateKind.Text))}";

    private string Who => note is { SenderName.Length: > 0 } ? note.SenderName : "Somebody who knows you";

    private string Note => note?.Note ?? "";

    private RenderContext In(TemplateKind place) => _context with { Tracking = new PlainLinks(message, _context, place) };

    private string Banner()
    {
        var words = Note.Length == 0 ? "" : $"<div style=\"margin-top:8px;white-space:pre-line\">{WebUtility.HtmlEncode(Note)}</div>";
        return "<table role=\"presentation\" width=\"100%\" border=\"0\" cellpadding=\"0\" cellspacing=\"0\"><tr>"
            + "<td style=\"padding:16px 20px;background-color:#f3f4f6;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5;color:#1f2937\">"
            + $"<strong>{WebUtility.HtmlEncode(Who)}</strong> forwarded this e-mail to you.{words}</td></tr></table>";
    }

    /// <summary>Behind the body's opening tag, whose attributes may hold what looks like its end.</summary>
    private static int StartOfBody(string html)
    {
        var at = html.IndexOf("<body", StringComparison.OrdinalIgnoreCase);
        for (var (i, quote) = (at, '\0'); at >= 0 && i < html.Length; i++)
        {
            var c = html[i];
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
            }
            else if (c is '"' or '\'')
            {
                quote = c;
            }
            else if (c == '>')
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static CopyLinks LinksOf(CompiledMessage message, DueSend send, string baseUrl, TokenKeys keys) => new(
        RefusalUrl(send, baseUrl, keys),
        new PublicLinks(PublicVersion.UrlOf(baseUrl, send.AccountId, message.Version.Id, keys), ForwardPage.SubjectOf(message.Version.Subject)));

    /// <summary>The reader's own pages are not the friend's: who unsubscribes here refuses forwarded mails.</summary>
    private sealed class CopyLinks(string refusal, PublicLinks others) : IRecipientLinks
    {
        public string? Unsubscribe => refusal;

        public string? UnsubscribeAll => refusal;

        public string? WebCopy => others.WebCopy;

        public string? Update => null;

        public string? Confirm => null;

        public string? Forward => null;

        public string? Share(string network) => others.Share(network);
    }
}
