-- 20261121_0320_import.sql  Contact import and export. The files live in the database, because nodes hold no state and any may go on with the work.
create table contacts.import (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    name         text        not null check (length(name) <= 200),
    state        text        not null check (state in ('uploading', 'uploaded', 'running', 'finished', 'cancelled', 'failed')),
    bytes        bigint      not null default 0,
    -- What the upload found: null when the bytes are not valid in any encoding that can be told from them.
    encoding     text,
    -- The choices of the user, resolved to ids; set when it starts.
    plan         jsonb,
    -- Whether the file's chunks are still there.
    stored       boolean     not null default true,
    user_id      bigint,
    -- The process that works on it. Only keeps others from doing the same work; exactness comes from the lanes.
    worker       text,
    worker_until timestamptz,
    failures     integer     not null default 0,
    -- Why it failed, for people.
    problem      text,
    created_at   timestamptz not null,
    started_at   timestamptz,
    finished_at  timestamptz,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    check (state in ('uploading', 'uploaded') or plan is not null or started_at is null),
    check ((finished_at is not null) = (state in ('finished', 'cancelled', 'failed')))
);
create index import_running on contacts.import (account_id, id) where state = 'running';
create index import_stored on contacts.import (account_id, id) where stored;
select kernel.protect_by_account('contacts.import');

create table contacts.import_chunk (
    account_id bigint  not null,
    import_id  bigint  not null,
    no         integer not null,
    content    bytea   not null,
    primary key (account_id, import_id, no),
    foreign key (account_id, import_id) references contacts.import (account_id, id) on delete cascade
);
alter table contacts.import_chunk alter column content set storage external;
select kernel.protect_by_account('contacts.import_chunk');

-- The file is cut into batches of equally many rows; batch n belongs to lane n modulo the number of lanes. A lane's row is locked and moved on
-- in the transaction that writes its batch: this is both the cursor and the fence.
create table contacts.import_lane (
    account_id bigint   not null,
    import_id  bigint   not null,
    lane       smallint not null,
    batches    integer  not null default 0,
    bytes      bigint   not null default 0,
    rows       bigint   not null default 0,
    created    bigint   not null default 0,
    updated    bigint   not null default 0,
    unchanged  bigint   not null default 0,
    rejected   bigint   not null default 0,
    primary key (account_id, import_id, lane),
    foreign key (account_id, import_id) references contacts.import (account_id, id) on delete cascade
) with (fillfactor = 50);
select kernel.protect_by_account('contacts.import_lane');

create table contacts.import_reject (
    account_id bigint not null,
    import_id  bigint not null,
    line       bigint not null,
    code       text   not null,
    message    text   not null,
    -- The row as it stood in the file, at most 10,000 characters of it.
    content    text   not null,
    primary key (account_id, import_id, line),
    foreign key (account_id, import_id) references contacts.import (account_id, id) on delete cascade
);
select kernel.protect_by_account('contacts.import_reject');

create table contacts.export (
    account_id  bigint      not null,
    id          bigint      not null generated always as identity,
    name        text        not null check (length(name) <= 200),
    state       text        not null check (state in ('waiting', 'running', 'finished', 'failed')),
    -- Which contacts and which columns.
    request     jsonb       not null,
    rows        bigint      not null default 0,
    bytes       bigint      not null default 0,
    user_id     bigint,
    worker      text,
    worker_until timestamptz,
    failures    integer     not null default 0,
    problem     text,
    created_at  timestamptz not null,
    finished_at timestamptz,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    check ((finished_at is not null) = (state in ('finished', 'failed')))
);
create index export_open on contacts.export (account_id, id) where state in ('waiting', 'running');
select kernel.protect_by_account('contacts.export');

create table contacts.export_chunk (
    account_id bigint  not null,
    export_id  bigint  not null,
    no         integer not null,
    content    bytea   not null,
    primary key (account_id, export_id, no),
    foreign key (account_id, export_id) references contacts.export (account_id, id) on delete cascade
);
alter table contacts.export_chunk alter column content set storage external;
select kernel.protect_by_account('contacts.export_chunk');
