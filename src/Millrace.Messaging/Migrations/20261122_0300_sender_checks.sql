-- 20261122_0300_sender_checks.sql  What DNS says of a sender's domain, where its bounces go, and whether mail from other domains is refused.
alter table messaging.sender_domain
    add column state text not null default 'pending' check (state in ('pending', 'verified', 'failed')),
    -- Checks in a row that did not find what an earlier one had found.
    add column failures smallint not null default 0,
    add column checked_at timestamptz,
    add column verified_at timestamptz,
    add column next_check_at timestamptz not null default now(),
    -- What each record looked like at the last check.
    add column checks jsonb not null default '[]',
    -- Sub-domain that bounces go to; null: the sender's own address.
    add column return_path text check (length(return_path) between 3 and 200 and return_path = lower(return_path)),
    add column return_path_ok boolean not null default false;
create index sender_domain_due on messaging.sender_domain (next_check_at);

-- No row: what the server says.
create table messaging.sender_policy (
    account_id        bigint      not null,
    refuse_unverified boolean     not null,
    updated_at        timestamptz not null,
    primary key (account_id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.sender_policy');
