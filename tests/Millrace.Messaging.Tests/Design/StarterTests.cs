using Millrace.Messaging.Design;
using Millrace.Messaging.Links;
using Millrace.Messaging.Personalization;
using Millrace.Messaging.Tests.Personalization;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Design;

public sealed class StarterTests
{
    public static TheoryData<string> Keys => [.. StarterDesign.All.Select(s => s.Key)];

    [Theory, MemberData(nameof(Keys))]
    public void A_starter_passes_its_own_checks_and_renders_without_a_warning(string key)
    {
        var design = DesignJson.Read(DesignJson.Write(Starter(key)));
        var rendered = DesignRenderer.Render(design);

        rendered.Warnings.ShouldBeEmpty();
        var bodies = LinkExtractor.Extract(rendered.Html, rendered.Text, Rendering.Catalogue);
        TemplateProgram.Compile(bodies.Html, TemplateKind.Html, Rendering.Catalogue).Warnings.ShouldBeEmpty();
        TemplateProgram.Compile(bodies.Text, TemplateKind.Text, Rendering.Catalogue).Warnings.ShouldBeEmpty();
        if (Environment.GetEnvironmentVariable("STARTER_OUTPUT") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, key + ".html"), Rendering.Render(rendered.Html, TemplateKind.Html));
            File.WriteAllText(Path.Combine(folder, key + ".txt"), Rendering.Render(rendered.Text));
        }
    }

    [Theory, MemberData(nameof(Keys))]
    public void Its_HTML_uses_only_what_old_mail_readers_know(string key)
    {
        var design = Starter(key);

        MailStructure.Faults(DesignRenderer.Render(design).Html, design.Settings.Width).ShouldBeEmpty();
    }

    [Fact]
    public void There_are_six() => StarterDesign.All.Count.ShouldBe(6);

    private static MailDesign Starter(string key) => StarterDesign.All.Single(s => s.Key == key).Design;
}
