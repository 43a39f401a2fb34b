using Millrace.Contacts.Fields;

namespace Millrace.Contacts.Tests.Fields;

public sealed class FieldValueParserTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("Text", "  hello ", "hello")]
    [InlineData("Number", "007.50", "7.5")]
    [InlineData("Number", "-3", "-3")]
    [InlineData("Currency", "12.50 eur", "12.5 EUR")]
    [InlineData("Currency", "USD 3", "3 USD")]
    [InlineData("Date", "2026-03-31", "2026-03-31")]
    [InlineData("Date", "2026-03-31T23:30:00-08:00", "2026-03-31")]
    [InlineData("Datetime", "2026-07-01 12:00", "2026-07-01T10:00:00Z")]
    [InlineData("Datetime", "2026-07-01T12:00:00+05:00", "2026-07-01T07:00:00Z")]
    [InlineData("Language", "pt_BR", "pt-br")]
    [InlineData("Dropdown", "red", "Red")]
    [InlineData("Radio", "||Green||", "Green")]
    [InlineData("Checkbox", "||green||Red||green||", "||Green||Red||")]
    [InlineData("Listbox", "Red", "||Red||")]
    public void A_value_is_stored_in_its_canonical_text_which_reads_back_as_itself(string type, string text, string canonical)
    {
        var field = Field(type);

        FieldValueParser.TryParse(field, text, Berlin, out var value, out _).ShouldBeTrue();
        value.Text.ShouldBe(canonical);
        FieldValueParser.TryParse(field, value.Text, Berlin, out var again, out _).ShouldBeTrue();
        again.Text.ShouldBe(canonical);
    }

    [Theory]
    [InlineData("Number", "1e400")]
    [InlineData("Number", "12,5")]
    [InlineData("Number", "NaN")]
    [InlineData("Currency", "twelve")]
    [InlineData("Date", "2024-02-30")]
    [InlineData("Datetime", "soon")]
    [InlineData("Language", "klingonish")]
    [InlineData("Dropdown", "Blue")]
    [InlineData("Checkbox", "||Red||Blue||")]
    [InlineData("Text", "a\0b")]
    public void A_value_that_does_not_fit_the_type_is_refused_with_a_sentence(string type, string text)
    {
        FieldValueParser.TryParse(Field(type), text, Berlin, out var value, out var problem).ShouldBeFalse();

        problem.ShouldNotBeNullOrWhiteSpace();
        value.Text.ShouldBeNull();
    }

    [Theory]
    [InlineData("Text")]
    [InlineData("Date")]
    [InlineData("Checkbox")]
    public void An_empty_text_clears_a_field_of_any_type(string type)
    {
        FieldValueParser.TryParse(Field(type), "  ", Berlin, out var value, out _).ShouldBeTrue();

        value.Text.ShouldBeNull();
    }

    [Fact]
    public void Typed_columns_hold_what_conditions_compare()
    {
        FieldValueParser.TryParse(Field("Currency"), "12.50 EUR", Berlin, out var money, out _);
        FieldValueParser.TryParse(Field("Date"), "2026-03-31", Berlin, out var date, out _);

        money.Number.ShouldBe(12.5m);
        date.Instant.ShouldBe(new DateTimeOffset(2026, 3, 31, 0, 0, 0, TimeSpan.Zero));
    }

    private static FieldDefinition Field(string type) => new(1, "Colour", "COLOUR", Enum.Parse<FieldType>(type), "", ["Red", "Green"]);
}
