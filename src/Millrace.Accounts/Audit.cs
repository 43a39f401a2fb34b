using System.Text.Json;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Json;
using Npgsql;

namespace Millrace.Accounts;

internal sealed class Audit(TimeProvider clock) : IAudit
{
    public Task AppendAsync(
        NpgsqlTransaction transaction, long accountId, long? userId, string action, string targetKind, long? targetId, object? detail,
        CancellationToken cancellationToken) => Sql.Of($"""
        insert into accounts.audit (account_id, user_id, action, target_kind, target_id, detail, occurred_at)
        values ({accountId}, {userId}, {action}, {targetKind}, {targetId},
                {new JsonText(detail is null ? "{}" : JsonSerializer.Serialize(detail, AppJson.Options))}, {clock.GetUtcNow()})
        """).ExecuteAsync(transaction, cancellationToken);
}
