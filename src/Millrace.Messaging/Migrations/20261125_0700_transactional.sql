-- 20261125_0700_transactional.sql  Transactional e-mail: servers (sending spaces with tokens of their own), streams, templates, mails as they were handed in, what became of them.
create table messaging.mail_server (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    name         text        not null check (length(name) between 1 and 200),
    color        text        not null default 'blue' check (length(color) <= 30),
    -- What holds when a mail does not say.
    track_opens  boolean     not null default false,
    track_links  text        not null default 'none' check (track_links in ('none', 'html_only', 'text_only', 'html_and_text')),
    -- The empty version that rows of the ledger refer to; content stands with each mail.
    message_id   bigint      not null,
    version_id   bigint      not null,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    archived_at  timestamptz,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    foreign key (account_id, version_id) references messaging.message_version (account_id, id)
);
create unique index mail_server_name_unique on messaging.mail_server (account_id, lower(name)) where archived_at is null;
select kernel.protect_by_account('messaging.mail_server');

-- The hash itself stands in accounts.credential.
create table messaging.mail_token (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    server_id    bigint      not null,
    name         text        not null check (length(name) between 1 and 100),
    -- Its first characters, to tell one from another.
    prefix       text        not null,
    created_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    primary key (account_id, id),
    foreign key (account_id, server_id) references messaging.mail_server (account_id, id)
);
create index mail_token_of_server on messaging.mail_token (account_id, server_id);
select kernel.protect_by_account('messaging.mail_token');

create table messaging.mail_stream (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    server_id    bigint      not null,
    -- What programs call it, for example outbound.
    key          text        not null check (length(key) between 1 and 30 and key ~ '^[a-z0-9][a-z0-9-]*$'),
    name         text        not null check (length(name) between 1 and 200),
    description  text        not null default '' check (length(description) <= 1000),
    kind         text        not null check (kind in ('transactional', 'broadcasts', 'inbound')),
    -- Who offers readers a way out: nobody, we (link and header), or the sender himself.
    unsubscribe  text        not null default 'none' check (unsubscribe in ('none', 'postmark', 'custom')),
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    archived_at  timestamptz,
    primary key (account_id, id),
    foreign key (account_id, server_id) references messaging.mail_server (account_id, id)
);
create unique index mail_stream_key_unique on messaging.mail_stream (account_id, server_id, key);
select kernel.protect_by_account('messaging.mail_stream');

create table messaging.mail_template (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    server_id  bigint      not null,
    name       text        not null check (length(name) between 1 and 200),
    alias      text        check (length(alias) between 1 and 100 and alias ~ '^[A-Za-z][A-Za-z0-9._-]*$'),
    is_layout  boolean     not null default false,
    layout_id  bigint,
    subject    text        not null default '' check (length(subject) <= 2000),
    html       text        not null default '' check (length(html) <= 524288),
    text       text        not null default '' check (length(text) <= 524288),
    -- For the preview; what programs send stands nowhere.
    sample     jsonb       not null default '{}',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, server_id) references messaging.mail_server (account_id, id),
    foreign key (account_id, layout_id) references messaging.mail_template (account_id, id)
);
create unique index mail_template_alias_unique on messaging.mail_template (account_id, server_id, lower(alias)) where alias is not null;
create index mail_template_layout on messaging.mail_template (account_id, layout_id) where layout_id is not null;
select kernel.protect_by_account('messaging.mail_template');

-- One mail as it was handed in. Each of its recipients is a row of the ledger: source_kind 'transactional', source_id the mail, recipient_no the recipient.
create table messaging.mail (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    -- What the outside calls it; also the left half of the Message-ID.
    guid         uuid        not null,
    server_id    bigint      not null,
    stream_id    bigint      not null,
    template_id  bigint,
    from_name    text        not null,
    from_address text        not null,
    reply_to     text        not null default '',
    subject      text        not null,
    html         text        not null,
    text         text        not null,
    tag          text,
    metadata     jsonb       not null default '{}',
    headers      jsonb       not null default '[]',
    track_opens  boolean     not null,
    track_links  text        not null check (track_links in ('none', 'html_only', 'text_only', 'html_and_text')),
    -- Bytes of bodies and files: what it costs in memory.
    size         integer     not null,
    submitted_at timestamptz not null,
    -- When content and files were deleted because the time to keep them was over.
    forgotten_at timestamptz,
    primary key (account_id, id),
    foreign key (account_id, server_id) references messaging.mail_server (account_id, id),
    foreign key (account_id, stream_id) references messaging.mail_stream (account_id, id)
);
create unique index mail_guid_unique on messaging.mail (account_id, guid);
create index mail_of_server on messaging.mail (account_id, server_id, submitted_at, id);
create index mail_of_tag on messaging.mail (account_id, server_id, tag, submitted_at) where tag is not null;
create index mail_to_forget on messaging.mail (submitted_at) where forgotten_at is null;
alter table messaging.mail alter column html set storage extended;
select kernel.protect_by_account('messaging.mail');

create table messaging.mail_recipient (
    account_id  bigint   not null,
    mail_id     bigint   not null,
    no          smallint not null,
    kind        text     not null check (kind in ('to', 'cc', 'bcc')),
    name        text     not null default '',
    address     text     not null,
    -- Lower case, for comparing.
    address_key text     not null,
    -- The contact who had this address then; null is none.
    contact_id  bigint,
    -- Null: not sent, because the address was suppressed in the stream.
    send_id     bigint,
    primary key (account_id, mail_id, no),
    foreign key (account_id, mail_id) references messaging.mail (account_id, id)
);
create index mail_recipient_address on messaging.mail_recipient (account_id, address_key, mail_id);
create index mail_recipient_contact on messaging.mail_recipient (account_id, contact_id, mail_id) where contact_id is not null;
select kernel.protect_by_account('messaging.mail_recipient');

create table messaging.mail_file (
    account_id   bigint   not null,
    mail_id      bigint   not null,
    no           smallint not null,
    name         text     not null,
    content_type text     not null,
    content_id   text,
    content      bytea    not null,
    primary key (account_id, mail_id, no),
    foreign key (account_id, mail_id) references messaging.mail (account_id, id)
);
alter table messaging.mail_file alter column content set storage external;
select kernel.protect_by_account('messaging.mail_file');

-- Where the tracked links of one mail lead.
create table messaging.mail_link (
    account_id bigint   not null,
    mail_id    bigint   not null,
    no         smallint not null,
    url        text     not null,
    primary key (account_id, mail_id, no),
    foreign key (account_id, mail_id) references messaging.mail (account_id, id)
);
select kernel.protect_by_account('messaging.mail_link');

-- What happened to a mail, in order. Each is handed once to webhooks, counters and the contact's timeline, in one transaction; then told is true.
create table messaging.mail_event (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    mail_id      bigint      not null,
    recipient_no smallint    not null,
    kind         text        not null check (kind in (
                     'submitted', 'delivered', 'delayed', 'bounced', 'complained', 'opened', 'clicked', 'unsubscribed', 'resubscribed', 'suppressed')),
    occurred_at  timestamptz not null,
    -- By kind: class, code, reply, type of a bounce; url and link of a click; machine, client, os, device, country ... of both; first of an open.
    data         jsonb       not null default '{}',
    told         boolean     not null default false,
    primary key (account_id, id),
    foreign key (account_id, mail_id) references messaging.mail (account_id, id)
);
create index mail_event_of_mail on messaging.mail_event (account_id, mail_id, id);
create index mail_event_by_kind on messaging.mail_event (account_id, kind, id);
create index mail_event_untold on messaging.mail_event (id) where not told;
select kernel.protect_by_account('messaging.mail_event');

create table messaging.stream_suppression (
    account_id bigint      not null,
    stream_id  bigint      not null,
    -- Lower case, ASCII domain.
    address    text        not null check (length(address) between 3 and 254),
    reason     text        not null check (reason in ('hard_bounce', 'spam_complaint', 'manual_suppression')),
    origin     text        not null check (origin in ('recipient', 'customer', 'admin')),
    created_at timestamptz not null,
    primary key (account_id, stream_id, address),
    foreign key (account_id, stream_id) references messaging.mail_stream (account_id, id)
);
select kernel.protect_by_account('messaging.stream_suppression');

create table messaging.mail_webhook (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    server_id  bigint      not null,
    stream_id  bigint      not null,
    url        text        not null check (length(url) <= 2048),
    -- Kinds of events it wants, as in mail_event; unsubscribed stands for both changes.
    wants      text[]      not null,
    -- Only the first open of each recipient.
    first_open boolean     not null default false,
    -- The whole mail goes along with bounces and complaints.
    content    text[]      not null default '{}',
    -- Sealed JSON: user name, password and further header fields.
    secret     bytea,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, server_id) references messaging.mail_server (account_id, id),
    foreign key (account_id, stream_id) references messaging.mail_stream (account_id, id)
);
create index mail_webhook_of_stream on messaging.mail_webhook (account_id, stream_id);
select kernel.protect_by_account('messaging.mail_webhook');

-- Counted by day (UTC) of the event, kept when the mails themselves are forgotten.
create table messaging.mail_count (
    account_id bigint not null,
    stream_id  bigint not null,
    tag        text   not null default '',
    day        date   not null,
    -- Kind of event, followed for some by a colon and what is told apart: bounced:HardBounce, opened:first, os:Windows ...
    what       text   not null,
    total      bigint not null,
    primary key (account_id, stream_id, tag, day, what),
    foreign key (account_id, stream_id) references messaging.mail_stream (account_id, id)
) with (fillfactor = 70);
select kernel.protect_by_account('messaging.mail_count');

-- Answers to requests that came with an Idempotency-Key, for a day.
create table messaging.mail_request (
    account_id bigint      not null,
    server_id  bigint      not null,
    key        text        not null check (length(key) between 1 and 255),
    hash       bytea       not null,
    answer     text        not null default '',
    status     smallint    not null default 200,
    created_at timestamptz not null,
    primary key (account_id, server_id, key),
    foreign key (account_id, server_id) references messaging.mail_server (account_id, id)
);
create index mail_request_old on messaging.mail_request (created_at);
select kernel.protect_by_account('messaging.mail_request');

-- Mails that came in by an inbound stream.
create table messaging.stream_mail (
    account_id  bigint      not null,
    id          bigint      not null generated always as identity,
    guid        uuid        not null,
    server_id   bigint      not null,
    stream_id   bigint      not null,
    mail_from   text        not null,
    rcpt_to     text        not null,
    subject     text        not null,
    -- What the webhook was given, without the files.
    payload     jsonb       not null,
    size        integer     not null,
    received_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, stream_id) references messaging.mail_stream (account_id, id)
);
create unique index stream_mail_guid_unique on messaging.stream_mail (account_id, guid);
create index stream_mail_of_server on messaging.stream_mail (account_id, server_id, id);
select kernel.protect_by_account('messaging.stream_mail');
