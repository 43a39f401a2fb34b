using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Npgsql;

namespace Millrace.Automations.Definitions;

/// <summary>An automation as it is stored.</summary>
internal sealed record AutomationRow(
    long Id, string Name, string Description, AutomationStatus Status, JsonElement Draft, long Revision, int? PublishedVersion, bool Changed,
    DateTimeOffset? ActiveSince, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    private static readonly Sql Columns = Sql.Of($"id, name, description, status, draft, revision, published_version, changed, active_since, created_at, updated_at");

    /// <exception cref="NotFoundException">No such automation in this account.</exception>
    public static async Task<AutomationRow> ReadAsync(NpgsqlTransaction transaction, long accountId, long id, CancellationToken cancellationToken) =>
        await Sql.Of($"select {Columns} from automations.automation where account_id = {accountId} and id = {id} and deleted_at is null")
            .FirstAsync<AutomationRow>(transaction, cancellationToken) ?? throw new NotFoundException("There is no such automation.");

    /// <summary>Keeps others from changing it until the transaction ends.</summary>
    public static async Task<AutomationRow> LockAsync(NpgsqlTransaction transaction, long accountId, long id, CancellationToken cancellationToken) =>
        await Sql.Of($"select {Columns} from automations.automation where account_id = {accountId} and id = {id} and deleted_at is null for update")
            .FirstAsync<AutomationRow>(transaction, cancellationToken) ?? throw new NotFoundException("There is no such automation.");

    /// <summary>Names are unique in the account, ignoring case.</summary>
    public static Task<bool> IsTakenAsync(AccountTransaction work, long accountId, string name, CancellationToken cancellationToken) =>
        Sql.Of($"select exists (select 1 from automations.automation where account_id = {accountId} and lower(name) = lower({name.Trim()}))")
            .FirstAsync<bool>(work, cancellationToken);
}
