-- 20261125_0300_tracking_quality.sql  Whether opens and clicks of machines are left out, how links are tagged for web statistics, and when a send's hidden link was followed.
create table messaging.tracking_settings (
    account_id      bigint      not null,
    -- From now on: what looks like a machine's doing is no open and no click of the contact. What was before stays as it was.
    filter_machines boolean     not null default false,
    -- {"source","medium","campaign","term","content","domains":[...]} for campaigns that say nothing of their own; null: links stay as they are.
    utm             jsonb,
    updated_at      timestamptz not null,
    primary key (account_id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.tracking_settings');

-- When something last followed the link that no person can see; null: never.
alter table messaging.send add column trapped_at timestamptz;

-- Of one message, in the order of sending: reports, and lists of its recipients.
create index send_of_message on messaging.send (account_id, message_id, id);

-- Where it leads, with the parameters of web statistics; null: as url says.
alter table messaging.link add column tagged_url text;
