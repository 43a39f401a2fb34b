using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Tracking.Events;

/// <summary>The contact behind an e-mail address, looked up in batches. Reads Contacts' table: the one fact the endpoint needs of it, on its hottest path.</summary>
internal sealed class ContactsByEmail
{
    private readonly NpgsqlDataSource _database;
    private readonly BatchedLookup<(long AccountId, string Email), long?> _lookup;

    public ContactsByEmail(NpgsqlDataSource database)
    {
        _database = database;
        _lookup = new BatchedLookup<(long, string), long?>(LoadAsync);
    }

    /// <param name="email">Normalised.</param>
    /// <returns>Null when no contact has it.</returns>
    public Task<long?> FindAsync(long accountId, string email) => _lookup.FindAsync((accountId, email));

    private async Task<IReadOnlyDictionary<(long, string), long?>> LoadAsync(IReadOnlyCollection<(long AccountId, string Email)> keys)
    {
        var find = Sql.Of($"""
            select c.account_id, c.email, c.id
            from unnest({keys.Select(k => k.AccountId).ToArray()}, {keys.Select(k => k.Email).ToArray()}) as k (account_id, email)
            join contacts.contact c on c.account_id = k.account_id and c.email = k.email
            """);
        var rows = await OneRoundTrip.ListAsync<Row>(_database, [.. keys.Select(k => k.AccountId).Distinct()], find, CancellationToken.None);
        return rows.ToDictionary(r => (r.AccountId, r.Email), r => (long?)r.Id);
    }

    private sealed record Row(long AccountId, string Email, long Id);
}
