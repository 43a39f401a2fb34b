using Millrace.Accounts.Contracts;
using Millrace.Activities.Contracts;

namespace Millrace.Contacts.People;

/// <summary>Tells open pages that contacts, tags or lists have changed, by whatever road.</summary>
internal sealed class TellOfContacts : IReaction
{
    private static readonly HashSet<string> Wanted =
    [
        "contact.created", "contact.deleted", "field.changed", "tag.added", "tag.removed", "tag.merged", "list.subscribed", "list.unsubscribed",
        "list.bounced", "note.added",
    ];

    public IReadOnlySet<string>? Kinds => Wanted;

    public Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken) =>
        LiveChanges.TellAsync(batch.Transaction, batch.AccountId, cancellationToken, LiveTopics.Contacts);
}
