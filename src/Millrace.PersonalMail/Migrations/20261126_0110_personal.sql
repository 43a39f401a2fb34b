-- 20261126_0110_personal.sql  Mails that a person writes to one contact: mails with their files and links, answers, saved responses, connected mailboxes.
create schema personal;
grant usage on schema personal to millrace;

-- A user's mailbox at some provider: sent through its SMTP server, filed and read by IMAP.
create table personal.mailbox (
    account_id    bigint      not null,
    id            bigint      not null generated always as identity,
    user_id       bigint      not null,
    email         text        not null check (length(email) between 3 and 254),
    name          text        not null default '' check (length(name) <= 200),
    imap_host     text        not null check (length(imap_host) between 1 and 253),
    imap_port     integer     not null check (imap_port between 1 and 65535),
    imap_tls      text        not null check (imap_tls in ('none', 'start_tls', 'implicit')),
    smtp_host     text        not null check (length(smtp_host) between 1 and 253),
    smtp_port     integer     not null check (smtp_port between 1 and 65535),
    smtp_tls      text        not null check (smtp_tls in ('none', 'start_tls', 'implicit')),
    user_name     text        not null check (length(user_name) between 1 and 254),
    -- Sealed.
    password      bytea,
    -- Null: found by its mark or its usual name.
    sent_folder   text        check (length(sent_folder) <= 200),
    files_sent    boolean     not null default true,
    -- How far INBOX has been read: null before the first look.
    uid_validity  bigint,
    uid_next      bigint,
    read_at       timestamptz,
    -- When it is read again. Whoever works on the mailbox holds its lease; the epoch fences those who lost it.
    due_at        timestamptz not null,
    lease_until   timestamptz,
    epoch         bigint      not null default 0,
    failures      integer     not null default 0,
    error_code    text,
    error         text        check (length(error) <= 1000),
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    -- Disconnected: mails that were sent by it still name it.
    removed_at    timestamptz,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index mailbox_unique on personal.mailbox (account_id, user_id, email) where removed_at is null;
create index mailbox_due on personal.mailbox (due_at) where removed_at is null;
select kernel.protect_by_account('personal.mailbox');

create table personal.saved_response_category (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    name       text        not null check (length(name) between 1 and 100),
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index saved_response_category_unique on personal.saved_response_category (account_id, name);
select kernel.protect_by_account('personal.saved_response_category');

create table personal.saved_response (
    account_id        bigint      not null,
    id                bigint      not null generated always as identity,
    category_id       bigint,
    title             text        not null check (length(title) between 1 and 200),
    subject           text        not null check (length(subject) <= 1000),
    body              text        not null check (length(body) <= 262144),
    -- Title, subject and text of the body in lower case: what is searched.
    words             text        not null,
    user_id           bigint,
    last_sent_user_id bigint,
    last_sent_at      timestamptz,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    foreign key (account_id, category_id) references personal.saved_response_category (account_id, id)
);
create index saved_response_of_category on personal.saved_response (account_id, category_id) where category_id is not null;
select kernel.protect_by_account('personal.saved_response');

-- A mail from its draft to its end. html and text are templates in a draft, merged and clean afterwards.
create table personal.mail (
    account_id     bigint      not null,
    id             bigint      not null generated always as identity,
    guid           uuid        not null,
    contact_id     bigint      not null,
    user_id        bigint      not null,
    -- Null: through the account's own sending server.
    mailbox_id     bigint,
    state          text        not null check (state in ('draft', 'queued', 'sent', 'failed', 'cancelled')),
    from_name      text        not null default '',
    from_address   text        not null default '',
    cc             text        not null default '' check (length(cc) <= 10000),
    bcc            text        not null default '' check (length(bcc) <= 10000),
    subject        text        not null default '' check (length(subject) <= 2000),
    html           text        not null default '' check (length(html) <= 524288),
    text           text        not null default '' check (length(text) <= 524288),
    is_plain       boolean     not null default false,
    track_opens    boolean     not null default true,
    track_clicks   boolean     not null default true,
    -- Files go along as links that tell who fetched them; otherwise attached.
    files_as_links boolean     not null default true,
    response_id    bigint,
    -- Message-ID of the answer that this one answers.
    in_reply_to    text        check (length(in_reply_to) <= 500),
    message_id     text,
    automation_id  bigint,
    step_key       text,
    run_id         bigint,
    visit_no       integer,
    size           integer     not null default 0,
    opens          integer     not null default 0,
    clicks         integer     not null default 0,
    opened_at      timestamptz,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    queued_at      timestamptz,
    finished_at    timestamptz,
    -- Copy in the mailbox's folder of sent mail.
    filing         text        not null default 'none' check (filing in ('none', 'due', 'done', 'failed')),
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index mail_draft on personal.mail (account_id, user_id, contact_id) where state = 'draft';
create unique index mail_of_step on personal.mail (account_id, automation_id, step_key, run_id, visit_no) where run_id is not null;
create unique index mail_by_message_id on personal.mail (account_id, message_id) where message_id is not null;
create index mail_of_contact on personal.mail (account_id, contact_id, id);
create index mail_to_file on personal.mail (account_id, mailbox_id) where filing = 'due';
select kernel.protect_by_account('personal.mail');

-- One row each of To, Cc and Bcc. next_at is set only while this module has to send it; the others wait in the ledger.
create table personal.recipient (
    account_id  bigint      not null,
    mail_id     bigint      not null,
    no          smallint    not null,
    kind        text        not null check (kind in ('to', 'cc', 'bcc')),
    name        text        not null default '',
    address     text        not null,
    -- 0: no contact.
    contact_id  bigint      not null default 0,
    state       text        not null default 'queued' check (state in ('queued', 'handoff', 'deferred', 'sent', 'failed', 'refused', 'cancelled', 'unknown')),
    attempts    smallint    not null default 0,
    ambiguities smallint    not null default 0,
    next_at     timestamptz,
    reason      text,
    reply       text        check (length(reply) <= 2000),
    finished_at timestamptz,
    primary key (account_id, mail_id, no),
    foreign key (account_id, mail_id) references personal.mail (account_id, id)
);
create index recipient_due on personal.recipient (next_at) where next_at is not null;
select kernel.protect_by_account('personal.recipient');

-- Stored once per account, however often it is attached.
create table personal.file (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    hash       bytea       not null check (length(hash) = 32),
    size       integer     not null,
    content    bytea       not null,
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index file_unique on personal.file (account_id, hash);
alter table personal.file alter column content set storage external;
select kernel.protect_by_account('personal.file');

create table personal.mail_file (
    account_id   bigint   not null,
    mail_id      bigint   not null,
    no           smallint not null,
    file_id      bigint   not null,
    name         text     not null check (length(name) between 1 and 200),
    content_type text     not null,
    downloads    integer  not null default 0,
    primary key (account_id, mail_id, no),
    foreign key (account_id, mail_id) references personal.mail (account_id, id),
    foreign key (account_id, file_id) references personal.file (account_id, id)
);
create index mail_file_of_file on personal.mail_file (account_id, file_id);
select kernel.protect_by_account('personal.mail_file');

create table personal.mail_link (
    account_id bigint   not null,
    mail_id    bigint   not null,
    no         smallint not null,
    url        text     not null,
    clicks     integer  not null default 0,
    primary key (account_id, mail_id, no),
    foreign key (account_id, mail_id) references personal.mail (account_id, id)
);
select kernel.protect_by_account('personal.mail_link');

-- What contacts answered, found in a connected mailbox. One row per answer, however often it is read.
create table personal.reply (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    mail_id      bigint      not null,
    mailbox_id   bigint      not null,
    contact_id   bigint      not null,
    -- The answer's own Message-ID, or where it stood when it had none.
    message_key  text        not null check (length(message_key) <= 500),
    from_address text        not null,
    subject      text        not null,
    text         text        not null,
    sent_at      timestamptz,
    received_at  timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, mail_id) references personal.mail (account_id, id),
    foreign key (account_id, mailbox_id) references personal.mailbox (account_id, id)
);
create unique index reply_once on personal.reply (account_id, mailbox_id, message_key);
create index reply_of_mail on personal.reply (account_id, mail_id, id);
create index reply_of_contact on personal.reply (account_id, contact_id, id);
select kernel.protect_by_account('personal.reply');
