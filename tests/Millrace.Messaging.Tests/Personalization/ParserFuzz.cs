using System.Diagnostics;
using System.Globalization;
using System.Text;
using Millrace.Integrations.Feeds;
using Millrace.Kernel.Extensibility;
using Millrace.Mail.Returned;
using Millrace.Mail.Spam;
using Millrace.Messaging.Feeds;
using Millrace.Messaging.Inbound;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Tests.Personalization;

/// <summary>
/// Random inputs for everything that reads what people or strangers write: each is answered or refused in its own words, quickly. 1,500 cases of each as a
/// rule; <c>MILLRACE_FUZZ=1000000</c> for as many as one likes. A failure names its seed: <c>MILLRACE_FUZZ_FROM=seed</c> with <c>MILLRACE_FUZZ=1</c> repeats it.
/// </summary>
public sealed class ParserFuzz
{
    private static readonly int Cases = int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_FUZZ"), CultureInfo.InvariantCulture, out var cases) ? cases : 1_500;

    private static readonly int? From = int.TryParse(Environment.GetEnvironmentVariable("MILLRACE_FUZZ_FROM"), CultureInfo.InvariantCulture, out var from) ? from : null;

    private static readonly string[] Template =
    [
        "%", "%%", "%IF ", "%ELSEIF ", "%ELSE%", "%/IF%", "%FIRSTNAME%", "%FIRSTNAME", "|", "TITLECASE", "%TODAY+3D|ISO%", "%OFFER%", "%SHOP%", "%LOOP_A%", "%firstname%", "{{ name }}",
        "<a href=\"", "<p style='", "\"", "'", ">", "<", "</p>", "<!--", "-->", "<style>", "</style>", "https://a.b/", "javascript:", "(", ")", "&&", "||", "!", "==", "=>", "AGE", "in_array('VIP', tags)", "SHOW:1",
        "'text'", "1.5", "-", "TODAY-18Y", " ", "\n", "\t", "\0", "é", "😀", "\uD800", "\u202E", "%C3%A9", "&amp;", "&lt;", "%LINK:1%", "%OPENPIXEL%", "%UNSUBSCRIBELINK%&ALL",
        "%RSS-FEED|URL:https://f.example/|SHOW:NEW%", "%RSS-FEED%", "%RSS-LOOP|LIMIT:3%", "%RSS-LOOP%", "%RSS:ITEM:TITLE%", "%RSS:ITEM:DATE|ISO%", "%RSS:CHANNEL:LINK%", "%RSS:ITEM:LINK%",
    ];

    private static readonly string[] Condition =
    [
        "AGE", "CITY", "$CITY", "%AGE%", "%", "'", "\"", "'VIP'", "in_array", "(", ")", ",", "tags", "lists", "COLOURS", "&&", "||", "&", "|", "!", "==", "=", "!=", "<>", "<", "<=", ">=", ">", "=>", "1", "-2.5", "1.2.3",
        "TODAY", "TODAY+7D", "BIRTHDAY-18Y", "+3D", "SHOW:1", "SHOW:99", " ", "\n", "and", "or", "é", "\0", "_", "NOSUCH", "TODAY+9999Y+9999Y",
    ];

    private static readonly string[] Xml =
    [
        "<rss>", "</rss>", "<rss version=\"2.0\"><channel>", "</channel></rss>", "<feed xmlns=\"http://www.w3.org/2005/Atom\">", "</feed>", "<item>", "</item>", "<entry>", "</entry>", "<title>", "</title>", "<link>",
        "</link>", "<link href=\"https://a.b/\"/>", "<guid>1</guid>", "<pubDate>Sat, 21 Nov 2026 09:30:00 EST</pubDate>", "<pubDate>0000</pubDate>", "<description><![CDATA[<p>x</p>]]></description>", "<![CDATA[", "]]>", "&amp;",
        "&lt;b&gt;", "&x;", "<!DOCTYPE x [<!ENTITY a 'b'>]>", "<?xml version='1.0' encoding='utf-16'?>", "<a", ">", "text", "%EMAIL%", "\0", "\uFFFE", "<image><title>i</title></image>", "<media:content url='x' type='image/png' xmlns:media='http://search.yahoo.com/mrss/'/>",
        "<itunes:title xmlns:itunes='x'>t</itunes:title>", "<x><y><z>", "</z></y></x>",
    ];

    private static readonly string[] Dates =
    [
        "%TODAY", "%BIRTHDAY", "%NOW", "%", "TODAY", "BIRTHDAY", "+", "-", "1", "3D", "30D", "2W", "1M", "12M", "4Y", "29", "999999999", "99999999999999999999", "0D", "-0M", "D", "W", "M", "Y", "H",
        "|ISO%", "|ISO", "|FORMAT:d MMMM%", "|FORMAT:yyyy-MM-dd%", "|FORMAT:", "|LONG%", "|SHORT%", "|", ":", " ", "'", "\\", "fffffffff", "zzz", "'2024-02-30'", "'2024-02-29'", "'0001-01-01'", "'9999-12-31'", "é", "\0",
    ];

    private static readonly string[] Returned =
    [
        "\r\n", "\r\n\r\n", "\n", "\r", "From: ", "From: a <a@b.example>\r\n", "<", ">", "@", "Subject: ", "=?utf-8?B?7aCA?=", "=?utf-8?Q?=00=ED=A0=80?=", "Message-ID: <1.1@x>\r\n", "Message-ID: <99999999999999999999.1@x>\r\n",
        "Return-Path: <b+", "b+AQEAAAAAAAAAAQ@return.example", "List-Unsubscribe: <https://x.example/u/", "AQEAAAAAAAAAAQAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAA", ">\r\n", "Content-Type: multipart/report; boundary=x; report-type=delivery-status\r\n",
        "--x\r\n", "--x--\r\n", "Content-Type: message/delivery-status\r\n\r\n", "Content-Type: message/rfc822\r\n\r\n", "Content-Type: message/feedback-report\r\n\r\n", "Feedback-Type: abuse\r\n", "Action: failed\r\n",
        "Status: 5.1.1\r\n", "Final-Recipient: rfc822; a@b.example\r\n", "Diagnostic-Code: smtp; 550 5.1.1 no\r\n", "Auto-Submitted: auto-replied\r\n", "Reporting-MTA: dns; x\r\n", "é", "\0", "\uD800", "\u202E", " ", "\t",
    ];

    private static readonly TokenKeys Keys = new(1, new Dictionary<byte, byte[]> { [1] = [.. Enumerable.Repeat((byte)7, 32)] });

    private static readonly string[] Spam =
    [
        "SPAMD/1.1 0 EX_OK\r\n", "SPAMD/1.1 74 EX_IOERR\r\n", "Spam: True ; 6.5 / 5.0\r\n", "Spam: x ; 1..2 / -\r\n", "\r\n", "\r\n\r\n", "---- ----\n", " 1.5 RULE_A  BODY: words\n", "-0.0 RULE_B\n", "      more\n", "99999.9 X y\n", "\0", "Content-length: 5\r\n", "é",
    ];

    [Fact]
    public void Templates_become_programs_or_problems_with_a_place() => Run(Template, 40, (source, random) =>
    {
        // Variables within variables take a thousand times as long as all else until their limit stops them.
        source = random.Next(2_000) == 0 ? source + "%BOMB1%" : source;
        foreach (var kind in Enum.GetValues<TemplateKind>())
        {
            Guarded(source, () =>
            {
                var program = TemplateProgram.Compile(source, kind, Rendering.Catalogue, new SlotTable { Trees = 3 });
                var values = new string?[program.Slots.Names.Count];
                program.Slots.Resolve(Rendering.Catalogue, Rendering.Ann, values);
                program.Render(new RenderContext(values, Rendering.Ann.Tags) { Lists = Rendering.Ann.Lists, Shown = 5 });
            });
        }
    });

    [Fact]
    public void Conditions_hold_or_not_or_are_refused_with_a_place() => Run(Condition, 25, text =>
    {
        var source = $"a\n%IF {text}%yes%ELSE%no%/IF%";
        Guarded(source, () => Rendering.Render(source, TemplateKind.Text));
    });

    /// <summary>Half a megabyte each. What takes the square of a length takes minutes here, what is linear a few hundredths of a second.</summary>
    [Theory]
    [InlineData("<", "a", "")]
    [InlineData("<a ", "b", "")]
    [InlineData("<a ", "b ", "='%EMAIL%'>")]
    [InlineData("<a href=\"", "x", "%EMAIL%\">")]
    [InlineData("<p style=\"", "color:red;", "\">%EMAIL%</p>")]
    [InlineData("<!--", "-", "-->")]
    [InlineData("<style>", "<", "")]
    [InlineData("", "%", "")]
    [InlineData("", "%FIRSTNAME|", "")]
    [InlineData("", "%first name ", "")]
    [InlineData("{{", " ", "")]
    [InlineData("", "{{ name ", "}}")]
    [InlineData("%IF ", "(", "")]
    [InlineData("%IF AGE == '", "x", "'%")]
    [InlineData("https://a.example/", "%EMAIL%/", "")]
    [InlineData("https://a.example/", "x%20", "")]
    public void What_is_long_takes_no_more_than_its_length(string before, string again, string after)
    {
        var source = before + string.Concat(Enumerable.Repeat(again, 524_288 / again.Length)) + after;
        var started = Stopwatch.GetTimestamp();
        foreach (var kind in Enum.GetValues<TemplateKind>())
        {
            Guarded(source, () => Rendering.Render(source, kind));
            Guarded(source, () => FeedSections.Fill(source + "%RSS-FEED|URL:https://f.example/%%RSS-FEED%", kind, _ => null));
        }

        Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(20);
    }

    [Fact]
    public void Dates_are_reckoned_or_refused_with_a_place() => Run(Dates, 12, text =>
    {
        foreach (var kind in Enum.GetValues<TemplateKind>())
        {
            Guarded(text, () => Rendering.Render(text, kind));
        }

        var compared = $"%IF BIRTHDAY < {text}%a%ELSE%b%/IF%";
        Guarded(compared, () => Rendering.Render(compared, TemplateKind.Text));
    });

    [Fact]
    public void Mails_that_come_back_are_matched_cleaned_and_sent_on_whatever_is_in_them() => Run(Returned, 40, text =>
    {
        var raw = Encoding.UTF8.GetBytes(text);
        var mail = ReturnedMail.Read(raw);
        foreach (var headers in new[] { mail.Mail.Root.Headers, mail.Feedback?.Original ?? [] })
        {
            OurTokens.SendOf(headers, 1, Keys).ShouldBeNull("nobody but us can make a token");
            _ = (OurTokens.SendOfMessageId(headers, 1), OurTokens.GuidOf(headers));
        }

        foreach (var shown in new[] { ProcessInbound.SenderOf(mail.Mail), OutsideText.Clean(mail.Mail.Subject, 500) })
        {
            // PostgreSQL takes neither NUL nor half characters.
            (shown.Length <= 500 && !shown.Contains('\0') && !shown.EnumerateRunes().Contains(Rune.ReplacementChar)).ShouldBeTrue(shown);
        }

        var sent = ForwardedMail.Write(raw, "r+" + text + "@return.example", "192.0.2.1", "mx.example", DateTimeOffset.UnixEpoch);
        var written = Encoding.Latin1.GetString(sent);
        written.Count(c => c == '\n').ShouldBe(written.Split("\r\n").Length - 1, written);
    });

    [Fact]
    public void Sections_of_feeds_are_filled_and_nothing_in_a_feed_is_a_tag_or_markup() => Run(Template, 30, text =>
    {
        // The feed itself speaks the language of templates.
        var feed = new FeedDocument(text, text, text, [new("1", text, "https://x.example/" + text, text, text, text, text, text)]);
        foreach (var (source, kind) in new[]
        {
            ("<p title=\"%RSS-FEED|URL:https://f.example/%%RSS-LOOP%%RSS:ITEM:TITLE%%RSS-LOOP%%RSS-FEED%\">%RSS-FEED|URL:https://f.example/%%RSS-LOOP%%RSS:ITEM:TITLE%<a href=\"%RSS:ITEM:LINK%\">x</a><a href=\"https://y.example/?q=%RSS:ITEM:AUTHOR%\">y</a>%RSS-LOOP%%RSS-FEED%</p>", TemplateKind.Html),
            ("%RSS-FEED|URL:https://f.example/%%RSS-LOOP%%RSS:ITEM:CONTENT%%RSS-LOOP%%RSS-FEED%", TemplateKind.Text),
        })
        {
            var filled = FeedSections.Fill(source, kind, _ => feed);
            TemplateProgram.Compile(filled, kind, Rendering.Catalogue).IsConstant.ShouldBeTrue(filled);
        }

        var body = text + "%RSS-FEED|URL:https://f.example/|SHOW:ALL%" + text;
        Guarded(body, () => FeedSections.Fill(body, TemplateKind.Html, _ => feed));
    });

    [Fact]
    public void Feeds_are_read_or_refused() => Run(Xml, 30, text =>
    {
        try
        {
            using var body = new MemoryStream(Encoding.UTF8.GetBytes(text));
            FeedReader.Read(body).Items.Count.ShouldBeLessThanOrEqualTo(FeedReader.MaxItems);
        }
        catch (FeedInvalidException)
        {
            // In words for people.
        }
    });

    [Fact]
    public void Answers_of_spamd_are_read_or_refused() => Run(Spam, 15, text =>
    {
        try
        {
            SpamdClient.Read(text).Rules.Count.ShouldBeLessThan(1_000);
        }
        catch (SpamdException)
        {
            // In words for people.
        }
    });

    private static void Guarded(string source, Action read)
    {
        try
        {
            read();
        }
        catch (TemplateInvalidException refused)
        {
            refused.Problem.Line.ShouldBeInRange(1, source.Count(c => c == '\n') + 1);
            refused.Problem.Column.ShouldBeGreaterThan(0);
        }
    }

    private static void Run(string[] pieces, int most, Action<string> read) => Run(pieces, most, (text, _) => read(text));

    private static void Run(string[] pieces, int most, Action<string, Random> read)
    {
        var seed = From ?? Environment.TickCount;
        Parallel.For(0, Cases, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            var random = new Random(seed + i);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, most)).Select(_ => random.Next(20) == 0 ? ((char)random.Next(1, 0x300)).ToString() : pieces[random.Next(pieces.Length)]));
            var started = Stopwatch.GetTimestamp();
            try
            {
                read(text, random);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed + i}: {text}", e);
            }

            Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(2, $"Seed {seed + i}: {text}");
        });
    }
}
