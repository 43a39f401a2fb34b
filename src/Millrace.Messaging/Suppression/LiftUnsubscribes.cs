using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;

namespace Millrace.Messaging.Suppression;

/// <summary>
/// Someone who subscribes again (by a form, by hand, through the API) is mailed again. Imports and automations are no opt-in.
/// </summary>
internal sealed class LiftUnsubscribes : IReaction
{
    private static readonly string[] NoOptIn = ["import", "automation"];

    public IReadOnlySet<string>? Kinds { get; } = new HashSet<string>(StringComparer.Ordinal) { "list.subscribed" };

    public bool IsSimulated => true;

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var contacts = batch.Entries
            .Where(e => !e.Data.TryGetProperty("source", out var source) || !NoOptIn.Contains(source.GetString(), StringComparer.Ordinal))
            .Select(e => e.ContactId).Distinct().ToArray();
        if (contacts.Length == 0)
        {
            return;
        }

        await Sql.Of($"""
            delete from messaging.suppression p using contacts.contact c
            where p.account_id = {batch.AccountId} and p.reason = 'unsubscribe'
              and c.account_id = p.account_id and c.email = p.address and c.id = any ({contacts})
            """).ExecuteAsync(batch.Transaction, cancellationToken);
    }
}
