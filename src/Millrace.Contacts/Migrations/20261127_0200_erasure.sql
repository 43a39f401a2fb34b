-- 20261127_0200_erasure.sql  People who were deleted and are being forgotten everywhere. A row is written in the transaction that deletes a contact and is gone
-- when nothing of the person is left: the only place that remembers the address meanwhile.
create table contacts.erasure (
    account_id bigint      not null,
    contact_id bigint      not null,
    -- As the contact had it; empty: it had none.
    address    text        not null default '',
    deleted_at timestamptz not null,
    due_at     timestamptz not null,
    -- Times everything was gone through.
    rounds     integer     not null default 0,
    failures   integer     not null default 0,
    primary key (account_id, contact_id),
    foreign key (account_id) references accounts.account (id)
);
create index erasure_due on contacts.erasure (due_at);
select kernel.protect_by_account('contacts.erasure');

-- Rows that an import did not take belong to people, too: the first address in each, so that they are found.
alter table contacts.import_reject add column address text generated always as (lower(substring(content from '[^[:space:],;"<>|]+@[^[:space:],;"<>|]+'))) stored;
create index import_reject_address on contacts.import_reject (account_id, address) where address is not null;
