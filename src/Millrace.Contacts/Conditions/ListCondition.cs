using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary><c>{"field": "list:7", "op": "is", "value": "active"}</c>: the contact's standing on one list. <c>blank</c>: it never was on it.</summary>
[SegmentCondition("list", Title = "List", Group = "Lists", Description = "The contact's standing on a list.")]
internal sealed class ListCondition : SegmentCondition
{
    public static readonly ConditionChoice[] Statuses =
        [new("active", "Active"), new("unconfirmed", "Unconfirmed"), new("unsubscribed", "Unsubscribed"), new("bounced", "Bounced")];

    public static readonly string[] Kinds =
        ["list.subscribed", "list.unsubscribed", "list.bounced"];

    public override ConditionKind Kind => ConditionKind.Option;

    public override string Argument => "list";

    public override IReadOnlyList<ConditionChoice> Choices => Statuses;

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context)
    {
        var subscription = Sql.Of($"""
            select 1 from contacts.subscription s
            where s.account_id = {context.AccountId} and s.contact_id = c.id and s.list_id = {leaf.Argument}
            """);
        return leaf.Op == ConditionOp.Blank
            ? Sql.Of($"not exists ({subscription})")
            : Sql.Of($"exists ({subscription} and s.status = any ({leaf.Value.Texts.ToArray()}))");
    }

    public override Sql? Members(ConditionLeaf leaf, SegmentContext context) => leaf.Op == ConditionOp.Blank ? null : Sql.Of($"""
        select contact_id from contacts.subscription
        where account_id = {context.AccountId} and list_id = {leaf.Argument} and status = any ({leaf.Value.Texts.ToArray()})
        """);

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"""
        (select s.status from contacts.subscription s where s.account_id = {context.AccountId} and s.contact_id = c.id and s.list_id = {leaf.Argument})
        """);

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => Kinds;

    public override async Task<List<ConditionVariant>> VariantsAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken)
    {
        var lists = await Sql.Of($"""
            select id, name from contacts.list where account_id = {accountId} order by lower(name) limit 1000
            """).ListAsync<Row>(work, cancellationToken);
        return lists.ConvertAll(l => new ConditionVariant(l.Id, l.Name, Kind, Ops, Choices));
    }

    private sealed record Row(long Id, string Name);
}
