using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Npgsql;

namespace Millrace.Contacts.Fields;

/// <summary>Reads what the account's custom fields are like. Few rows, read in one statement.</summary>
internal static class FieldDefinitions
{
    /// <summary>All of the account, in the order in which people see them.</summary>
    public static Task<List<FieldDefinition>> AllAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        Query(accountId, Sql.Empty).ListAsync<FieldDefinition>(transaction, cancellationToken);

    /// <summary>Those with these ids; a missing one is simply not in the answer.</summary>
    public static async Task<Dictionary<long, FieldDefinition>> ByIdAsync(
        NpgsqlTransaction transaction, long accountId, long[] ids, CancellationToken cancellationToken) =>
        (await Query(accountId, Sql.Of($"and f.id = any({ids})")).ListAsync<FieldDefinition>(transaction, cancellationToken)).ToDictionary(f => f.Id);

    /// <summary>What is wrong with a field that a step or trigger takes a day from: nothing when it is one of dates.</summary>
    public static async Task<IReadOnlyList<StepProblem>> DateProblemsAsync(
        NpgsqlTransaction transaction, long accountId, long fieldId, CancellationToken cancellationToken) =>
        (await ByIdAsync(transaction, accountId, [fieldId], cancellationToken)).GetValueOrDefault(fieldId) is { Type: FieldType.Date }
            ? []
            : [new StepProblem("field", "not_a_date", "Only a date field has its day; a field of date and time will not do.", IsWarning: false)];

    private static Sql Query(long accountId, Sql more) => Sql.Of($"""
        select f.id, f.name, f.key, f.type, f.default_value,
               array(select o.value from contacts.field_option o
                     where o.account_id = f.account_id and o.field_id = f.id
                     order by o.position, o.id)
        from contacts.field f
        where f.account_id = {accountId} {more}
        order by f.position, f.id
        """);
}
