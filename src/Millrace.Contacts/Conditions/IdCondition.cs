using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>The contact's number.</summary>
[SegmentCondition("id", Title = "Contact ID", Group = "Contact", Description = "The number of the contact, as the API shows it.")]
internal sealed class IdCondition : SegmentCondition
{
    public override ConditionKind Kind => ConditionKind.Number;

    // Ids are below 2^53 and operands up to 28 digits, so it is the id that is widened; except where it is one whole number, which the key can find.
    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) =>
        leaf is { Op: ConditionOp.Is, Value.Numbers: [>= 0 and < 1L << 53 and var only] } && decimal.IsInteger(only)
            ? Sql.Of($"c.id = {(long)only}")
            : ConditionSql.Number(Sql.Of($"c.id::numeric"), leaf.Op, leaf.Value);

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"c.id");

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => [];
}
