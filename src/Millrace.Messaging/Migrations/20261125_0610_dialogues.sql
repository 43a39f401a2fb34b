-- 20261125_0610_dialogues.sql  What was said to mail servers and what they said, attempt by attempt; deleted after a few days. No foreign key: it would be asked for every mail.
create table messaging.send_dialogue (
    account_id   bigint      not null,
    send_id      bigint      not null,
    attempted_at timestamptz not null,
    text         text        not null,
    primary key (account_id, send_id, attempted_at)
) with (autovacuum_vacuum_insert_scale_factor = 0.5);
select kernel.protect_by_account('messaging.send_dialogue');
