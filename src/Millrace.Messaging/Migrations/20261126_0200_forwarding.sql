-- 20261126_0200_forwarding.sql  Mails that readers forward to friends through the page behind %FORWARD2FRIEND%.
alter table messaging.send drop constraint send_source_kind_check;
alter table messaging.send add constraint send_source_kind_check
    check (source_kind in ('automation', 'campaign', 'notify', 'test', 'transactional', 'personal', 'forward')) not valid;
alter table messaging.send validate constraint send_source_kind_check;

-- One filled-in form. Each friend's copy is a row of the ledger: source_kind 'forward', source_id the forward.
create table messaging.forward (
    account_id   bigint      not null,
    id           bigint      not null generated always as identity,
    -- The mail that was forwarded.
    send_id      bigint      not null,
    -- Number of the form as it was shown, so that a second press of the button sends nothing more.
    form_no      bigint      not null,
    sender_name  text        not null check (length(sender_name) <= 80),
    note         text        not null check (length(note) <= 500),
    friends      smallint    not null,
    forwarded_at timestamptz not null,
    primary key (account_id, id),
    constraint forward_once unique (account_id, send_id, form_no),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.forward');

-- Who got which mail: nobody gets the same one twice, nor many in a day.
create table messaging.forward_friend (
    account_id   bigint      not null,
    -- Lower case, ASCII domain.
    address      text        not null check (length(address) between 3 and 254),
    send_id      bigint      not null,
    forwarded_at timestamptz not null,
    primary key (account_id, address, send_id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.forward_friend');

-- Who wants no more forwarded mails of this account.
create table messaging.forward_refusal (
    account_id bigint      not null,
    address    text        not null check (length(address) between 3 and 254),
    refused_at timestamptz not null,
    primary key (account_id, address),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.forward_refusal');
