using Millrace.Messaging.Personalization;

namespace Millrace.Messaging.Tests.Personalization;

/// <summary>Compiles and renders in one go, for a contact who can be changed.</summary>
internal static class Rendering
{
    public static RecipientData Ann { get; } = new()
    {
        ContactId = 7,
        Email = "ann@example.com",
        FirstName = "ann marie",
        LastName = "O'Neil",
        Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["AGE"] = "30", ["CITY"] = "Bonn", ["BIRTHDAY"] = "2024-02-29" },
        Tags = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "VIP" },
        SenderInfo = "Example Ltd\n1 High Street",
        UnsubscribeLink = "https://t.example/u/abc",
        UnsubscribeAllLink = "https://t.example/u/all",
        Now = new DateTimeOffset(2026, 11, 21, 9, 30, 0, TimeSpan.Zero),
    };

    public static TagCatalogue Catalogue { get; } = new(
    [
        new("AGE", "Age"), new("CITY", "City", Default: "your town"), new("BIRTHDAY", "Birthday", TagType.Date),
    ]);

    public static string Render(string source, TemplateKind kind = TemplateKind.Text, RecipientData? recipient = null)
    {
        var program = TemplateProgram.Compile(source, kind, Catalogue);
        var values = new string?[program.Slots.Names.Count];
        var who = recipient ?? Ann;
        program.Slots.Resolve(Catalogue, who, values);
        return program.Render(new RenderContext(values, who.Tags));
    }

    public static TemplateProblem Problem(string source, TemplateKind kind = TemplateKind.Text) =>
        Should.Throw<TemplateInvalidException>(() => TemplateProgram.Compile(source, kind, Catalogue)).Problem;
}
