-- 20261122_0500_segments.sql  Saved segments.
create schema segments;
grant usage on schema segments to millrace;

create table segments.segment (
    account_id  bigint      not null,
    id          bigint      not null generated always as identity,
    name        text        not null check (length(name) between 1 and 200),
    description text        not null default '' check (length(description) <= 1000),
    -- Words to find segments again by; nothing to do with the tags of contacts.
    tags        text[]      not null default '{}',
    -- The condition tree with ids.
    tree        jsonb       not null,
    version     bigint      not null default 1,
    -- What the last count said, when, and how long it took.
    last_count  bigint,
    counted_at  timestamptz,
    count_ms    integer,
    created_by  bigint,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    check ((last_count is null) = (counted_at is null))
);
create unique index segment_name_unique on segments.segment (account_id, lower(name));
select kernel.protect_by_account('segments.segment');

-- Another number whenever a tree of the account has changed, so that every process notices that its memory is old. Writers take its row first:
-- two changes at once could otherwise close a circle that neither of them sees.
create table segments.stamp (
    account_id bigint not null primary key,
    stamp      bigint not null
);
select kernel.protect_by_account('segments.stamp');
