using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Accounts.Keys;

/// <inheritdoc cref="ICredentials"/>
internal sealed class Credentials(NpgsqlDataSource database) : ICredentials
{
    public Task AddAsync(AccountTransaction work, byte[] hash, string kind, long accountId, long ownerId, CancellationToken cancellationToken) =>
        Sql.Of($"insert into accounts.credential (hash, kind, account_id, owner_id) values ({hash}, {kind}, {accountId}, {ownerId})").ExecuteAsync(work, cancellationToken);

    public Task RemoveAsync(AccountTransaction work, string kind, long accountId, long ownerId, CancellationToken cancellationToken) =>
        Sql.Of($"delete from accounts.credential where kind = {kind} and account_id = {accountId} and owner_id = {ownerId}").ExecuteAsync(work, cancellationToken);

    public async Task<CredentialOwner?> FindAsync(byte[] hash, string kind, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Sql.Of($"select account_id, owner_id from accounts.credential where hash = {hash} and kind = {kind}").FirstAsync<CredentialOwner>(connection, cancellationToken);
    }
}
