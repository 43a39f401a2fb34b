-- 20261122_0400_bulk.sql  Actions on many contacts as durable jobs: who was chosen, how far it is, what came of it and how it was before.
create table contacts.bulk_job (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    -- Key of the catalogue entry and its options.
    action       text        not null check (length(action) <= 100),
    settings     jsonb       not null,
    -- In words, made at the start: things may be renamed or deleted later.
    title        text        not null check (length(title) <= 500),
    state        text        not null check (state in ('running', 'finished', 'cancelled', 'failed')),
    total        bigint      not null,
    done         bigint      not null default 0,
    changed      bigint      not null default 0,
    skipped      bigint      not null default 0,
    user_id      bigint,
    -- The job that this one takes back.
    undo_of      bigint,
    -- The process that works on it. Only keeps others from doing the same work; exactness comes from the batches.
    worker       text,
    worker_until timestamptz,
    served_at    timestamptz,
    failures     integer     not null default 0,
    problem      text,
    created_at   timestamptz not null,
    finished_at  timestamptz,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    check ((finished_at is not null) = (state in ('finished', 'cancelled', 'failed')))
);
create index bulk_job_running on contacts.bulk_job (account_id, id) where state = 'running';
create unique index bulk_job_undo_unique on contacts.bulk_job (account_id, undo_of) where undo_of is not null;
select kernel.protect_by_account('contacts.bulk_job');

-- The chosen contacts, frozen at the start in one statement. A batch is locked and marked in the transaction that does its work:
-- both the cursor and the fence.
create table contacts.bulk_batch (
    account_id  bigint   not null,
    job_id      bigint   not null,
    no          integer  not null,
    contact_ids bigint[] not null,
    done        boolean  not null default false,
    primary key (account_id, job_id, no),
    foreign key (account_id, job_id) references contacts.bulk_job (account_id, id) on delete cascade
) with (fillfactor = 90);
create index bulk_batch_open on contacts.bulk_batch (account_id, job_id, no) where not done;
select kernel.protect_by_account('contacts.bulk_batch');

-- What became of each contact, kept a week: the result page and the way back. Contacts may be gone by now, so nothing refers to them.
create table contacts.bulk_item (
    account_id bigint  not null,
    job_id     bigint  not null,
    contact_id bigint  not null,
    changed    boolean not null,
    -- Why not, snake_case; null when it was changed.
    reason     text,
    -- What undoing needs; the action's own shape.
    previous   jsonb,
    primary key (account_id, job_id, contact_id),
    foreign key (account_id, job_id) references contacts.bulk_job (account_id, id) on delete cascade
);
create index bulk_item_skipped on contacts.bulk_item (account_id, job_id, reason, contact_id) where not changed;
select kernel.protect_by_account('contacts.bulk_item');

-- How many contacts were left out for which reason; stays when the items go.
create table contacts.bulk_reason (
    account_id bigint not null,
    job_id     bigint not null,
    reason     text   not null,
    total      bigint not null,
    primary key (account_id, job_id, reason),
    foreign key (account_id, job_id) references contacts.bulk_job (account_id, id) on delete cascade
);
select kernel.protect_by_account('contacts.bulk_reason');
