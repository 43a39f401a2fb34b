using Millrace.Kernel.Data;

namespace Millrace.Host.Bench.Segments;

/// <summary>A segment as people would build it, and what someone who knows the tables would write by hand.</summary>
internal sealed record NamedSegment(string Name, string Tree, Sql Expert);

/// <summary>A dozen, from easy to nasty.</summary>
internal static class NamedSegments
{
    public static IReadOnlyList<NamedSegment> All(long account, SegmentsBenchIds ids, DateTimeOffset now)
    {
        var (tags, list, age, birthday, plan) = (ids.Tags, ids.Lists[0], ids.Fields[0], ids.Fields[1], ids.Fields[2]);
        var (month, quarter, half) = (now.AddDays(-30), now.AddDays(-90), now.AddDays(-180));
        var opened = Did(account, "email.opened", month, now);
        var deleted = Bits(Sql.Of($"select contact_id from contacts.deleted_contact where account_id = {account}"));
        return
        [
            new("one tag", $$"""{"field":"tag","op":"has","value":{{tags[3]}}}""", Sql.Of($"""
                select count(*) from contacts.contact_tag where account_id = {account} and tag_id = {tags[3]}
                """)),
            new("one tag and not another", $$"""{"all":[{"field":"tag","op":"has","value":{{tags[0]}}},{"field":"tag","op":"has_not","value":{{tags[40]}}}]}""", Sql.Of($"""
                select count(*) from contacts.contact_tag a
                where a.account_id = {account} and a.tag_id = {tags[0]}
                  and not exists (select 1 from contacts.contact_tag b where b.account_id = {account} and b.contact_id = a.contact_id and b.tag_id = {tags[40]})
                """)),
            new("any of three tags", $$"""{"field":"tag","op":"has_any","value":[{{tags[1]}},{{tags[45]}},{{tags[90]}}]}""", Sql.Of($"""
                select count(distinct contact_id) from contacts.contact_tag
                where account_id = {account} and tag_id = any ({new[] { tags[1], tags[45], tags[90] }})
                """)),
            new("active on a list, plan is gold", $$"""
                {"all":[{"field":"list:{{list}}","op":"is","value":"active"},{"field":"field:{{plan}}","op":"is","value":"Gold"}]}
                """, Sql.Of($"""
                select count(*) from contacts.subscription s
                join contacts.field_value v on v.account_id = s.account_id and v.contact_id = s.contact_id and v.field_id = {plan} and v.value_key = 'gold'
                where s.account_id = {account} and s.list_id = {list} and s.status = 'active'
                """)),
            new("aged 30 to 40 and new this year", $$"""
                {"all":[{"field":"field:{{age}}","op":"between","value":[30,40]},{"field":"created","op":"in_last","value":"P1Y"}]}
                """, Sql.Of($"""
                select count(*) from contacts.contact c
                join contacts.field_value v on v.account_id = c.account_id and v.contact_id = c.id and v.field_id = {age} and (v.number >= 30) is true and v.number <= 40
                where c.account_id = {account} and c.created_at > {now.AddYears(-1)} and c.created_at <= {now}
                """)),
            new("opened anything in 30 days", """{"activity":"email.opened","within":"P30D"}""", Sql.Of($"""
                select sum(bit_count((o.m & ~coalesce(d.m, 0))::bit(64)))::bigint from ({opened}) o left join ({deleted}) d on d.b = o.b
                """)),
            new("opened one message, ever", """{"activity":"email.opened","message":42}""", Sql.Of($"""
                select count(distinct a.contact_id) from activities.activity a
                where a.account_id = {account} and a.kind = 'email.opened' and a.subject_id = 42 and (a.data ->> 'machine') is null
                  and not exists (select 1 from contacts.deleted_contact d where d.account_id = {account} and d.contact_id = a.contact_id)
                """)),
            new("mailed in 90 days, opened nothing", """
                {"all":[{"activity":"email.sent","within":"P90D"},{"activity":"email.opened","within":"P90D","never":true}]}
                """, Sql.Of($"""
                select sum(bit_count((s.m & ~coalesce(o.m, 0) & ~coalesce(d.m, 0))::bit(64)))::bigint
                from ({Did(account, "email.sent", quarter, now)}) s
                left join ({Did(account, "email.opened", quarter, now)}) o on o.b = s.b
                left join ({deleted}) d on d.b = s.b
                """)),
            new("clicked three times in half a year", """{"activity":"email.clicked","within":"P180D","times":{"at_least":3}}""", Sql.Of($"""
                select count(distinct o.contact_id) from (
                    select a.contact_id, lag(a.contact_id, 2) over (order by a.contact_id) as earlier from activities.activity a
                    where a.account_id = {account} and a.kind = 'email.clicked' and a.occurred_at > {half} and a.occurred_at <= {now} and (a.data ->> 'machine') is null) o
                where o.contact_id = o.earlier
                  and not exists (select 1 from contacts.deleted_contact d where d.account_id = {account} and d.contact_id = o.contact_id)
                """)),
            new("birthday today", $$"""{"field":"field:{{birthday}}","op":"anniversary"}""", Sql.Of($"""
                select count(*) from contacts.field_value v
                where v.account_id = {account} and v.field_id = {birthday}
                  and extract(month from v.instant at time zone 'UTC') = {now.Month} and extract(day from v.instant at time zone 'UTC') = {now.Day}
                """)),
            new("part of the address", """{"field":"email","op":"contains","value":"77@company7"}""", Sql.Of($"""
                select count(*) from contacts.contact where account_id = {account} and email like '%77@company7%'
                """)),
            new("nasty", $$"""
                {"all":[
                  {"any":[{"all":[{"field":"tag","op":"has","value":{{tags[2]}}},{"activity":"email.opened","within":"P30D"}]},
                          {"all":[{"field":"field:{{plan}}","op":"is","value":"platinum"},{"activity":"email.clicked","never":true}]},
                          {"field":"first_name","op":"starts_with","value":"name77"}]},
                  {"not":{"field":"tag","op":"has_any","value":[{{tags[80]}},{{tags[120]}}] } },
                  {"field":"list:{{list}}","op":"is_not","value":"bounced"}]}
                """, Sql.Of($"""
                select sum(bit_count((u.m & ~coalesce(t.m, 0) & ~coalesce(l.m, 0) & ~coalesce(d.m, 0))::bit(64)))::bigint from (
                    select b, bit_or(m) as m from (
                        select t.b, t.m & o.m as m from ({Tagged(account, [tags[2]])}) t join ({opened}) o on o.b = t.b
                        union all
                        select v.b, v.m & ~coalesce(k.m, 0) from ({Bits(Sql.Of($"""
                            select contact_id from contacts.field_value where account_id = {account} and field_id = {plan} and value_key = 'platinum'
                            """))}) v
                        left join ({Bits(Sql.Of($"""
                            select contact_id from activities.activity where account_id = {account} and kind = 'email.clicked' and (data ->> 'machine') is null
                            """))}) k on k.b = v.b
                        union all
                        select f.b, f.m from ({Bits(Sql.Of($"""
                            select id as contact_id from contacts.contact where account_id = {account} and first_name_key >= 'name77' and first_name_key < 'name78'
                            """))}) f) s group by b) u
                left join ({Tagged(account, [tags[80], tags[120]])}) t on t.b = u.b
                left join ({Bits(Sql.Of($"""
                    select contact_id from contacts.subscription where account_id = {account} and list_id = {list} and status = 'bounced'
                    """))}) l on l.b = u.b
                left join ({deleted}) d on d.b = u.b
                """)),
        ];
    }

    private static Sql Did(long account, string kind, DateTimeOffset from, DateTimeOffset to) => Bits(Sql.Of($"""
        select contact_id from activities.activity
        where account_id = {account} and kind = {kind} and occurred_at > {from} and occurred_at <= {to} and (data ->> 'machine') is null
        """));

    private static Sql Tagged(long account, long[] tags) =>
        Bits(Sql.Of($"select contact_id from contacts.contact_tag where account_id = {account} and tag_id = any ({tags})"));

    /// <summary>Contacts as bits, 64 in a row, the same trick that the product knows.</summary>
    private static Sql Bits(Sql rows) => Sql.Of($"select contact_id >> 6 as b, bit_or(1::bigint << (contact_id & 63)::int) as m from ({rows}) r group by 1");
}
