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
        Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["AGE"] = "30", ["CITY"] = "Bonn", ["COLOURS"] = "Red, Dark Blue", ["BIRTHDAY"] = "2024-02-29" },
        Tags = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "VIP" },
        SenderInfo = "Example Ltd\n1 High Street",
        Lists = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "Newsletter" },
        Owner = new("Olga", "Owner", "olga@example.com"),
        SenderName = "Example Ltd",
        SenderEmail = "hello@example.com",
        SubscribedAt = new DateTimeOffset(2026, 6, 1, 9, 30, 0, TimeSpan.Zero),
        Links = new SomeLinks(),
        Now = new DateTimeOffset(2026, 11, 21, 9, 30, 0, TimeSpan.Zero),
    };

    public static TagCatalogue Catalogue { get; } = new(
    [
        new("AGE", "Age"), new("CITY", "City", Default: "your town"), new("BIRTHDAY", "Birthday", TagType.Date), new("COLOURS", "Colours"),
    ],
    [
        new("OFFER", "Offer", "20% off until %TODAY+3D|ISO%\nfor %FIRSTNAME|TITLECASE%"), new("SHOP", "Shop", "https://shop.example/a?c=%CITY%"),
        new("CODE", "Code", "Winter & Co %AGE%"), new("LOOP_A", "Loop", "a %LOOP_B%"), new("LOOP_B", "Loop", "b %LOOP_A%"), new("BROKEN", "Broken", "%NOSUCHTAG%"),
        new("BOMB1", "Bomb", string.Concat(Enumerable.Repeat("%BOMB2%", 200))), new("BOMB2", "Bomb", string.Concat(Enumerable.Repeat("%BOMB3%", 200))),
        new("BOMB3", "Bomb", string.Concat(Enumerable.Repeat("%EMAIL%", 200))),
    ]);

    private sealed class SomeLinks : IRecipientLinks
    {
        public string Unsubscribe => "https://t.example/u/abc";

        public string UnsubscribeAll => "https://t.example/u/all";

        public string? WebCopy => null;

        public string? Update => null;

        public string? Confirm => null;

        public string Forward => "https://t.example/f/abc";

        public string Share(string network) => "https://t.example/s/" + network;
    }

    public static string Render(string source, TemplateKind kind = TemplateKind.Text, RecipientData? recipient = null)
    {
        var program = TemplateProgram.Compile(source, kind, Catalogue);
        var values = new string?[program.Slots.Names.Count];
        var who = recipient ?? Ann;
        program.Slots.Resolve(Catalogue, who, values);
        return program.Render(new RenderContext(values, who.Tags) { Lists = who.Lists });
    }

    public static TemplateProblem Problem(string source, TemplateKind kind = TemplateKind.Text) =>
        Should.Throw<TemplateInvalidException>(() => TemplateProgram.Compile(source, kind, Catalogue)).Problem;
}
