-- 20261121_0700_integrations.sql  Calls to other systems that automations ask for.
create schema integrations;
grant usage on schema integrations to millrace;

-- A row is made in the transaction of its cause, so none is lost; it is called at least once, or listed as failed after three days.
create table integrations.webhook_delivery (
    account_id      bigint      not null,
    id              bigint      not null generated always as identity,
    bucket          smallint    not null,
    contact_id      bigint      not null,
    -- The natural key of the effect: this run's visit of this step.
    automation_id   bigint      not null,
    step_key        text        not null,
    run_id          bigint      not null,
    visit_no        integer     not null,
    url             text        not null,
    body            text        not null,
    state           text        not null default 'queued' check (state in ('queued', 'delivered', 'failed')),
    attempts        smallint    not null default 0,
    -- Set exactly while there is something left to do.
    next_at         timestamptz,
    created_at      timestamptz not null,
    attempted_at    timestamptz,
    status_code     smallint,
    -- Why the last attempt failed, in a word; and the first kilobyte of the answer.
    problem         text,
    answer          text,
    primary key (account_id, id),
    constraint webhook_delivery_open check ((state = 'queued') = (next_at is not null))
);
create unique index webhook_delivery_once on integrations.webhook_delivery (account_id, run_id, visit_no);
create index webhook_delivery_due on integrations.webhook_delivery (bucket, next_at) where next_at is not null;
select kernel.protect_by_account('integrations.webhook_delivery');
