using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Contracts;

/// <summary>Remembers which visits of a step have had their effect, for effects that would be others the second time.</summary>
public static class StepEffects
{
    /// <summary>Claims the visits of a batch, in its transaction.</summary>
    /// <returns>The runs whose visit has had no effect yet, in their order. A contact that is gone has none.</returns>
    public static async Task<IReadOnlyList<BatchRun>> FirstTimeAsync(ActionBatch batch, CancellationToken cancellationToken)
    {
        var claimed = (await Sql.Of($"""
            insert into contacts.step_effect (account_id, run_id, visit_no, contact_id)
            select c.account_id, r.run_id, r.visit_no, c.id
            from unnest({batch.RunIds}, {batch.Runs.Select(r => r.VisitNo).ToArray()}, {batch.ContactIds}) as r (run_id, visit_no, contact_id)
            join contacts.contact c on c.account_id = {batch.AccountId} and c.id = r.contact_id
            on conflict do nothing returning run_id
            """).ListAsync<long>(batch.Transaction, cancellationToken)).ToHashSet();
        return [.. batch.Runs.Where(r => claimed.Contains(r.RunId))];
    }
}
