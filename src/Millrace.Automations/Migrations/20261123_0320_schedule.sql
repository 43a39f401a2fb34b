-- 20261123_0320_schedule.sql  Triggers of active automations that time sets off: up to when each was asked, and when it is asked again.
create table automations.schedule (
    account_id    bigint      not null,
    automation_id bigint      not null,
    trigger_key   text        not null,
    -- Moments up to here are done. Begins with the switching on: what was before has no part in it.
    checked_until timestamptz not null,
    next_check_at timestamptz not null,
    -- While the contacts of a window are taken in parts: its end, and the last contact taken.
    window_end    timestamptz,
    after_contact bigint      not null default 0,
    primary key (account_id, automation_id, trigger_key),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade
) with (fillfactor = 50);
create index schedule_next on automations.schedule (next_check_at);
select kernel.protect_by_account('automations.schedule');
