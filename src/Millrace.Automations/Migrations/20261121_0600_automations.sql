-- 20261121_0600_automations.sql  Definitions and their versions, the people inside (runs), and the trace of every step they took.
create schema automations;
grant usage on schema automations to millrace;

create table automations.automation (
    account_id        bigint      not null,
    id                bigint      not null generated always as identity,
    name              text        not null check (length(name) between 1 and 200),
    description       text        not null default '' check (length(description) <= 10000),
    status            text        not null default 'draft' check (status in ('draft', 'active', 'inactive')),
    -- The document being edited, with ids instead of names. People inside meet the published version only.
    draft             jsonb       not null,
    -- Counts the edits of the draft: the tag of If-Match.
    revision          bigint      not null default 1,
    published_version integer,
    -- The draft differs from the published version.
    changed           boolean     not null default true,
    -- What happened before has no part in it.
    active_since      timestamptz,
    created_by        bigint,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    constraint automation_active_is_published check (status <> 'active' or (published_version is not null and active_since is not null))
);
create unique index automation_name_unique on automations.automation (account_id, lower(name));
select kernel.protect_by_account('automations.automation');

-- Immutable.
create table automations.version (
    account_id    bigint      not null,
    automation_id bigint      not null,
    number        integer     not null,
    document      jsonb       not null,
    published_by  bigint,
    published_at  timestamptz not null,
    primary key (account_id, automation_id, number),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade
);
select kernel.protect_by_account('automations.version');
revoke update on automations.version from millrace;

-- Moves on whenever something is published, switched on or off, or deleted, so that every process notices that its memory is old.
create table automations.stamp (
    account_id bigint not null primary key,
    stamp      bigint not null
);
select kernel.protect_by_account('automations.stamp');

-- One entry of one contact. Where it stands is the step's key, not the version.
create table automations.run (
    account_id    bigint      not null,
    id            bigint      not null generated always as identity,
    automation_id bigint      not null,
    contact_id    bigint      not null,
    bucket        smallint    not null,
    status        text        not null check (status in ('active', 'waiting', 'parked', 'completed', 'ended')),
    step_key      text,
    -- Counts the steps; (run, visit) is the natural key of every effect.
    visit_no      integer     not null default 1,
    arrived_at    timestamptz not null,
    -- When the engine looks at it again; null: an event must come.
    due_at        timestamptz,
    -- Due while its automation was not active: left alone until it is switched on again.
    frozen        boolean     not null default false,
    entered_at    timestamptz not null,
    finished_at   timestamptz,
    trigger_key   text,
    -- What may happen only once: one trigger, one activity, one manual addition.
    entry_key     text        not null,
    -- The list whose subscription brought the contact in.
    list_id       bigint,
    -- Goals met or skipped in this entry; each counts once.
    goals         text[]      not null default '{}',
    -- Failures of the present step, and deaths of the process while it was worked on.
    attempts      smallint    not null default 0,
    crashes       smallint    not null default 0,
    error         text,
    -- What the guards against endless loops remember.
    guard         jsonb,
    primary key (account_id, id),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade,
    constraint run_entry_unique unique (account_id, automation_id, contact_id, entry_key),
    constraint run_finished_or_not check ((finished_at is not null) = (status in ('completed', 'ended')))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
create index run_due on automations.run (bucket, due_at) where status in ('active', 'waiting') and not frozen and due_at is not null;
create index run_inside on automations.run (account_id, automation_id, step_key, arrived_at) where status in ('active', 'waiting', 'parked');
create index run_by_contact on automations.run (account_id, contact_id, automation_id);
create index run_by_automation on automations.run (account_id, automation_id, id);
select kernel.protect_by_account('automations.run');

-- Something happened that a wait or a goal of the run's automation reads. Only ever inserted and deleted, so that it never meets the engine's update.
create table automations.nudge (
    account_id bigint   not null,
    id         bigint   not null generated always as identity,
    bucket     smallint not null,
    run_id     bigint   not null,
    skip       boolean  not null default false,
    primary key (account_id, id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
create index nudge_order on automations.nudge (bucket, id);
select kernel.protect_by_account('automations.nudge');

-- The trace: one row per step left behind. Where a run stands now is in the run. No foreign key: it would cost every step a look-up, and
-- rows are only made together with their run's update and deleted together with the run.
create table automations.step_visit (
    account_id bigint      not null,
    run_id     bigint      not null,
    visit_no   integer     not null,
    step_key   text        not null,
    arrived_at timestamptz not null,
    left_at    timestamptz not null,
    result     text        not null,
    detail     text,
    primary key (account_id, run_id, visit_no)
);
select kernel.protect_by_account('automations.step_visit');

-- What is counted is kept, not counted: entered, completed, ended (step ''), and per step its results. Spread over shards, so that parallel
-- workers do not wait for each other.
create table automations.tally (
    account_id    bigint   not null,
    automation_id bigint   not null,
    step_key      text     not null,
    what          text     not null,
    shard         smallint not null,
    total         bigint   not null,
    primary key (account_id, automation_id, step_key, what, shard),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade
) with (fillfactor = 50);
select kernel.protect_by_account('automations.tally');
