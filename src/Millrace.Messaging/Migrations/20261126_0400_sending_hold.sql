-- 20261126_0400_sending_hold.sql  A receiving side refuses a sender for what the sender is, not for one mail: everything it would refuse waits while single mails probe.
create table messaging.sending_hold (
    account_id    bigint not null,
    -- Of the From address, lower case.
    sender_domain text not null,
    -- Mails to this domain wait; '' = to all.
    to_domain     text not null,
    -- Mails by this server wait; 0 = the first server, -1 = by any.
    server_id     bigint not null,
    reason        text not null check (reason in ('auth_failed', 'sender_config')),
    -- The newest refusal, without addresses of people.
    reply         text not null,
    held_at       timestamptz not null,
    -- When the next mail may try.
    probe_at      timestamptz not null,
    -- The mail that may go now although it is held; null: none yet.
    probe_send_id bigint,
    failures      integer not null default 1,
    primary key (account_id, sender_domain, to_domain, server_id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.sending_hold');
