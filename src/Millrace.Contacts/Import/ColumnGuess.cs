using System.Globalization;
using System.Text;
using Millrace.Contacts.Contracts;
using Millrace.Contacts.Fields;

namespace Millrace.Contacts.Import;

/// <summary>A proposal for one column.</summary>
/// <param name="FieldId">An existing custom field.</param>
/// <param name="NewField">A custom field that could be made for it.</param>
internal sealed record ColumnProposal(ColumnTarget Target, long? FieldId = null, NewColumnField? NewField = null);

/// <summary>A custom field to be made for a column.</summary>
internal sealed record NewColumnField(string Name, FieldType Type);

/// <summary>Guesses what the columns of a file are: by their names in a dozen languages, by the names of custom fields, by what stands in them.</summary>
internal static class ColumnGuess
{
    private static readonly (ColumnTarget Target, string Names)[] Synonyms =
    [
        (ColumnTarget.Email, """
            email e-mail mail emailaddress e-mailaddress mailadresse emailadresse e-mailadresse correo correoelectronico courriel adressemail adresseemail
            adresseelectronique indirizzoemail postaelettronica epost epostadress sahkoposti correioeletronico enderecodeemail adresemail adreslemail
            emailcim eposta адресэлектроннойпочты электроннаяпочта почта емейл emailalamat メールアドレス メール 邮箱 电子邮件 电子邮箱 이메일
            """),
        (ColumnTarget.FirstName, """
            firstname first forename givenname fname vorname rufname prenom nombre nome primeironome imie fornamn fornavn voornaam etunimi keresztnev
            jmeno prenume имя ad isim 名 名字 이름
            """),
        (ColumnTarget.LastName, """
            lastname last surname familyname lname nachname familienname nom nomdefamille apellido apellidos cognome sobrenome apelido nazwisko
            efternamn etternavn efternavn achternaam sukunimi vezeteknev prijmeni nume фамилия soyad soyadi 姓 姓氏 성
            """),
        (ColumnTarget.Phone, """
            phone phonenumber telephone telephonenumber tel mobile mobilephone mobilenumber cell cellphone telefon telefonnummer handy handynummer mobil mobilnummer
            rufnummer telephone numerodetelephone portable telefono movil celular cellulare telefone telemovel telefoon telefoonnummer mobiel puhelin
            puhelinnumero numertelefonu телефон номертелефона 電話番号 电话 手机 전화번호
            """),
        (ColumnTarget.TimeZone, "timezone tz zeitzone fuseauhoraire zonahoraria fusoorario fusohorario tijdzone tidszon tidssone часовойпояс"),
    ];

    private static readonly Dictionary<string, ColumnTarget> ByName = Synonyms
        .SelectMany(s => s.Names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(n => (Name: Plain(n), s.Target)))
        .DistinctBy(n => n.Name, StringComparer.Ordinal).ToDictionary(n => n.Name, n => n.Target, StringComparer.Ordinal);

    /// <param name="header">Names of the columns; empty where there is none.</param>
    /// <param name="samples">Some rows.</param>
    /// <returns>One proposal for each column; no target twice.</returns>
    public static List<ColumnProposal> Guess(IReadOnlyList<string> header, IReadOnlyList<string[]> samples, IReadOnlyList<FieldDefinition> fields)
    {
        var (proposals, taken) = (new ColumnProposal?[header.Count], new HashSet<(ColumnTarget, long?)>());
        for (var i = 0; i < header.Count; i++)
        {
            var proposal = Named(header[i], fields);
            if (proposal is not null && taken.Add((proposal.Target, proposal.FieldId)))
            {
                proposals[i] = proposal;
            }
        }

        GuessEmail(header.Count, samples, proposals, taken);
        return [.. proposals.Select((p, i) => p ?? Unknown(header[i], Cells(samples, i)))];
    }

    /// <summary>Lower-case letters and digits without accents.</summary>
    internal static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var c in name.Replace("ß", "ss", StringComparison.Ordinal).Replace('ł', 'l').Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(c))
            {
                plain.Append(char.ToLower(c, CultureInfo.InvariantCulture));
            }
        }

        return plain.ToString().Normalize(NormalizationForm.FormC);
    }

    private static ColumnProposal? Named(string name, IReadOnlyList<FieldDefinition> fields)
    {
        var plain = Plain(name);
        if (plain.Length == 0)
        {
            return null;
        }

        // What the account itself has named so comes first.
        return fields.FirstOrDefault(f => Plain(f.Name) == plain || Plain(f.Key) == plain) is { } field ? new ColumnProposal(ColumnTarget.Field, field.Id)
            : ByName.TryGetValue(plain, out var target) ? new ColumnProposal(target)
            : null;
    }

    private static void GuessEmail(int columns, IReadOnlyList<string[]> samples, ColumnProposal?[] proposals, HashSet<(ColumnTarget, long?)> taken)
    {
        for (var i = 0; i < columns && !taken.Contains((ColumnTarget.Email, null)); i++)
        {
            var cells = Cells(samples, i);
            if (proposals[i] is null && cells.Count > 0 && cells.Count(c => EmailAddress.TryNormalise(c, out _) is null) * 2 > cells.Count)
            {
                proposals[i] = new ColumnProposal(ColumnTarget.Email);
                taken.Add((ColumnTarget.Email, null));
            }
        }
    }

    private static ColumnProposal Unknown(string name, List<string> cells)
    {
        var trimmed = name.Trim();
        return trimmed.Length is 0 or > FieldCreation.MaxNameLength || cells.Count == 0
            ? new ColumnProposal(ColumnTarget.Skip)
            : new ColumnProposal(ColumnTarget.Skip, NewField: new NewColumnField(trimmed, TypeOf(cells)));
    }

    private static FieldType TypeOf(List<string> cells)
    {
        FieldType[] candidates = [FieldType.Number, FieldType.Date, FieldType.Datetime];
        foreach (var type in candidates)
        {
            var field = new FieldDefinition(0, string.Empty, string.Empty, type, string.Empty, []);
            // 01234 is a postal code and +49 30 a phone number, not a quantity.
            if (cells.All(c => FieldValueParser.TryParse(field, c, TimeZoneInfo.Utc, out var value, out _)
                && (type != FieldType.Number || value.Text == c.Trim()) && (type != FieldType.Date || c.Trim().Length == 10)))
            {
                return type;
            }
        }

        return cells.Exists(c => c.Length > 200 || c.Contains('\n', StringComparison.Ordinal)) ? FieldType.Textarea : FieldType.Text;
    }

    private static List<string> Cells(IReadOnlyList<string[]> samples, int column) =>
        [.. samples.Where(r => column < r.Length && !string.IsNullOrWhiteSpace(r[column])).Select(r => r[column])];
}
