-- 20261125_0310_mail_facts.sql  What became of each mail, and of each of its links: what reports count from, and the lists behind their numbers.
-- One row for each mail and thing that happened to it. ways: who did it, as a sum of 1 (a person), 2 (a mailbox that fetches everything for privacy),
-- 4 (looked like a machine, and counted, since the account did not filter) and 8 (a machine, filtered).
create table messaging.mail_fact (
    account_id bigint      not null,
    message_id bigint      not null,
    what       text        not null check (what in ('opened', 'clicked', 'bounced', 'unsubscribed', 'complained', 'replied', 'forwarded', 'shared')),
    send_id    bigint      not null,
    contact_id bigint      not null,
    ways       smallint    not null,
    -- How often, by each way.
    by_person  integer     not null,
    by_privacy integer     not null,
    by_suspect integer     not null,
    by_machine integer     not null,
    first_at   timestamptz not null,
    last_at    timestamptz not null,
    -- What its activity told of the first: class of a bounce, reason of leaving, network of sharing, country and program of an open.
    detail     jsonb,
    primary key (account_id, message_id, what, send_id)
) with (fillfactor = 80);
select kernel.protect_by_account('messaging.mail_fact');

-- The same for each link of the mail that was followed. By the number in its version's table of links.
create table messaging.link_fact (
    account_id         bigint      not null,
    message_id         bigint      not null,
    message_version_id bigint      not null,
    link               smallint    not null,
    send_id            bigint      not null,
    contact_id         bigint      not null,
    ways               smallint    not null,
    by_person          integer     not null,
    by_suspect         integer     not null,
    by_machine         integer     not null,
    first_at           timestamptz not null,
    last_at            timestamptz not null,
    primary key (account_id, message_id, message_version_id, link, send_id)
) with (fillfactor = 80);
select kernel.protect_by_account('messaging.link_fact');

-- The sums of both, kept with them. what and part: sent (taken), refused (at the door); bounced by class; opened, clicked (mails, by ways); opens, clicks (times, by way);
-- link, link_clicks (version/number/ways); opens_at, clicks_at (UTC hour/way); country, device, client (readers); the rest by mails.
create table messaging.message_tally (
    account_id bigint   not null,
    message_id bigint   not null,
    what       text     not null,
    part       text     not null,
    -- So that parallel workers do not wait for each other.
    shard      smallint not null,
    total      bigint   not null,
    primary key (account_id, message_id, what, part, shard)
) with (fillfactor = 70);
select kernel.protect_by_account('messaging.message_tally');

-- What happened before is counted from the log, once.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
create temporary table old_engagement on commit drop as
select a.account_id, s.message_id, s.message_version_id, s.id as send_id, s.contact_id, substr(a.kind, 7) as what, a.occurred_at as at, (a.data ->> 'link')::smallint as link,
       case a.data ->> 'machine' when 'proxy' then 2 else case when a.data ->> 'machine' is null then 1 else 8 end end as way, a.data
from activities.activity a
join messaging.send s on s.account_id = a.account_id and s.id = (a.data ->> 'send_id')::bigint
where a.kind in ('email.opened', 'email.clicked', 'email.bounced', 'email.unsubscribed') and s.source_kind in ('automation', 'campaign', 'transactional');

insert into messaging.mail_fact (account_id, message_id, what, send_id, contact_id, ways, by_person, by_privacy, by_suspect, by_machine, first_at, last_at, detail)
select account_id, message_id, what, send_id, max(contact_id), bit_or(way), count(*) filter (where way = 1), count(*) filter (where way = 2), 0,
       count(*) filter (where way = 8), min(at), max(at), (array_agg(data - array['contact_id', 'message_id', 'send_id', 'machine'] order by at))[1]
from old_engagement group by account_id, message_id, what, send_id;

insert into messaging.link_fact (account_id, message_id, message_version_id, link, send_id, contact_id, ways, by_person, by_suspect, by_machine, first_at, last_at)
select account_id, message_id, message_version_id, link, send_id, max(contact_id), bit_or(way), count(*) filter (where way = 1), 0, count(*) filter (where way = 8), min(at), max(at)
from old_engagement where what = 'clicked' and link > 0 group by account_id, message_id, message_version_id, link, send_id;

insert into messaging.message_tally (account_id, message_id, what, part, shard, total)
select account_id, message_id, what, part, 0, sum(n) from (
    select account_id, message_id, 'sent' as what, '' as part, count(*) as n from messaging.send
    where state = 'sent' and source_kind in ('automation', 'campaign', 'transactional') and to_address is null group by 1, 2
    union all
    select account_id, message_id, 'refused', '', count(*) from messaging.send
    where state = 'failed' and source_kind in ('automation', 'campaign', 'transactional') and to_address is null group by 1, 2
    union all
    select account_id, message_id, what, case what when 'bounced' then case when detail -> 'hard' = 'true' then 'hard/' else 'soft/' end || coalesce(detail ->> 'class', 'unknown')
                                                   when 'unsubscribed' then '' else ways::text end, count(*) from messaging.mail_fact group by 1, 2, 3, 4
    union all
    select account_id, message_id, case what when 'opened' then 'opens' else 'clicks' end, way::text, count(*) from old_engagement where what in ('opened', 'clicked') group by 1, 2, 3, 4
    union all
    select account_id, message_id, case what when 'opened' then 'opens_at' else 'clicks_at' end, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24') || '/' || way, count(*)
    from old_engagement where what in ('opened', 'clicked') group by 1, 2, 3, 4
    union all
    select account_id, message_id, 'link', message_version_id || '/' || link || '/' || ways, count(*) from messaging.link_fact group by 1, 2, 3, 4
    union all
    select account_id, message_id, 'link_clicks', message_version_id || '/' || link || '/' || way, count(*) from old_engagement where what = 'clicked' and link > 0 group by 1, 2, 3, 4
    union all
    select f.account_id, f.message_id, k.key, f.detail ->> k.key, count(*) from messaging.mail_fact f cross join (values ('country'), ('device'), ('client')) k (key)
    where f.what = 'opened' and f.ways & 7 <> 0 and f.detail ->> k.key is not null group by 1, 2, 3, 4) n
group by 1, 2, 3, 4;

-- What mail_seen kept stands in mail_fact now.
drop table messaging.mail_seen;

-- Mails that a mailbox opened for privacy and nobody else; shown as opened unless one asks without them.
alter table messaging.mail_tally drop constraint mail_tally_what_check;
alter table messaging.mail_tally add constraint mail_tally_what_check check (what in ('sent', 'bounced', 'opened', 'opened_privately', 'clicked', 'unsubscribed'));
create temporary table old_private on commit drop as
select s.account_id, coalesce(s.automation_id, 0) as automation_id, s.message_id, date_bin('15 minutes', s.finished_at, 'epoch') as quarter
from messaging.mail_fact f join messaging.send s on s.account_id = f.account_id and s.id = f.send_id
where f.what = 'opened' and f.ways & 2 <> 0 and f.ways & 5 = 0 and s.finished_at is not null;
insert into messaging.mail_tally (account_id, automation_id, message_id, quarter, what, shard, total)
select account_id, automation_id, message_id, quarter, 'opened_privately', 0, count(*) from old_private group by 1, 2, 3, 4
union all
select account_id, 0, 0, quarter, 'opened_privately', 0, count(*) from old_private group by 1, 4;
