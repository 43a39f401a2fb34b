using Millrace.Contacts.Fields;
using Millrace.Contacts.Import;

namespace Millrace.Contacts.Tests.Import;

public sealed class ColumnGuessTests
{
    private static readonly FieldDefinition[] Fields = [new(7, "Shoe size", "SHOE_SIZE", FieldType.Number, "", []), new(8, "Vorname", "SPITZNAME", FieldType.Text, "", [])];

    [Theory]
    [InlineData("email", "Email")]
    [InlineData("E-Mail Address", "Email")]
    [InlineData("E_MAIL", "Email")]
    [InlineData("Adresse e-mail", "Email")]
    [InlineData("Correo electrónico", "Email")]
    [InlineData("Sähköposti", "Email")]
    [InlineData("メールアドレス", "Email")]
    [InlineData("First Name", "FirstName")]
    [InlineData("prénom", "FirstName")]
    [InlineData("Imię", "FirstName")]
    [InlineData("Имя", "FirstName")]
    [InlineData("Nachname", "LastName")]
    [InlineData("Apellidos", "LastName")]
    [InlineData("姓", "LastName")]
    [InlineData("Téléphone", "Phone")]
    [InlineData("Telefonnummer", "Phone")]
    [InlineData("Time zone", "TimeZone")]
    [InlineData("Line", "Skip")]
    [InlineData("", "Skip")]
    public void Columns_are_known_by_their_names(string name, string target) => Guess([name], []).ShouldBe([target]);

    [Fact]
    public void Custom_fields_are_known_by_name_and_key_and_come_first() =>
        ColumnGuess.Guess(["SHOE_SIZE", "vorname"], [], Fields).ShouldBe(
            [new ColumnProposal(ColumnTarget.Field, 7), new ColumnProposal(ColumnTarget.Field, 8)]);

    [Fact]
    public void No_target_is_proposed_twice() => Guess(["email", "e-mail"], []).ShouldBe(["Email", "Skip"]);

    [Fact]
    public void An_unnamed_address_column_is_known_by_what_stands_in_it() =>
        Guess(["", "Contact"], [["Ada", "ada@example.com"], ["Bob", "bob@example.com"], ["Eve", "?"]]).ShouldBe(["Skip", "Email"]);

    [Theory]
    [InlineData("42.5", FieldType.Number)]
    [InlineData("2026-03-31", FieldType.Date)]
    [InlineData("2026-03-31 09:30", FieldType.Datetime)]
    [InlineData("01234", FieldType.Text)]
    [InlineData("blue", FieldType.Text)]
    public void The_type_of_a_new_field_is_told_from_its_cells(string cell, object type) =>
        ColumnGuess.Guess(["Thing"], [[cell], [""]], []).ShouldBe([new ColumnProposal(ColumnTarget.Skip, NewField: new NewColumnField("Thing", (FieldType)type))]);

    private static string[] Guess(string[] header, string[][] rows) => [.. ColumnGuess.Guess(header, rows, []).Select(p => p.Target.ToString())];
}
