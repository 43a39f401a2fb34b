using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;

namespace Millrace.Contacts.Conditions;

/// <summary>
/// <c>{"field": "field:7", "op": "gte", "value": 50}</c>: a custom field. A number is compared with the value's number, a date with its date,
/// all else with its text; a value of another type does not match.
/// </summary>
[SegmentCondition("field", Title = "Custom field", Group = "Custom fields", Description = "The value of a custom field.")]
internal sealed class FieldCondition : SegmentCondition
{
    private const int KeyLength = 100;

    public override ConditionKind Kind => ConditionKind.Any;

    public override string Argument => "field";

    public override Sql Compile(ConditionLeaf leaf, SegmentContext context)
    {
        var value = Sql.Of($"""
            select 1 from contacts.field_value v
            where v.account_id = {context.AccountId} and v.contact_id = c.id and v.field_id = {leaf.Argument}
            """);
        return leaf.Op == ConditionOp.Blank ? Sql.Of($"not exists ({value})") : Sql.Of($"exists ({value} and {Test(leaf, context)})");
    }

    public override Sql? Members(ConditionLeaf leaf, SegmentContext context) => leaf.Op == ConditionOp.Blank ? null : Sql.Of($"""
        select v.contact_id from contacts.field_value v
        where v.account_id = {context.AccountId} and v.field_id = {leaf.Argument} and {Test(leaf, context)}
        """);

    public override Sql Found(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"""
        (select v.value from contacts.field_value v where v.account_id = {context.AccountId} and v.contact_id = c.id and v.field_id = {leaf.Argument})
        """);

    public override IEnumerable<string> ActivityKinds(ConditionLeaf leaf) => ["field.changed"];

    public override async Task<List<ConditionVariant>> VariantsAsync(AccountTransaction work, long accountId, CancellationToken cancellationToken)
    {
        var fields = await Sql.Of($"""
            select f.id, f.name, f.type,
                   array(select o.value from contacts.field_option o
                         where o.account_id = f.account_id and o.field_id = f.id order by o.position, o.id),
                   array(select o.label from contacts.field_option o
                         where o.account_id = f.account_id and o.field_id = f.id order by o.position, o.id)
            from contacts.field f
            where f.account_id = {accountId}
            order by f.position, lower(f.name)
            limit 1000
            """).ListAsync<Row>(work, cancellationToken);
        return fields.ConvertAll(f =>
        {
            var kind = KindOf(f.Type);
            ConditionChoice[] choices = [.. f.Values.Zip(f.Labels, (v, l) => new ConditionChoice(v, l.Length == 0 ? v : l))];
            return new ConditionVariant(f.Id, f.Name, kind, ConditionOps.WithBlank(kind), choices);
        });
    }

    private static ConditionKind KindOf(string type) => type switch
    {
        "number" or "currency" => ConditionKind.Number,
        "date" => ConditionKind.Date,
        "datetime" => ConditionKind.Datetime,
        "dropdown" or "radio" => ConditionKind.Option,
        "listbox" or "checkbox" => ConditionKind.Many,
        _ => ConditionKind.Text,
    };

    private static Sql Test(ConditionLeaf leaf, SegmentContext context)
    {
        var value = leaf.Value;
        var text = Sql.Of($"lower(v.value)");
        return leaf.Op switch
        {
            ConditionOp.HasAny => Sql.Of($"{Chosen()} && {Wanted(value)}"),
            ConditionOp.HasAll => Sql.Of($"{Chosen()} @> {Wanted(value)}"),
            ConditionOp.InLast or ConditionOp.InNext or ConditionOp.Anniversary => Dated(leaf, context),
            _ when value.Numbers.Count > 0 => ConditionSql.Number(Sql.Of($"v.number"), leaf.Op, value),
            ConditionOp.Is when value.Moments.Count > 0 =>
                Sql.Of($"(({Dated(leaf, context)}) or (v.instant is null and {Equal(text, leaf)}))"),
            _ when value.Moments.Count > 0 => Dated(leaf, context),
            ConditionOp.Is => Equal(text, leaf),
            _ => ConditionSql.Text(text, leaf),
        };
    }

    /// <summary>By the key that the index has, which holds the first hundred characters.</summary>
    private static Sql Equal(Sql text, ConditionLeaf leaf) =>
        ConditionSql.Text(leaf.Value.Texts.All(t => t.Length < KeyLength) ? Sql.Of($"v.value_key") : text, leaf);

    /// <summary>A date is a day anywhere on earth, a date with time is an instant. Which of them the field holds is asked once, not once a row.</summary>
    private static Sql Dated(ConditionLeaf leaf, SegmentContext context) => Sql.Of($"""
        v.instant is not null and case
            when (select f.type from contacts.field f where f.account_id = {context.AccountId} and f.id = {leaf.Argument}) = 'date'
            then {ConditionSql.Day(Sql.Of($"v.instant"), leaf, context)}
            else {ConditionSql.Instant(Sql.Of($"v.instant"), leaf, context)}
        end
        """);

    /// <summary>A field with one choice counts as one that has a single one chosen.</summary>
    private static Sql Chosen() => Sql.Of($"(case when v.choices is null then array[lower(v.value)] else array(select lower(w) from unnest(v.choices) w) end)");

    private static Sql Wanted(ConditionValue value) => Sql.Of($"array(select lower(w) from unnest({value.Texts.ToArray()}) w)");

    private sealed record Row(long Id, string Name, string Type, string[] Values, string[] Labels);
}
