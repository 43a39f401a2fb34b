using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>Notes on a contact; <c>{"same": "note"}</c> alone asks whether it has any.</summary>
[RecordSet("note", Title = "Note", Group = "Contact", Description = "A note on the contact.")]
internal sealed class NoteRecords : RecordSet
{
    public override Sql Table => Sql.Of($"contacts.note");

    public override IReadOnlyList<string> ActivityKinds => ["note.added"];

    public override IReadOnlyList<RecordMember> Members { get; } =
    [
        new("note.text", "Text of a note", ConditionKind.Text, Sql.Of($"r.text")),
        new("note.created", "Date of a note", ConditionKind.Datetime, Sql.Of($"r.created_at")),
        new("note.author", "Author of a note", ConditionKind.Reference, Sql.Of($"r.user_id"), Source: "user"),
    ];
}
