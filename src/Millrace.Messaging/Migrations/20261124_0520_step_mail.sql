-- 20261124_0520_step_mail.sql  What became of the mails of automations, counted under the quarter of an hour in which each was sent.
create table messaging.step_mail (
    account_id    bigint      not null,
    automation_id bigint      not null,
    message_id    bigint      not null,
    -- When the mail was taken or finally refused, whenever it was opened.
    quarter       timestamptz not null,
    what          text        not null check (what in ('sent', 'bounced', 'opened', 'clicked', 'unsubscribed')),
    -- So that parallel workers do not wait for each other.
    shard         smallint    not null,
    total         bigint      not null,
    primary key (account_id, automation_id, quarter, message_id, what, shard),
    foreign key (account_id) references accounts.account (id)
) with (fillfactor = 70);
select kernel.protect_by_account('messaging.step_mail');

-- What was counted of a mail already: a person's first open and click.
create table messaging.step_mail_seen (
    account_id bigint not null,
    send_id    bigint not null,
    what       text   not null,
    primary key (account_id, send_id, what)
);
select kernel.protect_by_account('messaging.step_mail_seen');

select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
insert into messaging.step_mail_seen (account_id, send_id, what)
select account_id, id, 'opened' from messaging.send where automation_id is not null and source_kind = 'automation' and read_at is not null
union
select s.account_id, s.id, 'clicked' from activities.activity a join messaging.send s on s.account_id = a.account_id and s.id = (a.data ->> 'send_id')::bigint
where a.kind = 'email.clicked' and a.data ->> 'machine' is null and s.automation_id is not null and s.source_kind = 'automation';
insert into messaging.step_mail (account_id, automation_id, message_id, quarter, what, shard, total)
select account_id, automation_id, message_id, date_bin('15 minutes', finished_at, 'epoch'), what, 0, count(*)
from (
    select account_id, automation_id, message_id, finished_at, case state when 'sent' then 'sent' else 'bounced' end as what
    from messaging.send where automation_id is not null and source_kind = 'automation' and state in ('sent', 'failed') and to_address is null
    union all
    select account_id, automation_id, message_id, finished_at, 'unsubscribed'
    from messaging.send where automation_id is not null and source_kind = 'automation' and unsubscribed_at is not null and finished_at is not null
    union all
    select s.account_id, s.automation_id, s.message_id, s.finished_at, e.what
    from messaging.step_mail_seen e join messaging.send s on s.account_id = e.account_id and s.id = e.send_id
    where s.source_kind = 'automation' and s.finished_at is not null
) happened
group by 1, 2, 3, 4, 5;
