-- 20261123_0330_feeds.sql  Feeds (RSS, Atom) that automations watch, and which of their items are known.
create table integrations.feed (
    account_id    bigint      not null,
    id            bigint      not null generated always as identity,
    url           text        not null check (length(url) <= 2048),
    -- A trigger has asked for it lately; when nobody does any more, nobody fetches it.
    wanted_at     timestamptz not null,
    next_fetch_at timestamptz not null,
    -- For conditional requests.
    etag          text,
    last_modified text,
    -- Null: never fetched; what the first answer holds is not new.
    fetched_at    timestamptz,
    failures      integer     not null default 0,
    error         text,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index feed_url_unique on integrations.feed (account_id, url);
create index feed_next on integrations.feed (next_fetch_at);
select kernel.protect_by_account('integrations.feed');

create table integrations.feed_item (
    account_id   bigint      not null,
    feed_id      bigint      not null,
    -- Hash of what makes the item itself: its guid, or its link, or its title.
    key          text        not null,
    title        text        not null default '',
    -- Null: was there before the feed was watched.
    new_at       timestamptz,
    last_seen_at timestamptz not null,
    primary key (account_id, feed_id, key),
    foreign key (account_id, feed_id) references integrations.feed (account_id, id) on delete cascade
);
create index feed_item_new on integrations.feed_item (account_id, feed_id, new_at);
select kernel.protect_by_account('integrations.feed_item');
