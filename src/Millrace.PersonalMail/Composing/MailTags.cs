using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Contracts;
using Npgsql;

namespace Millrace.PersonalMail.Composing;

/// <summary>A tag of a mail as it is written, and what stands there for the contact.</summary>
/// <param name="Value">Empty: the contact has none, and the mail cannot go before somebody gives one.</param>
internal sealed record TagValue(string Tag, string Value);

/// <summary>A mail after merging: clean and without tags.</summary>
/// <param name="Html">Empty for plain text.</param>
internal sealed record Merged(string Subject, string Html, string Text);

/// <summary>Fills personal mails. Values that a person gives take the place of whole tags and are never read as tags themselves.</summary>
internal sealed partial class MailTags(IMerge merge, IMailHtml html)
{
    private const int MaxTags = 50;

    /// <summary>First of the characters that hold the place of given values while the rest is merged. Private use: in no text that people write.</summary>
    private const char FirstMark = '\uE100';

    /// <summary>Different tags in the order of their first place, as they are written: <c>%FIRSTNAME%</c>.</summary>
    public static IReadOnlyList<string> Find(params ReadOnlySpan<string> texts)
    {
        var found = new List<string>();
        foreach (var text in texts)
        {
            foreach (var match in Tag().EnumerateMatches(text))
            {
                var tag = WebUtility.HtmlDecode(text.Substring(match.Index, match.Length));
                if (tag is not "%ELSE%" && found.Count < MaxTags && !found.Contains(tag, StringComparer.Ordinal))
                {
                    found.Add(tag);
                }
            }
        }

        return found;
    }

    /// <summary>What stands in the place of each tag for this contact.</summary>
    public async Task<IReadOnlyList<TagValue>> ValuesAsync(
        NpgsqlTransaction transaction, long accountId, long contactId, IReadOnlyList<string> tags, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (tags.Count == 0)
        {
            return [];
        }

        // One question for all of them.
        const string between = "\n\uE0FF\n";
        var merged = await merge.MergeAsync(transaction, accountId, string.Join(between, tags), MergePlace.Text, [contactId], now, cancellationToken);
        var values = merged.GetValueOrDefault(contactId, "").Split(between);
        return [.. tags.Select((tag, i) => new TagValue(tag, (values.Length == tags.Count ? values[i] : "").Trim()))];
    }

    /// <summary>What is wrong with the texts as templates; nothing when they can be used.</summary>
    public IEnumerable<FieldError> Problems(string subject, string body, bool isPlain)
    {
        if (merge.Problem(subject, MergePlace.Line) is { } inSubject)
        {
            yield return new("/subject", "template_invalid", inSubject);
        }

        if (merge.Problem(body, isPlain ? MergePlace.Text : MergePlace.Html) is { } inBody)
        {
            yield return new("/body", "template_invalid", inBody);
        }
    }

    /// <param name="given">Values by tag as it is written.</param>
    public async Task<Dictionary<long, Merged>> MergeAsync(
        NpgsqlTransaction transaction, long accountId, string subject, string body, bool isPlain, long[] contactIds, IReadOnlyDictionary<string, string> given,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var marks = given.Take(MaxTags).Select((g, i) => (Tag: g.Key, Mark: (char)(FirstMark + i), g.Value)).ToList();
        var subjects = await merge.MergeAsync(transaction, accountId, Marked(subject, marks), MergePlace.Line, contactIds, now, cancellationToken);
        var bodies = await merge.MergeAsync(
            transaction, accountId, Marked(body, marks), isPlain ? MergePlace.Text : MergePlace.Html, contactIds, now, cancellationToken);
        var all = new Dictionary<long, Merged>();
        foreach (var contact in contactIds.Where(c => subjects.ContainsKey(c) && bodies.ContainsKey(c)))
        {
            var line = new string([.. Filled(subjects[contact], marks, v => v).Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
            var text = Filled(bodies[contact], marks, isPlain ? v => v : v => WebUtility.HtmlEncode(v));
            var clean = isPlain ? "" : html.Clean(text, "/body");
            all[contact] = new(line.Length > 990 ? line[..990] : line, clean, isPlain ? html.CleanText(text, 262_144) : html.ToText(clean));
        }

        return all;
    }

    private static string Marked(string text, List<(string Tag, char Mark, string Value)> marks)
    {
        foreach (var (tag, mark, _) in marks)
        {
            text = text.Replace(tag, mark.ToString(), StringComparison.Ordinal).Replace(WebUtility.HtmlEncode(tag), mark.ToString(), StringComparison.Ordinal);
        }

        return text;
    }

    private static string Filled(string text, List<(string Tag, char Mark, string Value)> marks, Func<string, string> encode)
    {
        var filled = new StringBuilder(text);
        foreach (var (_, mark, value) in marks)
        {
            filled.Replace(mark.ToString(), encode(value));
        }

        return filled.ToString();
    }

    [GeneratedRegex(@"%[A-Z][A-Z0-9_:-]{0,99}([+-][0-9]{1,4}[DWMY]){0,4}(\|[^%\r\n<]{0,200})?%", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tag();
}
