using Millrace.Kernel.Data;
using Millrace.Messaging.Personalization;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary>The tags of one account: those of the product and the account's own fields.</summary>
internal static class AccountTags
{
    /// <summary>Reads the field definitions of Contacts: they are what the tags are named after.</summary>
    public static async Task<TagCatalogue> LoadAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken)
    {
        var fields = await Sql.Of($"""
            select key, name, type, default_value from contacts.field where account_id = {accountId} order by id
            """).ListAsync<Field>(transaction, cancellationToken);
        return new TagCatalogue(fields.Select(f => new FieldTag(
            f.Key, f.Name, f.Type switch { "date" or "datetime" => TagType.Date, "textarea" => TagType.MultiLine, _ => TagType.Text }, f.Default)));
    }

    private sealed record Field(string Key, string Name, string Type, string Default);
}
