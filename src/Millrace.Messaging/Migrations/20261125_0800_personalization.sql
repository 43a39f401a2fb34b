-- 20261125_0800_personalization.sql  Message variables; the condition trees of a version's sections and blocks.
create table messaging.variable (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    -- What stands between the percent signs.
    tag        text        not null check (length(tag) between 1 and 100),
    name       text        not null check (length(name) between 1 and 200),
    -- Text in which other tags, and other variables, may stand.
    content    text        not null check (length(content) <= 20000),
    is_locked  boolean     not null default false,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index variable_tag_unique on messaging.variable (account_id, tag);
select kernel.protect_by_account('messaging.variable');

-- An array of trees: %IF SHOW:1% in the bodies asks the first.
alter table messaging.message_version add column conditions jsonb;

-- Which items of a feed the sendings of a message have shown: what SHOW:NEW leaves out next time.
create table messaging.feed_item_sent (
    account_id bigint      not null,
    message_id bigint      not null,
    url        text        not null,
    item_key   text        not null,
    sent_at    timestamptz not null,
    primary key (account_id, message_id, url, item_key),
    foreign key (account_id, message_id) references messaging.message (account_id, id) on delete cascade
);
select kernel.protect_by_account('messaging.feed_item_sent');
