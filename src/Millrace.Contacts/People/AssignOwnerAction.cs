using System.ComponentModel;
using Millrace.Activities.Contracts;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.People;

/// <summary>
/// Gives the contact an owner: one user, or several by turns. Turns are counted in one row of the step that batches take one after the other, so that
/// everybody gets the same number, also with many workers. Users who were switched off are passed over.
/// </summary>
[AutomationAction("owner.assign", Title = "Set the owner", Group = "Contacts", Icon = "user", Description = "Gives the contact an owner: one user, or several by turns.")]
internal sealed class AssignOwnerAction(IActivityLog activities) : AutomationAction<AssignOwnerAction.Settings>
{
    private const int MaxUsers = 100;

    internal sealed record Settings
    {
        [Description("One user is always the same; several take turns."), Picker("user")]
        public required long[] Users { get; init; }

        [Description("Leave contacts alone that have an owner already.")]
        public bool KeepOwner { get; init; }
    }

    public override async Task<StepOutcome[]> ExecuteAsync(ActionBatch<Settings> batch, CancellationToken cancellationToken)
    {
        var able = (await Sql.Of($"""
            select id, email from accounts.app_user where account_id = {batch.AccountId} and id = any ({batch.Settings.Users}) and disabled_at is null
            """).ListAsync<User>(batch.Transaction, cancellationToken)).ToDictionary(u => u.Id);
        User[] users = [.. batch.Settings.Users.Distinct().Where(able.ContainsKey).Select(id => able[id])];
        if (users.Length == 0)
        {
            return batch.All(StepOutcome.Skip("skipped_nobody", "None of the users is there any more."));
        }

        var runs = await StepEffects.FirstTimeAsync(batch, cancellationToken);
        var contacts = (await Sql.Of($"""
            select c.id, c.owner_id, u.email from contacts.contact c
            left join accounts.app_user u on u.account_id = c.account_id and u.id = c.owner_id
            where c.account_id = {batch.AccountId} and c.id = any ({runs.Select(r => r.ContactId).ToArray()})
            order by c.id for no key update of c
            """).ListAsync<Owned>(batch.Transaction, cancellationToken)).Where(c => c.OwnerId is null || !batch.Settings.KeepOwner).ToDictionary(c => c.Id);
        var taken = runs.Where(r => contacts.ContainsKey(r.ContactId)).DistinctBy(r => r.ContactId).ToList();
        var turn = users.Length == 1 || taken.Count == 0 ? 0 : await Sql.Of($"""
            insert into contacts.rotation as r (account_id, automation_id, step_key, given)
            values ({batch.AccountId}, {batch.AutomationId}, {batch.StepKey}, {taken.Count})
            on conflict (account_id, automation_id, step_key) do update set given = r.given + excluded.given
            returning r.given - {taken.Count}
            """).FirstAsync<long>(batch.Transaction, cancellationToken);
        var given = taken.Select((run, i) => (Contact: contacts[run.ContactId], User: users[(turn + i) % users.Length]))
            .Where(g => g.Contact.OwnerId != g.User.Id).ToList();
        await Sql.Of($"""
            update contacts.contact c set owner_id = g.owner_id, updated_at = {batch.Now}
            from unnest({given.Select(g => g.Contact.Id).ToArray()}, {given.Select(g => g.User.Id).ToArray()}) as g (id, owner_id)
            where c.account_id = {batch.AccountId} and c.id = g.id
            """).ExecuteAsync(batch.Transaction, cancellationToken);
        await activities.AppendAsync(
            batch.Transaction, batch.AccountId, [.. given.Select(g => new FieldChanged(g.Contact.Id, null, "owner", g.Contact.Email, g.User.Email))], cancellationToken,
            new ActivityOrigin(batch.AutomationId, batch.StepKey));
        var kept = batch.Settings.KeepOwner ? taken.Select(t => t.ContactId).ToHashSet() : null;
        return [.. batch.Runs.Select(r => kept is null || kept.Contains(r.ContactId) || !runs.Contains(r)
            ? StepOutcome.Continue
            : StepOutcome.Skip("kept_owner", "The contact has an owner already."))];
    }

    protected override IEnumerable<(string Path, string Message)> Check(Settings settings)
    {
        if (settings.Users.Length is 0 or > MaxUsers)
        {
            yield return ("users", $"Choose one user, or up to {MaxUsers} who take turns.");
        }
    }

    private sealed record User(long Id, string Email);

    private sealed record Owned(long Id, long? OwnerId, string? Email);
}
