using Millrace.Activities.Contracts;
using Millrace.Automations.Engine;
using Millrace.Kernel.Data;
using Millrace.Kernel.Workers;

namespace Millrace.Automations.Entry;

/// <summary>
/// A contact that is deleted leaves every automation without a trace. And one that has entered is now visible to the engine, which is woken.
/// </summary>
internal sealed class FollowContacts(WorkSignal signal) : IReaction
{
    private const string Deleted = "contact.deleted";

    public IReadOnlySet<string> Kinds { get; } = new HashSet<string>(StringComparer.Ordinal) { Deleted, "automation.entered" };

    public async Task ReactAsync(ReactionBatch batch, CancellationToken cancellationToken)
    {
        var gone = batch.Entries.Where(e => e.Kind == Deleted).Select(e => e.ContactId).Distinct().ToArray();
        if (gone.Length > 0)
        {
            await Sql.Of($"""
                with gone as (delete from automations.run where account_id = {batch.AccountId} and contact_id = any ({gone}) returning id),
                     paths as (delete from automations.split_path where account_id = {batch.AccountId} and contact_id = any ({gone})),
                     visits as (delete from automations.step_visit where account_id = {batch.AccountId} and run_id in (select id from gone))
                select count(*) from gone
                """).ExecuteAsync(batch.Transaction, cancellationToken);
        }

        signal.Pulse(nameof(RunEngine));
    }
}
