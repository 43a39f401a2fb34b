using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Messaging.Sending;

/// <summary>Who looks after the contacts of a batch, and which lists they are on; only where a template asks.</summary>
internal static class RecipientPeople
{
    public static async Task LoadAsync(
        NpgsqlTransaction transaction, IReadOnlyList<(long AccountId, long ContactId, CompiledMessage Message)> wanted, RecipientFacts facts,
        CancellationToken cancellationToken)
    {
        if (wanted.Any(w => w.Message.NeedsOwner))
        {
            var (accounts, contacts) = Recipients.Columns(wanted.Where(w => w.Message.NeedsOwner));
            var owners = await Sql.Of($"""
                select w.account_id, w.contact_id, u.first_name, u.last_name, u.email from unnest({accounts}, {contacts}) as w (account_id, contact_id)
                join contacts.contact c on c.account_id = w.account_id and c.id = w.contact_id
                join accounts.app_user u on u.account_id = c.account_id and u.id = c.owner_id
                """).ListAsync<Owner>(transaction, cancellationToken);
            foreach (var owner in owners)
            {
                facts.SetOwner((owner.AccountId, owner.ContactId), new(owner.FirstName, owner.LastName, owner.Email));
            }
        }

        if (wanted.Any(w => w.Message.NeedsLists))
        {
            var (accounts, contacts) = Recipients.Columns(wanted.Where(w => w.Message.NeedsLists));
            var lists = await Sql.Of($"""
                select s.account_id, s.contact_id, s.list_id, l.name, s.subscribed_at from unnest({accounts}, {contacts}) as w (account_id, contact_id)
                join contacts.subscription s on s.account_id = w.account_id and s.contact_id = w.contact_id and s.status = 'active'
                join contacts.list l on l.account_id = s.account_id and l.id = s.list_id
                order by s.list_id
                """).ListAsync<Subscription>(transaction, cancellationToken);
            foreach (var list in lists)
            {
                facts.AddSubscription((list.AccountId, list.ContactId), list.ListId, list.Name, list.SubscribedAt);
            }
        }
    }

    private sealed record Owner(long AccountId, long ContactId, string FirstName, string LastName, string Email);

    private sealed record Subscription(long AccountId, long ContactId, long ListId, string Name, DateTimeOffset? SubscribedAt);
}
