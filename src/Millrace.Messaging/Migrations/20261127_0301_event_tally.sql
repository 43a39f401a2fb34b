-- 20261127_0301_event_tally.sql  What happened with mails, by the day it happened on: of each mail, and of each kind of mail as a whole. mail_tally has the same by the time of sending.
create table messaging.event_tally (
    account_id bigint   not null,
    -- 0: all mails of the source together. Of 1:1 e-mails there is nothing else.
    message_id bigint   not null,
    -- By the account's clock at that time; a later change of its zone moves no day.
    day        date     not null,
    source     text     not null check (source in ('campaign', 'automation', 'transactional', 'personal')),
    -- sent (taken), refused (at the door), bounced (at the door or later); opened, clicked, replied, forwarded: mails, on the day it happened to them first;
    -- opens, clicks, replies, forwards: times.
    what       text     not null check (what in (
                   'sent', 'refused', 'bounced', 'opened', 'opens', 'clicked', 'clicks', 'unsubscribed', 'complained', 'replied', 'replies', 'forwarded', 'forwards')),
    -- Of opens and clicks who did it, as in mail_fact; else 0. Of opened and clicked a mail is taken out under the ways it had, and put in under those it has now: the sum over
    -- all ways that count is right on each day, whichever count.
    ways       smallint not null,
    -- So that parallel workers do not wait for each other.
    shard      smallint not null,
    total      bigint   not null,
    primary key (account_id, message_id, day, source, what, ways, shard),
    foreign key (account_id) references accounts.account (id)
) with (fillfactor = 70);
create index event_tally_by_day on messaging.event_tally (account_id, day, message_id) where message_id > 0;
-- Shards of days that are over are folded together; this finds them.
create index event_tally_open on messaging.event_tally (day) where shard > 0;
select kernel.protect_by_account('messaging.event_tally');

-- What happened before is counted from the ledger and the log, once.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
create temporary table zone_of on commit drop as
select a.id as account_id, coalesce(z.name, 'UTC') as zone from accounts.account a left join pg_timezone_names z on z.name = a.time_zone;

create temporary table old_event on commit drop as
select a.account_id, s.message_id, s.id as send_id, s.source_kind as source, substr(a.kind, 7) as what, (a.occurred_at at time zone z.zone)::date as day, a.occurred_at as at, a.id,
       case when a.data ->> 'machine' in ('privacy', 'proxy') then 2 when a.data ->> 'machine' is not null then 8 when a.data ->> 'suspect' is not null then 4 else 1 end as way,
       a.data, s.state
from activities.activity a
join messaging.send s on s.account_id = a.account_id and s.id = (a.data ->> 'send_id')::bigint
join zone_of z on z.account_id = a.account_id
where a.kind in ('email.opened', 'email.clicked', 'email.bounced', 'email.unsubscribed', 'email.complained', 'email.replied', 'email.forwarded')
  and s.source_kind in ('automation', 'campaign', 'transactional') and s.finished_at is not null;

create temporary table old_change on commit drop as
select *, coalesce(bit_or(way) over (partition by account_id, message_id, send_id, what order by at, id rows between unbounded preceding and 1 preceding), 0) as was
from old_event;

create temporary table old_tally on commit drop as
select account_id, message_id, day, source, what, ways, sum(n) as total from (
    select s.account_id, s.message_id, (s.finished_at at time zone z.zone)::date as day, s.source_kind as source, 'sent' as what, 0 as ways, 1 as n
    from messaging.send s join zone_of z on z.account_id = s.account_id
    where s.state = 'sent' and s.source_kind in ('automation', 'campaign', 'transactional') and s.to_address is null and s.contact_id > 0
    union all
    select account_id, message_id, day, source, what, was | way, 1 from old_change where what in ('opened', 'clicked') and was | way <> was
    union all
    select account_id, message_id, day, source, what, was, -1 from old_change where what in ('opened', 'clicked') and was | way <> was and was <> 0
    union all
    select account_id, message_id, day, source, case what when 'opened' then 'opens' else 'clicks' end, way, 1 from old_change where what in ('opened', 'clicked')
    union all
    select account_id, message_id, day, source, what, 0, 1 from old_change where what not in ('opened', 'clicked') and was = 0
    union all
    -- Refused at the door is a bounce too, if the log has lost it or not.
    select s.account_id, s.message_id, (s.finished_at at time zone z.zone)::date, s.source_kind, unnest(case when b.send_id is null then array['refused', 'bounced'] else array['refused'] end), 0, 1
    from messaging.send s join zone_of z on z.account_id = s.account_id
    left join old_change b on b.account_id = s.account_id and b.message_id = s.message_id and b.send_id = s.id and b.what = 'bounced' and b.was = 0
    where s.state = 'failed' and s.source_kind in ('automation', 'campaign', 'transactional') and s.to_address is null and s.contact_id > 0
    union all
    select account_id, message_id, day, source, case what when 'replied' then 'replies' else 'forwards' end, 0, 1 from old_change where what in ('replied', 'forwarded')) n
group by 1, 2, 3, 4, 5, 6;

insert into messaging.event_tally (account_id, message_id, day, source, what, ways, shard, total)
select account_id, message_id, day, source, what, ways, 0, total from old_tally where total <> 0
union all
select account_id, 0, day, source, what, ways, 0, sum(total) from old_tally group by 1, 3, 4, 5, 6 having sum(total) <> 0;
