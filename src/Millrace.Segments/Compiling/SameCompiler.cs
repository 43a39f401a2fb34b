using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Happened;
using Millrace.Segments.Tree;

namespace Millrace.Segments.Compiling;

/// <summary>Questions to records of which a contact has many: one semi-join, or one aggregate where they are counted.</summary>
internal static class SameCompiler
{
    public static Sql Compile(SameNode node, SegmentContext context, bool negated)
    {
        var where = Sql.Of($"r.account_id = {context.AccountId} and {TreeCompiler.Compile(node.Where, context)}");
        return node.Times switch
        {
            null or { Op: TimesOp.AtLeast, Count: 1 } => Some(node, where, negated != node.Never),
            { Op: TimesOp.AtLeast, Count: 0 } => negated ? ConditionSql.False : ConditionSql.True,
            { Op: TimesOp.AtMost or TimesOp.Exactly, Count: 0 } => Some(node, where, !negated),
            { Op: TimesOp.AtLeast } times => Counted(node, where, context, Sql.Of($"count(*) >= {(long)times.Count}"), negated),
            { Op: TimesOp.Exactly } times => Counted(node, where, context, Sql.Of($"count(*) = {(long)times.Count}"), negated),
            { Op: TimesOp.AtMost } times => Counted(node, where, context, Sql.Of($"count(*) > {(long)times.Count}"), !negated),
            _ => throw new InvalidOperationException($"Unknown count {node.Times.Op}."),
        };
    }

    /// <summary>For how many of the contact's records all of it holds, and how many there are: <c>1 of 3</c>. Null where there is none.</summary>
    public static Sql Found(SameNode node, SegmentContext context) => Sql.Of($"""
        (select case when count(*) > 0 then count(*) filter (where {TreeCompiler.Compile(node.Where, context)}) || ' of ' || count(*) end
         from {node.Records.Table} r where r.account_id = {context.AccountId} and r.contact_id = c.id)
        """);

    private static Sql Some(SameNode node, Sql where, bool negated) =>
        TreeCompiler.Turned(Sql.Of($"exists (select 1 from {node.Records.Table} r where {where} and r.contact_id = c.id)"), negated);

    private static Sql Counted(SameNode node, Sql where, SegmentContext context, Sql having, bool negated)
    {
        var batch = context.ContactIds is { } ids ? Sql.Of($" and r.contact_id = any ({ids})") : Sql.Empty;
        return TreeCompiler.Turned(
            Sql.Of($"c.id in (select r.contact_id from {node.Records.Table} r where {where}{batch} group by r.contact_id having {having})"), negated);
    }
}
