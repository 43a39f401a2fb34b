-- 20261125_0600_inbound_mail.sql  Mail that comes back or in answer: kept as it came, then worked on exactly once. Bounces of each mail, with what the other server said.
create table messaging.inbound_mail (
    account_id    bigint      not null,
    id            bigint      not null generated always as identity,
    -- What it was sent to: the envelope's recipient, and what that address is for.
    recipient     text        not null check (length(recipient) <= 320),
    purpose       text        not null check (purpose in ('bounce', 'reply', 'feedback', 'other')),
    -- Empty for bounces.
    mail_from     text        not null check (length(mail_from) <= 400),
    peer          text        not null,
    -- The mail its address names; null: none, so it changes nothing.
    send_id       bigint,
    contact_id    bigint,
    message_id    bigint,
    -- new: not worked on yet. failed: it could not be worked on.
    kind          text        not null default 'new' check (kind in ('new', 'bounce', 'delay', 'receipt', 'complaint', 'reply', 'auto_reply', 'unmatched', 'failed')),
    sender        text        not null default '',
    subject       text        not null default '',
    -- Class of a bounce, or why nothing followed.
    reason        text,
    detail        text        not null default '',
    raw           bytea       not null,
    received_at   timestamptz not null,
    processed_at  timestamptz,
    attempts      smallint    not null default 0,
    -- A reply goes on to the real address: queued, handed_over (the other side may have it), sent, failed.
    forward_to    text,
    forward_state text        check (forward_state in ('queued', 'handed_over', 'sent', 'failed')),
    forward_at    timestamptz,
    forward_tries smallint    not null default 0,
    forward_reply text,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    constraint inbound_mail_processed check ((processed_at is null) = (kind = 'new')),
    constraint inbound_mail_forward check ((forward_to is null) = (forward_state is null))
);
create index inbound_mail_due on messaging.inbound_mail (id) where processed_at is null;
create index inbound_mail_forward on messaging.inbound_mail (forward_at) where forward_state in ('queued', 'handed_over');
create index inbound_mail_old on messaging.inbound_mail (account_id, received_at);
alter table messaging.inbound_mail alter column raw set storage external;
select kernel.protect_by_account('messaging.inbound_mail');

-- Every mail that could not be delivered, told at once or later: one row for each mail and class.
create table messaging.bounce (
    account_id bigint      not null,
    send_id    bigint      not null,
    class      text        not null,
    kind       text        not null check (kind in ('hard', 'soft', 'block')),
    -- Whether it is one of three that make the address unusable.
    counts     boolean     not null,
    address    text        not null check (address = lower(address)),
    contact_id bigint      not null,
    message_id bigint      not null,
    code       smallint,
    status     text        not null default '',
    detail     text        not null default '',
    -- The mail that told it; null: the server's answer did.
    inbound_id bigint,
    bounced_at timestamptz not null,
    primary key (account_id, send_id, class),
    foreign key (account_id, send_id) references messaging.send (account_id, id) on delete cascade
);
create index bounce_of_address on messaging.bounce (account_id, address, bounced_at);
create index bounce_of_message on messaging.bounce (account_id, message_id, bounced_at);
select kernel.protect_by_account('messaging.bounce');

-- Soft bounces are counted by campaign now, not by day: three in a row of three separate mails, none delivered between.
drop table messaging.soft_bounce;

-- Answers go to an address of ours first, are logged, and go on to the real one.
alter table messaging.message add column track_replies boolean not null default false;
alter table messaging.message_version add column track_replies boolean not null default false;

create index inbound_mail_of_send on messaging.inbound_mail (account_id, send_id) where send_id is not null;
-- Whose a recipient's domain is.
create index sender_domain_return_path on messaging.sender_domain (return_path) where return_path is not null;
