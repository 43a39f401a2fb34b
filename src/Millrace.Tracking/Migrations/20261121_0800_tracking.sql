-- 20261121_0800_tracking.sql  Named events that sites and shops report.
create schema tracking;
grant usage on schema tracking to millrace;

-- Event names come into being when they are first seen, up to a limit.
create table tracking.event_name (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    name       text        not null check (length(name) between 1 and 32),
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index event_name_unique on tracking.event_name (account_id, lower(name));
select kernel.protect_by_account('tracking.event_name');
