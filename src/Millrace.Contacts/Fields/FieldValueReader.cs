using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary>Reads one field, standard or custom, of many contacts.</summary>
internal static class FieldValueReader
{
    /// <returns>By contact; who has no value is not in the answer.</returns>
    public static async Task<IReadOnlyDictionary<long, string?>> TextsAsync(
        NpgsqlTransaction transaction, long accountId, long fieldId, long[] contactIds, CancellationToken cancellationToken)
    {
        var query = StandardField.Find(fieldId) is { } standard
            ? Sql.Of($"""
                select id, nullif({StandardFieldWriter.Column(standard)}, '') from contacts.contact
                where account_id = {accountId} and id = any({contactIds})
                """)
            : Sql.Of($"""
                select contact_id, value from contacts.field_value
                where account_id = {accountId} and field_id = {fieldId} and contact_id = any({contactIds})
                """);
        return (await query.ListAsync<Row>(transaction, cancellationToken)).ToDictionary(r => r.ContactId, r => r.Text);
    }

    private sealed record Row(long ContactId, string? Text);
}
