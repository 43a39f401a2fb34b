using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>A text of the contact itself.</summary>
internal abstract class ContactTextCondition : SegmentCondition
{
    public override ConditionKind Kind => ConditionKind.Text;

    /// <summary>The column in lower case, never null, written as its index has it.</summary>
    protected abstract Sql Lowered { get; }

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) => ConditionSql.Text(Lowered, leaf);

    /// <summary>The column as it stands.</summary>
    protected abstract Sql Shown { get; }

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"nullif({Shown}, '')");

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => ["field.changed"];
}
