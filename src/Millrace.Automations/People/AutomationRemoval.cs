using Millrace.Accounts.Contracts;
using Millrace.Automations.Definitions;
using Millrace.Automations.Entry;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.People;

/// <summary>Deletes an automation: everybody inside is out, nothing more is sent for it, and its traces go. Reports of its mails stay.</summary>
internal sealed class AutomationRemoval(RunEnding ending, Catalogue<AutomationAction> actions, IAudit audit)
{
    public async Task RemoveAsync(AccountTransaction work, long accountId, long? userId, long id, CancellationToken cancellationToken)
    {
        var row = await AutomationRow.LockAsync(work.Transaction, accountId, id, cancellationToken);
        var ended = await ending.EndAsync(work, accountId, Sql.Of($"r.automation_id = {id}"), "deleted", cancellationToken);
        foreach (var action in actions.All)
        {
            await action.WithdrawAsync(work.Transaction, accountId, id, null, cancellationToken);
        }

        await Sql.Of($"""
            delete from automations.step_visit v using automations.run r
            where r.account_id = {accountId} and r.automation_id = {id} and v.account_id = r.account_id and v.run_id = r.id
            """).ExecuteAsync(work, cancellationToken);
        await Sql.Of($"delete from automations.goal_time where account_id = {accountId} and automation_id = {id}").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"delete from automations.automation where account_id = {accountId} and id = {id}").ExecuteAsync(work, cancellationToken);
        await LiveFlows.MoveStampAsync(work.Transaction, accountId, cancellationToken);
        await audit.AppendAsync(
            work.Transaction, accountId, userId, "automation.delete", "automation", id, new { name = row.Name, ended = ended.Count }, cancellationToken);
    }
}
