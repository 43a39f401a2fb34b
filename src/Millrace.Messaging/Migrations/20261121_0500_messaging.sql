-- 20261121_0500_messaging.sql  Messages, their frozen versions, the ledger of every send, who may not be mailed, and who we send as.
create schema messaging;
grant usage on schema messaging to millrace;

-- What people edit. A message of an automation's step belongs to (automation_id, step_key) and follows the published document.
create table messaging.message (
    account_id    bigint      not null,
    id            bigint      not null generated always as identity,
    name          text        not null check (length(name) between 1 and 200),
    kind          text        not null default 'marketing' check (kind in ('marketing', 'transactional')),
    subject       text        not null default '' check (length(subject) <= 1000),
    preheader     text        not null default '' check (length(preheader) <= 1000),
    -- Empty: the account's sender.
    from_name     text        not null default '' check (length(from_name) <= 200),
    from_address  text        not null default '' check (length(from_address) <= 254),
    reply_to      text        not null default '' check (length(reply_to) <= 254),
    -- Block document of the designer; where there is one, the HTML is made from it.
    design        jsonb,
    html          text        not null default '' check (length(html) <= 524288),
    -- Empty: made from the HTML.
    text          text        not null default '' check (length(text) <= 524288),
    track_opens   boolean     not null default true,
    track_clicks  boolean     not null default true,
    automation_id bigint,
    step_key      text,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    constraint message_step check ((automation_id is null) = (step_key is null))
);
create unique index message_step_unique on messaging.message (account_id, automation_id, step_key) where automation_id is not null;
select kernel.protect_by_account('messaging.message');

-- What was sent. Immutable, one per content: bodies stand ready for merging, tracked links are %LINK:n%.
create table messaging.message_version (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    message_id   bigint      not null,
    -- SHA-256 over everything below: the same content is the same version.
    hash         bytea       not null check (length(hash) = 32),
    kind         text        not null check (kind in ('marketing', 'transactional')),
    subject      text        not null,
    preheader    text        not null,
    from_name    text        not null,
    from_address text        not null,
    reply_to     text        not null,
    html         text        not null,
    text         text        not null,
    created_at   timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, message_id) references messaging.message (account_id, id)
);
create unique index message_version_unique on messaging.message_version (account_id, message_id, hash);
select kernel.protect_by_account('messaging.message_version');

create table messaging.link (
    account_id         bigint   not null,
    message_version_id bigint   not null,
    no                 smallint not null,
    url                text     not null,
    label              text     not null,
    primary key (account_id, message_version_id, no),
    foreign key (account_id, message_version_id) references messaging.message_version (account_id, id)
);
select kernel.protect_by_account('messaging.link');

-- Outbox and ledger in one: a row is made in the transaction of its cause and says for ever what became of it.
-- next_at is set exactly while something is left to do. The hand-over update touches no indexed column, so it stays on its page.
create table messaging.send (
    account_id         bigint      not null,
    id                 bigint      not null generated always as identity,
    bucket             smallint    not null,
    -- 1 transactional, 2 automation, 3 bulk: the lower goes first.
    lane               smallint    not null check (lane between 1 and 3),
    contact_id         bigint      not null,
    message_id         bigint      not null,
    message_version_id bigint      not null,
    -- The natural key: whatever is tried twice is sent once.
    source_kind        text        not null check (source_kind in ('automation', 'campaign', 'notify', 'test', 'transactional')),
    source_id          bigint      not null,
    visit_no           integer     not null default 0,
    recipient_no       smallint    not null default 0,
    automation_id      bigint,
    step_key           text,
    -- Lists that the unsubscribe link acts on; null is all.
    list_ids           bigint[],
    -- Someone else than the contact; null is the contact. sent_to is what the address was at hand-over.
    to_address         text,
    sent_to            text,
    state              text        not null default 'queued' check (state in (
                           'queued', 'handoff', 'ambiguous', 'deferred', 'sent', 'failed', 'suppressed', 'cancelled', 'unknown')),
    attempts           smallint    not null default 0,
    -- How often the other side may have accepted it without our knowing.
    ambiguities        smallint    not null default 0,
    -- Under which lease of its bucket it was handed over.
    epoch              bigint,
    next_at            timestamptz,
    queued_at          timestamptz not null,
    handoff_at         timestamptz,
    finished_at        timestamptz,
    reply_code         smallint,
    reply_text         text        check (length(reply_text) <= 2000),
    -- Class of the reply, or why it was not sent.
    reason             text,
    opened_at          timestamptz,
    clicked_at         timestamptz,
    unsubscribed_at    timestamptz,
    primary key (account_id, id),
    foreign key (account_id, message_version_id) references messaging.message_version (account_id, id),
    constraint send_open check ((next_at is not null) = (state in ('queued', 'handoff', 'ambiguous', 'deferred'))),
    constraint send_finished check ((finished_at is null) = (next_at is not null))
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
create unique index send_once on messaging.send (account_id, source_kind, source_id, contact_id, visit_no, recipient_no);
create index send_due on messaging.send (bucket, lane, next_at, id) where next_at is not null;
create index send_of_contact on messaging.send (account_id, contact_id, id);
select kernel.protect_by_account('messaging.send');
create sequence messaging.test_no;
grant usage on sequence messaging.test_no to millrace;

-- One row per network attempt that ended without success; the success stands on the send itself.
create table messaging.send_attempt (
    account_id   bigint      not null,
    send_id      bigint      not null,
    no           smallint    not null,
    attempted_at timestamptz not null,
    stage        text        not null,
    reply_code   smallint,
    reply_text   text,
    class        text        not null,
    primary key (account_id, send_id, no),
    foreign key (account_id, send_id) references messaging.send (account_id, id)
);
select kernel.protect_by_account('messaging.send_attempt');

-- Addresses that are not mailed whatever contact bears them. A lower rank never replaces a higher.
create table messaging.suppression (
    account_id    bigint      not null,
    -- Lower case, ASCII domain.
    address       text        not null check (length(address) between 3 and 254),
    reason        text        not null check (reason in ('complaint', 'unsubscribe', 'hard', 'manual', 'soft')),
    rank          smallint    not null,
    -- Null: until lifted.
    until         timestamptz,
    send_id       bigint,
    detail        text        not null default '',
    suppressed_at timestamptz not null,
    primary key (account_id, address),
    foreign key (account_id) references accounts.account (id),
    constraint suppression_rank check (rank = case reason
        when 'complaint' then 5 when 'unsubscribe' then 4 when 'hard' then 3 when 'manual' then 2 else 1 end)
);
select kernel.protect_by_account('messaging.suppression');

-- Soft bounces by day: three different days within thirty, without a delivery between, make an address unusable for a while.
create table messaging.soft_bounce (
    account_id bigint not null,
    address    text   not null,
    day        date   not null,
    primary key (account_id, address, day)
);
select kernel.protect_by_account('messaging.soft_bounce');

-- Patterns that people keep: nobody matching is mailed, on all lists or on some.
create table messaging.exclusion (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    mode       text        not null check (mode in ('exactly', 'begins_with', 'ends_with')),
    pattern    text        not null check (length(pattern) between 1 and 254 and pattern = lower(pattern)),
    list_ids   bigint[],
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index exclusion_unique on messaging.exclusion (account_id, mode, pattern);
select kernel.protect_by_account('messaging.exclusion');

create table messaging.sender_domain (
    account_id  bigint      not null,
    id          bigint      not null generated always as identity,
    domain      text        not null check (length(domain) between 3 and 253 and domain = lower(domain)),
    selector    text        not null,
    -- Sealed; only the public half ever leaves.
    private_key bytea       not null,
    public_record text      not null,
    created_at  timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index sender_domain_unique on messaging.sender_domain (account_id, domain);
select kernel.protect_by_account('messaging.sender_domain');

-- The account's own server; without a row the server's, without that the catcher.
create table messaging.smtp_settings (
    account_id   bigint      not null,
    host         text        not null check (length(host) between 1 and 253),
    port         integer     not null check (port between 1 and 65535),
    tls          text        not null check (tls in ('none', 'start_tls', 'implicit')),
    user_name    text,
    password     bytea,
    updated_at   timestamptz not null,
    primary key (account_id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.smtp_settings');

-- A row while sending is on hold for the account: by a person, or because the server refused our login.
create table messaging.pause (
    account_id bigint      not null,
    reason     text        not null,
    detail     text        not null default '',
    -- Null: until a person lifts it.
    until      timestamptz,
    paused_at  timestamptz not null,
    primary key (account_id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.pause');

-- What the built-in catcher took in place of a mail server: the very bytes.
create table messaging.caught_mail (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    send_id    bigint      not null,
    attempt    smallint    not null,
    mail_from  text        not null,
    rcpt_to    text        not null,
    subject    text        not null,
    raw        bytea       not null,
    caught_at  timestamptz not null,
    primary key (account_id, id)
);
create unique index caught_mail_once on messaging.caught_mail (account_id, send_id, attempt);
alter table messaging.caught_mail alter column raw set storage external;
select kernel.protect_by_account('messaging.caught_mail');
