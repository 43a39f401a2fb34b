using Millrace.Contacts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>Something about where a contact was last, or with what: a column of <c>contacts.last_seen</c>, alias <c>l</c>. Blank while nothing is known.</summary>
internal abstract class LastSeenCondition : SegmentCondition
{
    /// <summary>The column as people see it; may be null.</summary>
    protected abstract Sql Column { get; }

    /// <summary>Holds for a row; never true where the column is null.</summary>
    protected abstract Sql Test(ConditionLeaf leaf);

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context) => leaf.Op == ConditionOp.Blank
        ? Sql.Of($"not exists (select 1 from contacts.last_seen l where l.account_id = {context.AccountId} and l.contact_id = c.id and {Column} is not null)")
        : Sql.Of($"exists (select 1 from contacts.last_seen l where l.account_id = {context.AccountId} and l.contact_id = c.id and {Test(leaf)})");

    public override Sql? Members(ConditionLeaf leaf, SegmentContext context) => leaf.Op == ConditionOp.Blank
        ? null
        : Sql.Of($"select l.contact_id from contacts.last_seen l where l.account_id = {context.AccountId} and {Test(leaf)}");

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) =>
        Sql.Of($"(select {Column} from contacts.last_seen l where l.account_id = {context.AccountId} and l.contact_id = c.id)");

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => Sighting.Kinds;
}

/// <summary>One of a table's words.</summary>
internal abstract class LastSeenChoiceCondition : LastSeenCondition
{
    public override ConditionKind Kind => ConditionKind.Option;

    protected override Sql Test(ConditionLeaf leaf) =>
        leaf.Value.Texts is [var only] ? Sql.Of($"{Column} = {only}") : Sql.Of($"{Column} = any ({leaf.Value.Texts.ToArray()})");

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"""
        (select v.label from contacts.last_seen l
         join unnest({Choices.Select(c => c.Value).ToArray()}, {Choices.Select(c => c.Label).ToArray()}) as v (value, label) on v.value = {Column}
         where l.account_id = {context.AccountId} and l.contact_id = c.id)
        """);
}

/// <summary>A text, ignoring case.</summary>
internal abstract class LastSeenTextCondition : LastSeenCondition
{
    public override ConditionKind Kind => ConditionKind.Text;

    /// <summary>The column in lower case; may be null.</summary>
    protected abstract Sql Lowered { get; }

    protected override Sql Test(ConditionLeaf leaf) => ConditionSql.Indexed(Lowered, leaf) ?? Sql.Of($"({Lowered} is not null and {ConditionSql.Text(Lowered, leaf)})");
}
