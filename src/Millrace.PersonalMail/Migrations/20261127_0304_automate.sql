-- 20261127_0304_automate.sql  "Automate this e-mail": the contact enters an automation when a 1:1 e-mail is sent, or when it is answered.
alter table personal.mail add column start_when_sent bigint;
alter table personal.mail add column start_when_replied bigint;
-- Whether an account has any such mail is asked with every batch.
create index mail_starts on personal.mail (account_id) where start_when_sent is not null or start_when_replied is not null;

-- What became of it. One row for each mail and cause, so that however often a mail is answered or a batch is repeated, the contact enters once.
create table personal.mail_start (
    account_id    bigint      not null,
    mail_id       bigint      not null,
    cause         text        not null check (cause in ('sent', 'replied')),
    automation_id bigint      not null,
    contact_id    bigint      not null,
    -- Null: entered. Otherwise why not: entry_rule, automation_inactive, contact_gone.
    reason        text,
    started_at    timestamptz not null,
    primary key (account_id, mail_id, cause),
    foreign key (account_id, mail_id) references personal.mail (account_id, id) on delete cascade
);
select kernel.protect_by_account('personal.mail_start');
