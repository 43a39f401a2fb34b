using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary><c>{"field": "tag", "op": "has", "value": 7}</c>; of several tags <c>has</c> asks for any, as <c>has_any</c> does.</summary>
[SegmentCondition("tag", Title = "Tag", Group = "Contact", Description = "The tags the contact has.")]
internal sealed class TagCondition : SegmentCondition
{
    public override ConditionKind Kind => ConditionKind.References;

    public override string Source => "tag";

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context)
    {
        var ids = leaf.Value.Ids.Distinct().ToArray();
        return leaf.Op == ConditionOp.HasAll
            ? Sql.Of($"({Sql.Join(" and ", ids.Select(id => HasAny(context, [id])))})")
            : HasAny(context, ids);
    }

    public override Sql? Members(ConditionLeaf leaf, SegmentContext context) => leaf.Value.Ids.Distinct().ToArray() switch
    {
        [var only] => Sql.Of($"select contact_id from contacts.contact_tag where account_id = {context.AccountId} and tag_id = {only}"),
        var ids when leaf.Op != ConditionOp.HasAll => Sql.Of(
            $"select contact_id from contacts.contact_tag where account_id = {context.AccountId} and tag_id = any ({ids})"),
        var ids => Sql.Of($"""
            select contact_id from contacts.contact_tag where account_id = {context.AccountId} and tag_id = any ({ids})
            group by contact_id having count(*) = {(long)ids.Length}
            """),
    };

    public override bool NamesEachOnce(ConditionLeaf leaf) => leaf.Op == ConditionOp.HasAll || leaf.Value.Ids.Distinct().Count() == 1;

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"""
        (select string_agg(n.name, ', ' order by lower(n.name)) from contacts.contact_tag t
         join contacts.tag n on n.account_id = t.account_id and n.id = t.tag_id
         where t.account_id = {context.AccountId} and t.contact_id = c.id)
        """);

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => ["tag.added", "tag.removed"];

    private static Sql HasAny(SegmentContext context, long[] ids) => Sql.Of($"""
        exists (select 1 from contacts.contact_tag t
                where t.account_id = {context.AccountId} and t.contact_id = c.id and {(ids is [var only] ? Sql.Of($"t.tag_id = {only}") : Sql.Of($"t.tag_id = any ({ids})"))})
        """);
}
