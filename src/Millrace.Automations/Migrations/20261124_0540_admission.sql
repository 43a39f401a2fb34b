-- 20261124_0540_admission.sql  Letting in those who matched before the automation began: in batches, each with how far it is, so that it survives a crash.
create table automations.admission (
    account_id    bigint      not null,
    id            bigint      not null generated always as identity,
    automation_id bigint      not null,
    state         text        not null check (state in ('running', 'finished', 'cancelled', 'stopped')),
    -- Triggers still to be asked, in their order; the first is the present one.
    triggers      text[]      not null,
    after_contact bigint      not null default 0,
    -- How many matched when it was asked for.
    expected      bigint      not null,
    looked        bigint      not null default 0,
    entered       bigint      not null default 0,
    user_id       bigint,
    asked_at      timestamptz not null,
    finished_at   timestamptz,
    -- Why it was stopped, for people.
    problem       text,
    failures      smallint    not null default 0,
    next_at       timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade,
    constraint admission_finished check ((finished_at is null) = (state = 'running'))
);
create unique index admission_running on automations.admission (account_id, automation_id) where state = 'running';
create index admission_next on automations.admission (next_at) where state = 'running';
create index admission_of_automation on automations.admission (account_id, automation_id, id);
select kernel.protect_by_account('automations.admission');
