using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;
using Npgsql;

namespace Millrace.Automations.People;

/// <summary>Adds many contacts to an automation by hand: its own entry rule counts, its triggers' filters do not.</summary>
[BulkAction("automation.add", Title = "Add to automation", Icon = "route", Order = 60, Permission = Permission.ManageAutomations,
    Description = "Lets the chosen contacts enter an active automation.")]
internal sealed class AddToAutomationBulk(RunActions runs) : BulkAction<AddToAutomationBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("Only active automations take contacts."), Picker("automation")]
        public required long Automation { get; init; }
    }

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["entry_rule"] = "Is inside, or has been, and the automation's entry rule does not let it in again",
        ["automation_inactive"] = "The automation was switched off",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) => $"Add to “{nameOf("automation", settings.Automation)}”";

    protected override async Task CheckAsync(NpgsqlTransaction transaction, long accountId, Settings settings, CancellationToken cancellationToken)
    {
        var status = await Sql.Of($"select status from automations.automation where account_id = {accountId} and id = {settings.Automation}")
            .FirstAsync<string>(transaction, cancellationToken);
        if (!string.Equals(status, "active", StringComparison.Ordinal))
        {
            throw new InvalidInputException("/settings/automation", "automation_inactive", "Contacts can be added to an active automation only.");
        }
    }

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        try
        {
            var entered = (await runs.AddAsync(batch.Transaction, batch.AccountId, batch.UserId, settings.Automation, batch.ContactIds, stepKey: null, cancellationToken))
                .Select(e => e.ContactId).ToHashSet();
            return [.. batch.ContactIds.Select(id => new BulkOutcome(id, entered.Contains(id) ? null : "entry_rule"))];
        }
        catch (DomainException)
        {
            // Switched off or deleted while the job ran.
            return [.. batch.ContactIds.Select(id => new BulkOutcome(id, "automation_inactive"))];
        }
    }
}
