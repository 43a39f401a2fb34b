using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Millrace.Messaging.Design;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Sanitizing;
using Millrace.Messaging.Templates;
using Millrace.Messaging.Tests.Personalization;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Templates;

/// <summary>What every template of the library keeps, old ones and those to come.</summary>
public sealed partial class TemplateLibraryTests
{
    /// <summary>Contacts of all kinds: nameless, long, right to left, hostile.</summary>
    private static readonly RecipientData[] People =
    [
        Rendering.Ann,
        Rendering.Ann with { FirstName = null, LastName = null, Fields = new Dictionary<string, string>(StringComparer.Ordinal) },
        Rendering.Ann with { FirstName = new string('W', 255), LastName = new string('x', 255) },
        Rendering.Ann with { FirstName = "مرحبا بالعالم", LastName = "שלום" },
        Rendering.Ann with { FirstName = "<script>alert(1)</script>\"'%FIRSTNAME%", LastName = "&amp;" },
    ];

    public static TheoryData<string> Keys => [.. TemplateLibrary.All.Select(t => t.Key)];

    [Theory, MemberData(nameof(Keys))]
    public void It_renders_without_a_warning_and_all_its_tags_are_known(string key)
    {
        var (rendered, template) = Render(key);

        rendered.Warnings.ShouldBeEmpty();
        var bodies = LinkExtractor.Extract(rendered.Html, rendered.Text, Rendering.Catalogue);
        TemplateProgram.Compile(bodies.Html, TemplateKind.Html, Rendering.Catalogue).Warnings.ShouldBeEmpty();
        TemplateProgram.Compile(bodies.Text, TemplateKind.Text, Rendering.Catalogue).Warnings.ShouldBeEmpty();
        TemplateProgram.Compile(template.File.Subject, TemplateKind.Header, Rendering.Catalogue).Warnings.ShouldBeEmpty();
        TemplateProgram.Compile(template.File.Preheader, TemplateKind.Header, Rendering.Catalogue).Warnings.ShouldBeEmpty();
        if (Environment.GetEnvironmentVariable("TEMPLATE_OUTPUT") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, key + ".html"), Rendering.Render(rendered.Html, TemplateKind.Html));
            File.WriteAllText(Path.Combine(folder, key + ".txt"), Rendering.Render(rendered.Text));
        }
    }

    /// <summary>
    /// What the renderer makes of every template, text for text: a change of the renderer or of a block shows which mails become others. Meant so: <c>MILLRACE_WRITE=1</c>
    /// renews the file, and <c>TEMPLATE_OUTPUT=folder</c> with the test above writes the mails, to be compared and looked at.
    /// </summary>
    [Fact]
    public void They_are_rendered_as_they_were()
    {
        var now = TemplateLibrary.All.Select(t => t.Key).Order(StringComparer.Ordinal).Select(key =>
        {
            var rendered = Render(key).Rendered;
            return $"{key} {Hash(rendered.Html)} {Hash(rendered.Text)}";
        }).ToList();
        var golden = Golden();
        if (Environment.GetEnvironmentVariable("MILLRACE_WRITE") == "1")
        {
            File.WriteAllLines(golden, now);
        }

        now.Except(File.ReadAllLines(golden)).ShouldBeEmpty();

        static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16];
    }

    private static string Golden()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Millrace.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return Path.Combine(folder, "tests", "Millrace.Messaging.Tests", "Templates", "golden.txt");
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_HTML_uses_only_what_old_mail_readers_know(string key)
    {
        var (rendered, template) = Render(key);

        MailStructure.Faults(rendered.Html, template.File.Design.Settings.Width).ShouldBeEmpty();
        rendered.Html.Length.ShouldBeLessThan(60 * 1024, "room for the author's own words before the mail is cut off");
        using var document = new HtmlParser().ParseDocument(rendered.Html);
        document.QuerySelectorAll("img").ShouldAllBe(i => i.GetAttribute("alt")!.Length > 4);
        document.QuerySelectorAll("img").ShouldAllBe(i => TemplateLibrary.Images.ContainsKey(Path.GetFileName(i.GetAttribute("src")!)) && i.GetAttribute("src")!.StartsWith("/i/library/", StringComparison.Ordinal));

        // A letter begins as letters do.
        document.QuerySelectorAll("h1").Length.ShouldBeGreaterThan(key == "letter" ? -1 : 0);
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_text_can_be_read_on_its_ground(string key)
    {
        using var document = new HtmlParser().ParseDocument(Render(key).Rendered.Html);

        Contrasts(document).Where(c => c.Contrast < c.Wanted).Select(c => $"{c.Contrast:0.00} < {c.Wanted}: {c.Text}").ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Keys))]
    public void It_carries_the_way_out_and_a_text_part_worth_reading(string key)
    {
        var (rendered, template) = Render(key);

        MailFooter.EnsureInHtml(rendered.Html).ShouldBe(rendered.Html);
        MailFooter.EnsureInText(rendered.Text).ShouldBe(rendered.Text);
        rendered.Text.ShouldNotMatch("<[a-z]");
        rendered.Text.ShouldNotContain("&nbsp;");
        rendered.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeGreaterThan(25);

        // A mail that is merged says something to people whose name nobody knows.
        (rendered.Html + template.File.Subject).ShouldNotContain("%FIRSTNAME%");
    }

    [Theory, MemberData(nameof(Keys))]
    public void Whoever_gets_it_gets_a_whole_mail(string key)
    {
        var (rendered, template) = Render(key);
        foreach (var person in People)
        {
            var html = Rendering.Render(rendered.Html, TemplateKind.Html, person);
            html.ShouldNotContain("<script>alert");
            MailStructure.Faults(html, template.File.Design.Settings.Width).ShouldBeEmpty();
            Rendering.Render(template.File.Subject, TemplateKind.Header, person).Trim().ShouldNotBeEmpty();
            var text = Rendering.Render(rendered.Text, TemplateKind.Text, person);
            text.Replace("%FIRSTNAME%", "", StringComparison.Ordinal).ShouldNotMatch("%[A-Z-]+(\\||%)", "a tag that nobody filled");
        }
    }

    [Theory, MemberData(nameof(Keys))]
    public void It_is_described(string key)
    {
        var file = TemplateLibrary.Find(key)!.File;

        file.Name.Length.ShouldBeInRange(3, 40);
        file.Description.Length.ShouldBeInRange(20, 140);
        file.Subject.Length.ShouldBeInRange(5, 80);
        file.Uses.Count.ShouldBeInRange(1, 5);
        TemplateCategories.OfLibrary.ShouldContain(file.Category);
        typeof(TemplateLibrary).Assembly.GetManifestResourceNames().ShouldContain($"Millrace.Messaging.Templates.Library.{file.Category}.{key}.json");
        DesignJson.Read(TemplateLibrary.Find(key)!.DesignJson).Settings.Preheader.ShouldBeEmpty("the mail has one of its own");
    }

    [Fact]
    public void There_are_enough_of_every_category()
    {
        TemplateLibrary.All.Count(t => t.File.Category != "layouts").ShouldBeGreaterThanOrEqualTo(40);
        TemplateLibrary.All.Count(t => t.File.Category == "layouts").ShouldBeGreaterThanOrEqualTo(7);
        TemplateCategories.OfLibrary.ShouldAllBe(c => TemplateLibrary.All.Count(t => t.File.Category == c) >= 3);
        TemplateLibrary.All.Select(t => t.File.Name).ShouldBeUnique();
        TemplateLibrary.All.Select(t => t.File.Subject).Where(s => s != "Your subject").ShouldBeUnique();
    }

    [Fact]
    public void Its_pictures_are_small_and_all_used()
    {
        var shown = TemplateLibrary.All.SelectMany(t => TemplateLibrary.Picture().Matches(t.DesignJson)).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

        // A picture that mails have been sent with is never taken away: put what is shown no more into this list instead.
        string[] retired = [];
        TemplateLibrary.Images.Keys.Except(retired).Order().ShouldBe(shown.Order());
        TemplateLibrary.Images.ShouldAllBe(i => i.Value.Length <= 25_000);
        TemplateLibrary.Images.Sum(i => i.Value.Length).ShouldBeLessThan(2_000_000);
        TemplateLibrary.Images.Values.Min(i => BinaryPrimitives.ReadInt32BigEndian(i.AsSpan(16))).ShouldBeGreaterThanOrEqualTo(400);
    }

    [Fact]
    public void A_changed_template_or_picture_has_another_hash()
    {
        TemplateLibrary.All.Select(t => t.Hash).ShouldBeUnique();
        TemplateLibrary.HashOf([1], "{}").ShouldNotBe(TemplateLibrary.HashOf([2], "{}"));
        TemplateLibrary.HashOf([1], "/i/library/van.png").ShouldNotBe(TemplateLibrary.HashOf([1], "/i/library/sea.png"));
    }

    [Fact]
    public void The_account_speaks_in_it()
    {
        var design = TemplateFill.Design(TemplateLibrary.Find("journal-letter")!.DesignJson, "Tom & <Jerry>");

        var html = DesignRenderer.Render(DesignJson.Read(design)).Html;
        html.ShouldContain("Tom &amp; &lt;Jerry&gt;");
        html.ShouldNotContain(TemplateFill.Company);
        HtmlSanitizer.CleanDocument(html).ShouldNotContain("<jerry");
    }

    private static (RenderedDesign Rendered, LibraryTemplate Template) Render(string key)
    {
        var template = TemplateLibrary.Find(key)!;
        return (DesignRenderer.Render(DesignJson.Read(TemplateFill.Design(template.DesignJson, "Example Ltd"))), template);
    }

    private sealed record Contrasted(string Text, double Contrast, double Wanted);

    /// <summary>WCAG AA: 4.5, of large text 3.</summary>
    private static IEnumerable<Contrasted> Contrasts(IDocument document)
    {
        foreach (var text in document.Body!.Descendants<IText>().Where(t => t.Data.Any(char.IsLetterOrDigit)))
        {
            var around = text.Ancestors<IElement>().ToList();
            if (around.Exists(e => e.LocalName == "style" || Style(e, "display") == "none"))
            {
                continue;
            }

            var colour = around.Select(e => Style(e, "color")).First(c => c is not null)!;
            var ground = around.Select(e => Style(e, "background-color")).First(c => c is not null)!;
            var size = int.Parse(around.Select(e => Style(e, "font-size")).First(s => s is not null)!.Replace("px", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
            var bold = around.Exists(e => e.LocalName is "strong" or "b" || Style(e, "font-weight") is "700");
            yield return new(
                $"\"{text.Data.Trim()}\" {colour} on {ground}", Contrast(colour, ground), size >= 24 || (bold && size >= 19) ? 3 : 4.5);
        }
    }

    private static string? Style(IElement element, string property) =>
        Declaration().Matches(element.GetAttribute("style") ?? "").LastOrDefault(d => d.Groups["name"].Value == property)?.Groups["value"].Value.Trim();

    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Part(int at)
        {
            var c = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(1)) + (0.7152 * Part(3)) + (0.0722 * Part(5));
    }

    [GeneratedRegex(@"(?<=^|;)\s*(?<name>[a-z-]+)\s*:\s*(?<value>[^;]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declaration();
}
