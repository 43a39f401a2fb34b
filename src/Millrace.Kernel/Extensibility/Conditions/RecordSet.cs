using Millrace.Kernel.Data;

namespace Millrace.Kernel.Extensibility;

/// <summary>Marks a kind of records of which a contact has many. Its key is what documents write as <c>same</c>; the keys of its members begin with it.</summary>
public sealed class RecordSetAttribute(string key) : CatalogueEntryAttribute(key);

/// <summary>
/// Records of which a contact has many: subscriptions, notes, orders, deals. <c>{"same": KEY, "all": [...]}</c> asks whether one record fulfils all of it;
/// a member on its own, <c>{"field": "list.status", ...}</c>, whether any record does.
/// </summary>
public abstract class RecordSet : CatalogueEntry
{
    /// <summary>The table, with <c>account_id</c> and <c>contact_id</c>; its alias is <c>r</c>.</summary>
    public abstract Sql Table { get; }

    public abstract IReadOnlyList<RecordMember> Members { get; }

    /// <summary>Kinds of activities after which a record may be new or another one.</summary>
    public abstract IReadOnlyList<string> ActivityKinds { get; }

    public RecordMember? Find(string key) => Members.FirstOrDefault(m => string.Equals(m.Key, key, StringComparison.Ordinal));
}

/// <summary>What can be asked of one record.</summary>
/// <param name="Key"><c>list.status</c>: the set's key and a word.</param>
/// <param name="Kind">Text, number, date, datetime, option or reference.</param>
/// <param name="Column">An expression over <c>r</c>; may be null.</param>
/// <param name="Source">Key of the <see cref="ReferenceSource"/> of its values.</param>
public sealed record RecordMember(
    string Key, string Title, ConditionKind Kind, Sql Column, string? Source = null, IReadOnlyList<ConditionChoice>? Choices = null)
{
    public IReadOnlyList<ConditionOp> Ops { get; } = ConditionOps.WithBlank(Kind);

    /// <summary>Never null.</summary>
    public Sql Compile(ConditionLeaf leaf, SegmentContext context) => (Kind, leaf.Op) switch
    {
        (ConditionKind.Text, _) => ConditionSql.Text(Sql.Of($"lower(coalesce({Column}, ''))"), leaf),
        (_, ConditionOp.Blank) => Sql.Of($"{Column} is null"),
        (ConditionKind.Reference, _) => ConditionSql.Reference(Column, leaf),
        (ConditionKind.Option, _) => Sql.Of($"coalesce({Column} = any ({leaf.Value.Texts.ToArray()}), false)"),
        (ConditionKind.Number, _) => Sql.Of($"coalesce({ConditionSql.Number(Column, leaf.Op, leaf.Value)}, false)"),
        (ConditionKind.Date, _) => Sql.Of($"({Column} is not null and {ConditionSql.Day(Column, leaf, context)})"),
        (ConditionKind.Datetime, _) => Sql.Of($"({Column} is not null and {ConditionSql.Instant(Column, leaf, context)})"),
        _ => throw ConditionSql.Unfit(leaf.Op),
    };
}
