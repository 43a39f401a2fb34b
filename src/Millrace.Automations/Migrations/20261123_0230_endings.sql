-- 20261123_0230_endings.sql  Ending everybody inside an automation is done in batches; what is left of it survives a crash.
create table automations.ending (
    account_id    bigint      not null,
    id            bigint      not null generated always as identity,
    automation_id bigint      not null,
    -- Only who stood on it; null: everybody.
    step_key      text,
    -- Who came in or arrived there later is not meant.
    asked_at      timestamptz not null,
    last_run_id   bigint      not null,
    user_id       bigint,
    -- Runs ended so far, for the audit row at the end.
    ended         bigint      not null default 0,
    primary key (account_id, id),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade
);
select kernel.protect_by_account('automations.ending');
