-- 20261125_0630_servers.sql  Further mail servers of an account, which mail goes through which, how fast to whom, and how a new server or domain is warmed up.
-- 0 stands for the account's own server of before (messaging.smtp_settings), or the installation's.
create table messaging.smtp_server (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    name       text        not null check (length(name) between 1 and 100),
    host       text        not null check (length(host) between 1 and 253),
    port       integer     not null check (port between 1 and 65535),
    tls        text        not null check (tls in ('none', 'start_tls', 'implicit')),
    user_name  text,
    password   bytea,
    is_on      boolean     not null default true,
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.smtp_server');

-- The first that matches decides; without one all goes through 0, and the others stand by.
create table messaging.smtp_route (
    account_id bigint     not null,
    position   smallint   not null,
    -- As of messaging.send; null: all.
    lane       smallint   check (lane between 1 and 3),
    -- Of the recipient; null: all.
    domain     text       check (domain = lower(domain)),
    server_ids bigint[]   not null check (cardinality(server_ids) between 1 and 20),
    -- How much of the mail each takes, relative to the others.
    shares     smallint[] not null,
    primary key (account_id, position),
    foreign key (account_id) references accounts.account (id),
    constraint smtp_route_shares check (cardinality(shares) = cardinality(server_ids))
);
select kernel.protect_by_account('messaging.smtp_route');

create table messaging.domain_limit (
    account_id  bigint        not null,
    domain      text          not null check (domain = lower(domain)),
    per_second  numeric(10,4) not null check (per_second > 0),
    connections smallint      not null check (connections between 1 and 200),
    primary key (account_id, domain),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.domain_limit');

create table messaging.warm_up (
    account_id   bigint       not null,
    id           bigint       not null generated always as identity,
    -- Null: all servers.
    server_id    bigint,
    -- Of the recipients; null: all.
    domain       text         check (domain = lower(domain)),
    starts_on    date         not null,
    first_volume integer      not null check (first_volume between 1 and 1000000),
    growth       numeric(4,2) not null check (growth between 1.05 and 5),
    -- Once a day's volume is that, the plan is over.
    target       integer      not null check (target >= first_volume),
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.warm_up');

create table messaging.warm_up_day (
    account_id bigint  not null,
    warm_up_id bigint  not null,
    day        date    not null,
    taken      integer not null,
    primary key (account_id, warm_up_id, day),
    foreign key (account_id, warm_up_id) references messaging.warm_up (account_id, id) on delete cascade
);
select kernel.protect_by_account('messaging.warm_up_day');
