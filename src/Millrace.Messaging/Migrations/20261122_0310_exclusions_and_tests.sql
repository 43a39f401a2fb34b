-- 20261122_0310_exclusions_and_tests.sql  Domains on the exclusion list, the message that tests are sent from, and how many were sent in an hour.
-- Addresses and domains are looked up by equality, so that a list may be long; the other two are compared one by one.
alter table messaging.exclusion drop constraint exclusion_mode_check;
alter table messaging.exclusion add constraint exclusion_mode_check check (mode in ('exactly', 'domain', 'begins_with', 'ends_with'));

-- Bears the versions of what is sent as a test without being a message of its own (a step's draft, say). It is shown nowhere.
alter table messaging.message add column is_test boolean not null default false;
create unique index message_test_unique on messaging.message (account_id) where is_test;


-- Moves with every change, so that two people who edit the same mail do not overwrite each other unseen.
alter table messaging.message add column revision integer not null default 1;

create table messaging.test_quota (
    account_id bigint      not null,
    -- Begin of the hour.
    hour       timestamptz not null,
    sent       integer     not null,
    primary key (account_id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.test_quota');
