using System.Text;
using Millrace.Kernel.Errors;
using Millrace.Messaging.Contracts;
using Millrace.Messaging.Links;
using Millrace.Messaging.Sanitizing;
using Millrace.Messaging.Transactional;
using Millrace.Messaging.Transactional.Sending;

namespace Millrace.Messaging.Messages;

/// <summary>What this module does to HTML of its own mails, for the mails of others.</summary>
internal sealed class MailHtml : IMailHtml
{
    public string Clean(string html, string path)
    {
        try
        {
            return HtmlSanitizer.CleanFragment(html);
        }
        catch (HtmlRefusedException e)
        {
            throw new InvalidInputException(path, e.Code, e.Message);
        }
    }

    public string ToText(string html) => HtmlText.From("<!DOCTYPE html><body>" + html);

    public string CleanText(string text, int length)
    {
        var clean = new StringBuilder(Math.Min(text.Length, length));
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (clean.Length + 2 > length)
            {
                break;
            }

            clean.Append(rune.Value is '\n' or '\t' ? rune.ToString() : Rune.IsControl(rune) ? "" : rune == Rune.ReplacementChar ? "?" : rune.ToString());
        }

        return clean.ToString().Trim();
    }

    public (string Html, string Text) ReplaceLinks(string html, string text, Func<string, string?> target) =>
        MailLinks.Replace(html, text, LinkTracking.HtmlAndText, target);

    public bool MayFollow(string url) => LinkTarget.IsAllowed(url);
}
