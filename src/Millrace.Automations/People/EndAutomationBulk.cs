using System.ComponentModel;
using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Security;

namespace Millrace.Automations.People;

/// <summary>Takes many contacts out of an automation, or of all they are in.</summary>
[BulkAction("automation.end", Title = "End an automation", Icon = "route", Order = 70, Permission = Permission.ManageAutomations,
    Description = "Takes the chosen contacts out of an automation, or out of every one they are in.")]
internal sealed class EndAutomationBulk(RunEnding ending) : BulkAction<EndAutomationBulk.Settings>
{
    internal sealed record Settings
    {
        [Description("Empty means every automation."), Picker("automation")]
        public long? Automation { get; init; }
    }

    public override IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["not_inside"] = "Was not inside",
    };

    protected override string Describe(Settings settings, Func<string, long, string> nameOf) =>
        settings.Automation is { } automation ? $"End “{nameOf("automation", automation)}”" : "End every automation";

    protected override async Task<IReadOnlyList<BulkOutcome>> ExecuteAsync(BulkBatch batch, Settings settings, CancellationToken cancellationToken)
    {
        var which = settings.Automation is { } automation
            ? Sql.Of($"r.contact_id = any ({batch.ContactIds}) and r.automation_id = {automation}")
            : Sql.Of($"r.contact_id = any ({batch.ContactIds})");
        var ended = (await ending.EndAsync(batch.Transaction, batch.AccountId, which, "by_hand", cancellationToken)).Select(r => r.ContactId).ToHashSet();
        return [.. batch.ContactIds.Select(id => new BulkOutcome(id, ended.Contains(id) ? null : "not_inside"))];
    }
}
