-- 20261123_1000_definitions_and_runs.sql  Segments as clients of API v3 describe them, and who was in a segment at a moment.

-- Of a segment with a name the tree in segments.segment counts; this one says what the body stood for when it was written.
create table segments.definition (
    account_id  bigint      not null,
    id          uuid        not null,
    -- Null for a segment without a name, which is here only.
    segment_id  bigint,
    -- Conditions and groups as they came.
    body        jsonb       not null,
    tree        jsonb       not null,
    description text        not null default '' check (length(description) <= 1000),
    meta        jsonb       not null default '{}',
    created_by  bigint,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    -- Of what was only given to be matched.
    expires_at  timestamptz,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    foreign key (account_id, segment_id) references segments.segment (account_id, id) on delete cascade
);
create unique index definition_by_segment on segments.definition (account_id, segment_id) where segment_id is not null;
create index definition_expires on segments.definition (expires_at) where expires_at is not null;
select kernel.protect_by_account('segments.definition');

-- Pages of one run must be pages of one answer, so the ids are kept and not found anew. Runs outlive their segments.
create table segments.match_run (
    account_id    bigint      not null,
    id            uuid        not null,
    kind          text        not null check (kind in ('all', 'some')),
    segment_id    bigint,
    definition_id uuid,
    segment_at    timestamptz not null,
    tree          jsonb       not null,
    -- At most so many contacts; null for all.
    size_limit    integer,
    started_at    timestamptz not null,
    ended_at      timestamptz,
    -- In ascending order; null until it is ready, and when it failed.
    contact_ids   bigint[],
    -- Why it failed.
    problem       text,
    tries         integer     not null default 0,
    -- Somebody is at it; by the clock of the database.
    worker_until  timestamptz,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    check (ended_at is not null or contact_ids is null)
);
create index match_run_open on segments.match_run (started_at) where ended_at is null;
create index match_run_started on segments.match_run (started_at);
create index match_run_by_segment on segments.match_run (account_id, segment_id, started_at) where segment_id is not null;
create index match_run_by_definition on segments.match_run (account_id, definition_id, started_at) where definition_id is not null;
select kernel.protect_by_account('segments.match_run');
