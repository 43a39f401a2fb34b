-- 20261121_0100_accounts.sql  Tenants, their users, sessions and API keys.
create schema accounts;
grant usage on schema accounts to millrace;

-- The list of tenants is not protected: it is what workers go through. It holds nothing but names and settings.
create table accounts.account (
    id             bigint      not null generated always as identity primary key,
    name           text        not null check (length(name) between 1 and 200),
    time_zone      text        not null default 'UTC',
    -- What stands at the foot of every marketing mail, as the law asks.
    sender_name    text        not null default '',
    sender_email   text        not null default '',
    sender_address text        not null default '',
    -- Event tracking: the id and key that sites send along; made with the account.
    event_key      text        not null,
    created_at     timestamptz not null
);
grant select, insert, update on accounts.account to millrace;

create table accounts.app_user (
    account_id    bigint      not null references accounts.account (id),
    id            bigint      not null generated always as identity,
    email         text        not null check (length(email) between 3 and 254),
    first_name    text        not null default '',
    last_name     text        not null default '',
    role          text        not null check (role in ('user', 'admin')),
    password_hash text,
    color_scheme  text        not null default 'auto' check (color_scheme in ('auto', 'light', 'dark')),
    disabled_at   timestamptz,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    primary key (account_id, id)
);
create unique index app_user_email_unique on accounts.app_user (account_id, email);
select kernel.protect_by_account('accounts.app_user');

create table accounts.api_key (
    account_id   bigint      not null references accounts.account (id),
    id           bigint      not null generated always as identity,
    user_id      bigint      not null,
    name         text        not null check (length(name) between 1 and 100),
    -- The first characters, so that people can tell keys apart; the rest is known only as a hash.
    prefix       text        not null,
    hash         bytea       not null,
    created_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    primary key (account_id, id),
    foreign key (account_id, user_id) references accounts.app_user (account_id, id)
);
select kernel.protect_by_account('accounts.api_key');

create table accounts.session (
    account_id bigint      not null references accounts.account (id),
    id         bigint      not null generated always as identity,
    user_id    bigint      not null,
    hash       bytea       not null,
    created_at timestamptz not null,
    seen_at    timestamptz not null,
    ended_at   timestamptz,
    primary key (account_id, id),
    foreign key (account_id, user_id) references accounts.app_user (account_id, id)
);
select kernel.protect_by_account('accounts.session');

-- Who may come in is asked before any account is known, so these two look-ups lead from an unguessable hash or an e-mail address
-- to the account. They hold no data of tenants but the address to log in with.
create table accounts.credential (
    hash       bytea  not null primary key,
    kind       text   not null check (kind in ('session', 'api_key')),
    account_id bigint not null references accounts.account (id),
    owner_id   bigint not null
);
grant select, insert, delete on accounts.credential to millrace;

create table accounts.login (
    email      text   not null,
    account_id bigint not null references accounts.account (id),
    user_id    bigint not null,
    primary key (email, account_id)
);
grant select, insert, update, delete on accounts.login to millrace;

-- Failed log-ins per address and network, for the limit of five in a quarter of an hour.
create table accounts.login_failure (
    scope     text        not null,
    failed_at timestamptz not null
);
create index login_failure_scope on accounts.login_failure (scope, failed_at);
grant select, insert, delete on accounts.login_failure to millrace;

-- Every change of state: who, what, before and after. Append-only for the application.
create table accounts.audit (
    account_id  bigint      not null references accounts.account (id),
    id          bigint      not null generated always as identity,
    user_id     bigint,
    action      text        not null,
    target_kind text        not null,
    target_id   bigint,
    detail      jsonb       not null default '{}',
    occurred_at timestamptz not null,
    primary key (account_id, id)
);
select kernel.protect_by_account('accounts.audit');
revoke update, delete on accounts.audit from millrace;
