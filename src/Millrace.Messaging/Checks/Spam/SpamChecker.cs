using System.Globalization;
using Microsoft.Extensions.Options;
using Millrace.Mail.Addresses;
using Millrace.Mail.Mime;
using Millrace.Mail.Spam;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Checks.Spam;

/// <summary>One rule in a spam check's answer.</summary>
/// <param name="Hint">What to do about it; null: nothing better to say than the rule itself.</param>
internal sealed record SpamRuleHit(string Rule, decimal Points, string Description, string? Hint);

/// <summary>What SpamAssassin's rules say of the content.</summary>
/// <param name="State"><c>not_configured</c>, <c>unavailable</c>, <c>passed</c> or <c>failed</c>. Advisory: nothing is held back for it.</param>
/// <param name="Message">Why there is no result; null: there is one.</param>
/// <param name="Score">Points of the rules about the content.</param>
/// <param name="Threshold">From which score on most mailboxes take it for spam.</param>
/// <param name="Rules">Those that cost points first.</param>
internal sealed record SpamVerdict(string State, string? Message, decimal? Score, decimal? Threshold, IReadOnlyList<SpamRuleHit> Rules);

/// <summary>Asks spamd about a mail as one of the sample would get it.</summary>
internal sealed class SpamChecker(IOptions<SpamCheckOptions> options, TimeProvider clock)
{
    public async Task<SpamVerdict> CheckAsync(ContentUnderCheck content, CancellationToken cancellationToken)
    {
        if (options.Value.Endpoint is not { } endpoint)
        {
            return new("not_configured", "The spam check is not set up on this server. Its operator can install SpamAssassin's spamd and set Millrace:SpamCheck:Address.", null, null, []);
        }

        if (content.Message is not { } message || !EmailAddress.TryParse(message.FromAddress, out var from, out _, out _))
        {
            return new("unavailable", "The mail cannot be made yet; mend the errors first.", null, null, []);
        }

        try
        {
            using var mail = Write(content, message, from);
            var report = await new SpamdClient(endpoint.Host, endpoint.Port, TimeSpan.FromSeconds(options.Value.Patience)).ReportAsync(mail.Span.ToArray(), cancellationToken);
            var rules = report.Rules.Where(r => SpamHints.IsOfContent(r.Name)).OrderByDescending(r => r.Points)
                .Select(r => new SpamRuleHit(r.Name, r.Points, r.Description, SpamHints.For(r.Name))).ToList();
            var score = Math.Round(rules.Sum(r => r.Points), 1);
            return new(score >= report.Threshold ? "failed" : "passed", null, score, report.Threshold, rules);
        }
        catch (Exception e) when (e is SpamdException or InvalidHeaderException or TemplateInvalidException)
        {
            return new("unavailable", e is SpamdException ? e.Message : "The mail cannot be made yet; mend the errors first.", null, null, []);
        }
    }

    private MailBuffer Write(ContentUnderCheck content, Sending.CompiledMessage message, EmailAddress from)
    {
        var context = content.Contexts.Count > 0 ? content.Contexts[0].Context : content.Nobody;
        var html = message.Html.Render(context);
        var mail = new MimeMessage
        {
            From = new Mailbox(from, message.FromName.Render(context)),
            To = [new Mailbox(EmailAddress.Parse("reader@example.com"), "Reader")],
            Subject = message.Subject.Render(context),
            MessageId = string.Create(CultureInfo.InvariantCulture, $"<check.{clock.GetUtcNow().ToUnixTimeMilliseconds()}.millrace@{from.Domain}>"),
            Date = clock.GetUtcNow(),
            Headers = message.IsMarketing ? [new("List-Unsubscribe", "<https://example.com/u/1>"), new("List-Unsubscribe-Post", OneClickHeaders.For("https://example.com/u/1").ListUnsubscribePost)] : [],
            HtmlBody = html.AsMemory(),
            TextBody = message.Text.Render(context).AsMemory(),
        };
        var buffer = new MailBuffer(html.Length + 4096);
        try
        {
            mail.WriteTo(buffer);
            return buffer;
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
