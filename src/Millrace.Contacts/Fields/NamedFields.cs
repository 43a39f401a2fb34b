using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary>Finds and makes custom fields for other modules.</summary>
internal sealed class NamedFields : IFields
{
    public IReadOnlyCollection<string> Types { get; } = [.. Enum.GetValues<FieldType>().Select(EnumNames<FieldType>.NameOf)];

    public Task<CustomField?> FindAsync(NpgsqlTransaction transaction, long accountId, string name, CancellationToken cancellationToken) => Sql.Of($"""
        select id, key, type from contacts.field where account_id = {accountId} and lower(name) = lower({name.Trim()})
        """).FirstAsync<CustomField>(transaction, cancellationToken);

    public async Task<CustomField> CreateAsync(
        NpgsqlTransaction transaction, long accountId, string name, string type, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!EnumNames<FieldType>.TryParse(type, out var known))
        {
            throw new InvalidInputException("/type", "unknown_choice", $"There is no kind of field named {type}.");
        }

        await FieldCreation.InsertAsync(transaction, accountId, new NewField(name, known), now, cancellationToken);
        return (await FindAsync(transaction, accountId, name, cancellationToken))!;
    }
}
