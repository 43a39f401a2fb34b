-- 20261127_0303_addresses.sql  Postal addresses that mails bear at their foot: several, one of them the default; a list or a campaign may bear another.
-- accounts.account.sender_address stays what a mail says that names no other: it is the default one as text, or what was typed while there is none.
create table messaging.address (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    company_name text        not null check (length(company_name) <= 200),
    address_1    text        not null check (length(address_1) <= 200),
    address_2    text        not null default '' check (length(address_2) <= 200),
    city         text        not null default '' check (length(city) <= 100),
    state        text        not null default '' check (length(state) <= 100),
    district     text        not null default '' check (length(district) <= 100),
    zip          text        not null default '' check (length(zip) <= 30),
    -- Two letters, upper case.
    country      text        not null check (length(country) = 2),
    is_default   boolean     not null default false,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    created_by   bigint,
    updated_by   bigint,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index address_default on messaging.address (account_id) where is_default;
select kernel.protect_by_account('messaging.address');

-- Lists whose campaigns bear another than the default.
create table messaging.address_list (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    address_id bigint      not null,
    list_id    bigint      not null,
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, address_id) references messaging.address (account_id, id) on delete cascade
);
create unique index address_list_once on messaging.address_list (account_id, list_id);
create index address_list_of on messaging.address_list (account_id, address_id);
select kernel.protect_by_account('messaging.address_list');

-- Groups of users an address was given to through the API. Nothing hangs on it here.
create table messaging.address_group (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    address_id bigint      not null,
    group_id   bigint      not null,
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, address_id) references messaging.address (account_id, id) on delete cascade
);
create unique index address_group_once on messaging.address_group (account_id, address_id, group_id);
select kernel.protect_by_account('messaging.address_group');

-- Null: that of its lists, or else the default.
alter table messaging.campaign add column address_id bigint;
create index campaign_of_address on messaging.campaign (account_id, address_id) where address_id is not null;
