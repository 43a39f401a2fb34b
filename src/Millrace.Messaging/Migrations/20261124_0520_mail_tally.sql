-- 20261124_0520_mail_tally.sql  What became of mails, counted under the quarter of an hour in which each was sent: of each mail of each automation, and of the account as a whole.
-- A quarter, because every zone's midnight lies on one. Tests and notes to colleagues are not counted.
create table messaging.mail_tally (
    account_id    bigint      not null,
    -- 0: of no automation. Of the account as a whole both are 0.
    automation_id bigint      not null,
    message_id    bigint      not null,
    -- When the mail was taken or finally refused, whenever it was opened.
    quarter       timestamptz not null,
    what          text        not null check (what in ('sent', 'bounced', 'opened', 'clicked', 'unsubscribed')),
    -- So that parallel workers do not wait for each other.
    shard         smallint    not null,
    total         bigint      not null,
    primary key (account_id, automation_id, message_id, quarter, what, shard),
    foreign key (account_id) references accounts.account (id)
) with (fillfactor = 70);
select kernel.protect_by_account('messaging.mail_tally');

-- What was counted of a mail already: a person's first open and click.
create table messaging.mail_seen (
    account_id bigint not null,
    send_id    bigint not null,
    what       text   not null,
    primary key (account_id, send_id, what)
);
select kernel.protect_by_account('messaging.mail_seen');

select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
create temporary table old_send on commit drop as
select account_id, id, coalesce(automation_id, 0) as automation_id, message_id, date_bin('15 minutes', finished_at, 'epoch') as quarter, state, read_at, unsubscribed_at
from messaging.send
where source_kind in ('automation', 'campaign', 'transactional') and to_address is null and contact_id > 0 and state in ('sent', 'failed');

insert into messaging.mail_seen (account_id, send_id, what)
select account_id, id, 'opened' from old_send where read_at is not null
union
select s.account_id, s.id, 'clicked' from activities.activity a join old_send s on s.account_id = a.account_id and s.id = (a.data ->> 'send_id')::bigint
where a.kind = 'email.clicked' and a.data ->> 'machine' is null;

create temporary table old_fact on commit drop as
select account_id, automation_id, message_id, quarter, case state when 'sent' then 'sent' else 'bounced' end as what from old_send
union all
select account_id, automation_id, message_id, quarter, 'unsubscribed' from old_send where unsubscribed_at is not null
union all
select s.account_id, s.automation_id, s.message_id, s.quarter, e.what from messaging.mail_seen e join old_send s on s.account_id = e.account_id and s.id = e.send_id;

insert into messaging.mail_tally (account_id, automation_id, message_id, quarter, what, shard, total)
select account_id, automation_id, message_id, quarter, what, 0, count(*) from old_fact group by 1, 2, 3, 4, 5
union all
select account_id, 0, 0, quarter, what, 0, count(*) from old_fact group by 1, 4, 5;
