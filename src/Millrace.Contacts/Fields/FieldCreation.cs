using System.Globalization;
using System.Text;
using Millrace.Contacts.People;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary>What a new custom field is made from.</summary>
/// <param name="Key">The personalization tag without percent signs; made from the name when absent.</param>
internal sealed record NewField(
    string Name, FieldType Type, string? Key = null, long? GroupId = null, string Description = "", string DefaultValue = "",
    bool Required = false, bool Visible = true, int? Position = null);

/// <summary>One choice of a field.</summary>
internal sealed record NewOption(string Value, string? Label = null, int? Position = null, bool IsDefault = false);

internal static class FieldCreation
{
    public const int MaxNameLength = 100;
    public const int MaxFields = 200;
    public const int MaxOptions = 500;

    /// <returns>Its id. A taken name or key breaks <c>field_name_unique</c> or <c>field_key_unique</c> (409).</returns>
    public static async Task<long> InsertAsync(
        NpgsqlTransaction transaction, long accountId, NewField field, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var name = CheckName(field.Name);
        var key = field.Key is { Length: > 0 } given ? CheckKey(given) : KeyOf(name);
        if (await Sql.Of($"select count(*) from contacts.field where account_id = {accountId}").FirstAsync<long>(transaction, cancellationToken) >= MaxFields)
        {
            throw new ConflictException("limit_reached", $"An account has at most {MaxFields} custom fields.");
        }

        return await Sql.Of($"""
            insert into contacts.field (account_id, name, key, type, group_id, description, default_value, required, visible, position, created_at, updated_at)
            values ({accountId}, {name}, {key}, {field.Type}, {field.GroupId}, {PersonText.Line(field.Description, 1_000, "/description")},
                    {PersonText.Line(field.DefaultValue, FieldValueParser.MaxLength, "/default_value")}, {field.Required}, {field.Visible},
                    coalesce({field.Position}, (select coalesce(max(position), 0) + 1 from contacts.field where account_id = {accountId})), {now}, {now})
            returning id
            """).FirstAsync<long>(transaction, cancellationToken);
    }

    /// <summary>Adds options at the end of those there are.</summary>
    /// <returns>Their ids, in order.</returns>
    public static async Task<List<long>> AddOptionsAsync(
        NpgsqlTransaction transaction, long accountId, long fieldId, IReadOnlyList<NewOption> options, CancellationToken cancellationToken)
    {
        foreach (var option in options)
        {
            CheckOption(option.Value, "/options/value");
            PersonText.Line(option.Label ?? string.Empty, MaxOptions, "/options/label");
        }

        return await Sql.Of($"""
            insert into contacts.field_option (account_id, field_id, label, value, position, is_default)
            select {accountId}, {fieldId}, o.label, o.value,
                   coalesce(o.position, (select coalesce(max(position), 0) from contacts.field_option where account_id = {accountId} and field_id = {fieldId})
                                        + o.no::int), o.is_default
            from unnest({options.Select(o => o.Value.Trim()).ToArray()}, {options.Select(o => (o.Label ?? o.Value).Trim()).ToArray()},
                        {options.Select(o => o.Position).ToArray()}, {options.Select(o => o.IsDefault).ToArray()})
                 with ordinality as o (value, label, position, is_default, no)
            order by o.no
            returning id
            """).ListAsync<long>(transaction, cancellationToken);
    }

    public static string CheckOption(string value, string path)
    {
        var option = PersonText.Name(value, 500, path);
        return option.Contains("||", StringComparison.Ordinal)
            ? throw new InvalidInputException(path, "validation_failed", "An option must not contain ||; that separates options.")
            : option;
    }

    public static string CheckName(string name)
    {
        var checkedName = PersonText.Name(name, MaxNameLength, "/name");
        return StandardField.All.Any(f => string.Equals(f.Name, checkedName, StringComparison.OrdinalIgnoreCase))
            ? throw new ConflictException("field_exists", "A standard field has this name.")
            : checkedName;
    }

    /// <summary>Upper case without spaces, as people type tags; only letters, digits and underscores.</summary>
    public static string CheckKey(string key)
    {
        var upper = key.Trim().Trim('%').Replace(" ", string.Empty, StringComparison.Ordinal).ToUpperInvariant();
        return upper.Length is >= 1 and <= 100 && upper[0] != '_' && upper.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? upper
            : throw new InvalidInputException("/key", "validation_failed", "A personalization tag is made of letters, digits and underscores.");
    }

    /// <summary><c>Größe (cm)</c> becomes <c>GROSSE_CM</c>.</summary>
    public static string KeyOf(string name)
    {
        var key = new StringBuilder();
        foreach (var c in name.Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                key.Append(char.ToUpperInvariant(c));
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && key.Length > 0 && key[^1] != '_')
            {
                key.Append('_');
            }
        }

        var text = key.ToString().Trim('_');
        return text.Length == 0 ? "FIELD" : text;
    }
}
