using Millrace.Messaging.Personalization;
using Npgsql;

namespace Millrace.Messaging.Messages;

/// <summary>
/// The tags of an account without those of other modules. For callers that are still to take <see cref="TagCatalogues"/>; nothing new should use it.
/// </summary>
internal static class AccountTags
{
    public static Task<TagCatalogue> LoadAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        new TagCatalogues([]).LoadAsync(transaction, accountId, cancellationToken);
}
