using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Automations.Conditions;

/// <summary>Entries of the contact into automations, whichever.</summary>
[RecordSet("entry", Title = "Entry into an automation", Group = "Automations", Description = "An entry of the contact into an automation.")]
internal sealed class EntryRecords : RecordSet
{
    private static readonly ConditionChoice[] States =
    [
        new("active", "Moving"), new("waiting", "Waiting"), new("parked", "Stopped by an error"), new("completed", "Completed"), new("ended", "Left before its end"),
    ];

    public override Sql Table => Sql.Of($"automations.run");

    public override IReadOnlyList<string> ActivityKinds => ["automation.entered", "automation.completed", "automation.ended"];

    public override IReadOnlyList<RecordMember> Members { get; } =
    [
        new("entry.automation", "Entered automation", ConditionKind.Reference, Sql.Of($"r.automation_id"), Source: "automation"),
        new("entry.state", "State of an entry", ConditionKind.Option, Sql.Of($"r.status"), Choices: States),
        new("entry.entered", "Date of an entry", ConditionKind.Datetime, Sql.Of($"r.entered_at")),
        new("entry.finished", "End of an entry", ConditionKind.Datetime, Sql.Of($"r.finished_at")),
    ];
}
