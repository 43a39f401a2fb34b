-- 20261125_0210_campaign_sweeps.sql  After a pause, a stop or the choice of a winner, the rows of a campaign are gone through once more.
alter table messaging.campaign
    -- Contact id up to which its sends have been brought in line with its state; null: all of them are.
    add column sweep_cursor bigint,
    -- A person said that it may start though it is late, so nobody is asked again.
    add column may_be_late boolean not null default false,
    -- Of whom a winner is still to be sent to: rows that wait for it.
    add column waits_for_winner boolean not null default false;
create index campaign_sweep on messaging.campaign (account_id, id) where sweep_cursor is not null;

-- The mails of automations' steps that there are already get their campaigns.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
insert into messaging.campaign (account_id, name, type, status, automation_id, step_key, track_opens, track_clicks, started_at, created_at, updated_at)
select account_id, name, 'automated', 'sending', automation_id, step_key, track_opens, track_clicks, created_at, created_at, updated_at
from messaging.message where automation_id is not null and kind = 'marketing';
insert into messaging.campaign_variant (account_id, campaign_id, no, message_id)
select m.account_id, k.id, 1, m.id from messaging.message m
join messaging.campaign k on k.account_id = m.account_id and k.automation_id = m.automation_id and k.step_key = m.step_key;
