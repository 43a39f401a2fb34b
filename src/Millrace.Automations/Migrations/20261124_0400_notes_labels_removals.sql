-- 20261124_0400_notes_labels_removals.sql  What was said when publishing; labels that order automations; deleting in batches.
-- Why this version was published, in the publisher's words.
alter table automations.version add column note text not null default '' check (length(note) <= 1000);

create table automations.label (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    name       text        not null check (length(name) between 1 and 100),
    colour     text        not null,
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index automation_label_name_unique on automations.label (account_id, lower(name));
select kernel.protect_by_account('automations.label');

create table automations.automation_label (
    account_id    bigint not null,
    automation_id bigint not null,
    label_id      bigint not null,
    primary key (account_id, automation_id, label_id),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade,
    foreign key (account_id, label_id) references automations.label (account_id, id) on delete cascade
);
create index automation_label_by_label on automations.automation_label (account_id, label_id, automation_id);
select kernel.protect_by_account('automations.automation_label');

-- Whoever asks sees it gone at once; those inside and their traces follow in batches.
alter table automations.automation add column deleted_at timestamptz;
create table automations.removal (
    account_id    bigint      not null,
    automation_id bigint      not null,
    name          text        not null,
    asked_at      timestamptz not null,
    user_id       bigint,
    -- Runs ended so far, for the audit row at the end.
    ended         bigint      not null default 0,
    primary key (account_id, automation_id),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade
);
create index removal_order on automations.removal (asked_at);
select kernel.protect_by_account('automations.removal');
