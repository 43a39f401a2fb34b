-- 20261127_0302_counted_by_day.sql  1:1 e-mails of before, counted by the day things happened on. Of opens only the first has kept its time: all others count on its day.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
insert into messaging.event_tally (account_id, message_id, day, source, what, ways, shard, total)
select n.account_id, 0, (n.at at time zone coalesce(z.name, 'UTC'))::date, 'personal', n.what, n.ways, 0, sum(n.total) from (
    select account_id, finished_at as at, 'sent' as what, 0 as ways, 1 as total from personal.recipient where no = 0 and state in ('sent', 'unknown')
    union all
    select account_id, finished_at, unnest(array['refused', 'bounced']), 0, 1 from personal.recipient where no = 0 and state = 'failed' and reason is distinct from 'mailbox_disconnected'
    union all
    select account_id, opened_at, 'opened', 1, 1 from personal.mail where opened_at is not null
    union all
    select account_id, opened_at, 'opens', 1, opens from personal.mail where opened_at is not null and opens > 0
    union all
    select account_id, occurred_at, 'clicks', 1, 1 from activities.activity where kind = 'personal.clicked'
    union all
    select account_id, min(occurred_at), 'clicked', 1, 1 from activities.activity where kind = 'personal.clicked' group by account_id, data -> 'mail_id'
    union all
    select account_id, received_at, 'replies', 0, 1 from personal.reply
    union all
    select account_id, min(received_at), 'replied', 0, 1 from personal.reply group by account_id, mail_id) n
join accounts.account a on a.id = n.account_id
left join pg_timezone_names z on z.name = a.time_zone
where n.at is not null
group by 1, 3, 5, 6;
