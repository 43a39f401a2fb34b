-- 20261122_0200_bulk_import.sql  Imports of up to 250 contacts that the API takes at once and works on later.
create table contacts.bulk_import (
    account_id  bigint      not null,
    id          bigint      not null generated always as identity,
    -- What the caller knows it by.
    batch_id    uuid        not null default gen_random_uuid(),
    state       text        not null default 'waiting' check (state in ('waiting', 'completed', 'failed')),
    contacts    integer     not null check (contacts between 1 and 250),
    -- The checked request; gone when it is done.
    request     jsonb,
    -- Ids of the contacts, in the order of the request, and the addresses that were not taken with the reason of each.
    succeeded   bigint[],
    refused     text[],
    reasons     text[],
    user_id     bigint,
    failures    integer     not null default 0,
    try_at      timestamptz not null,
    created_at  timestamptz not null,
    finished_at timestamptz,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    check ((finished_at is not null) = (state in ('completed', 'failed'))),
    check ((request is not null) = (state = 'waiting'))
);
create unique index bulk_import_batch on contacts.bulk_import (account_id, batch_id);
create index bulk_import_waiting on contacts.bulk_import (account_id, id) where state = 'waiting';
create index bulk_import_created on contacts.bulk_import (account_id, created_at);
select kernel.protect_by_account('contacts.bulk_import');
