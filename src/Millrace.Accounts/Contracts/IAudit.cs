using Npgsql;

namespace Millrace.Accounts.Contracts;

/// <summary>Who changed what. Written in the transaction of the change; append-only.</summary>
public interface IAudit
{
    /// <param name="userId">Null when the product did it by itself.</param>
    /// <param name="action">Shaped <c>noun.verb</c>, for example <c>contact.delete</c>.</param>
    /// <param name="targetId">Null when many or none.</param>
    /// <param name="detail">Before and after as far as they tell something; secrets masked. Serialised as JSON.</param>
    Task AppendAsync(
        NpgsqlTransaction transaction, long accountId, long? userId, string action, string targetKind, long? targetId, object? detail,
        CancellationToken cancellationToken);
}
