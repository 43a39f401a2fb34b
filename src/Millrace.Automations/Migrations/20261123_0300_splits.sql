-- 20261123_0300_splits.sql  Splits that contacts have passed: how many took which path, who won, and each contact's own path, which is its only one.
create table automations.split (
    account_id    bigint      not null,
    automation_id bigint      not null,
    step_key      text        not null,
    -- As they were when the first contact passed: a split in progress is not edited.
    options       jsonb       not null,
    -- Contacts on each path, first to last.
    counts        bigint[]    not null,
    -- Number of the path that everybody new takes, from 0; null: still being decided.
    winner        smallint,
    -- When its successes were last counted.
    checked_at    timestamptz,
    primary key (account_id, automation_id, step_key),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade
) with (fillfactor = 50);
select kernel.protect_by_account('automations.split');

create table automations.split_path (
    account_id    bigint      not null,
    automation_id bigint      not null,
    step_key      text        not null,
    contact_id    bigint      not null,
    path          smallint    not null,
    taken_at      timestamptz not null,
    primary key (account_id, automation_id, step_key, contact_id),
    foreign key (account_id, automation_id, step_key) references automations.split (account_id, automation_id, step_key) on delete cascade
);
create index split_path_by_contact on automations.split_path (account_id, contact_id);
select kernel.protect_by_account('automations.split_path');
