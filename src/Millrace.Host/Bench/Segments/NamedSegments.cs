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
                join contacts.field_value v on v.account_id = c.account_id and v.contact_id = c.id and v.field_id = {age} and v.number between 30 and 40
                where c.account_id = {account} and c.created_at > {now.AddYears(-1)} and c.created_at <= {now}
                """)),
            new("opened anything in 30 days", """{"activity":"email.opened","within":"P30D"}""", Sql.Of($"""
                select count(*) from (select distinct a.contact_id from activities.activity a
                    where a.account_id = {account} and a.kind = 'email.opened' and a.occurred_at > {month} and a.occurred_at <= {now}
                      and (a.data ->> 'machine') is null) o
                join contacts.contact c on c.account_id = {account} and c.id = o.contact_id
                """)),
            new("opened one message, ever", """{"activity":"email.opened","message":42}""", Sql.Of($"""
                select count(*) from (select distinct a.contact_id from activities.activity a
                    where a.account_id = {account} and a.kind = 'email.opened' and a.subject_id = 42 and (a.data ->> 'machine') is null) o
                join contacts.contact c on c.account_id = {account} and c.id = o.contact_id
                """)),
            new("mailed in 90 days, opened nothing", """
                {"all":[{"activity":"email.sent","within":"P90D"},{"activity":"email.opened","within":"P90D","never":true}]}
                """, Sql.Of($"""
                select count(*) from (
                    select contact_id from activities.activity
                    where account_id = {account} and kind = 'email.sent' and occurred_at > {quarter} and occurred_at <= {now} and (data ->> 'machine') is null
                    except
                    select contact_id from activities.activity
                    where account_id = {account} and kind = 'email.opened' and occurred_at > {quarter} and occurred_at <= {now} and (data ->> 'machine') is null) o
                join contacts.contact c on c.account_id = {account} and c.id = o.contact_id
                """)),
            new("clicked three times in half a year", """{"activity":"email.clicked","within":"P180D","times":{"at_least":3}}""", Sql.Of($"""
                select count(*) from (
                    select contact_id from activities.activity
                    where account_id = {account} and kind = 'email.clicked' and occurred_at > {half} and occurred_at <= {now} and (data ->> 'machine') is null
                    group by contact_id having count(*) >= 3) o
                join contacts.contact c on c.account_id = {account} and c.id = o.contact_id
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
                select count(*) from (
                    select t.contact_id from contacts.contact_tag t
                    join (select distinct a.contact_id from activities.activity a
                          where a.account_id = {account} and a.kind = 'email.opened' and a.occurred_at > {month} and a.occurred_at <= {now}
                            and (a.data ->> 'machine') is null) o on o.contact_id = t.contact_id
                    where t.account_id = {account} and t.tag_id = {tags[2]}
                    union
                    select v.contact_id from contacts.field_value v
                    where v.account_id = {account} and v.field_id = {plan} and v.value_key = 'platinum'
                      and v.contact_id not in (select a.contact_id from activities.activity a
                                               where a.account_id = {account} and a.kind = 'email.clicked' and (a.data ->> 'machine') is null)
                    union
                    select c.id from contacts.contact c where c.account_id = {account} and c.first_name_key >= 'name77' and c.first_name_key < 'name78') m
                where not exists (select 1 from contacts.contact_tag t where t.account_id = {account} and t.contact_id = m.contact_id
                                                                       and t.tag_id = any ({new[] { tags[80], tags[120] }}))
                  and not exists (select 1 from contacts.subscription s where s.account_id = {account} and s.contact_id = m.contact_id and s.list_id = {list}
                                                                        and s.status = 'bounced')
                """)),
        ];
    }
}
