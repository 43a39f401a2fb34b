-- 20261123_0100_contact_change.sql  How many contacts there are, told by those who make and delete them, in the same transaction: one row per write, so that
-- no two writers ever wait for each other's count. A worker adds them up in contacts.counter; the number of contacts is the counter and what stands here.
-- It was kept by the reaction to the log until now, and lagged behind an import by as much as the reactor did.
create table contacts.contact_change (
    account_id bigint  not null,
    id         bigint  not null generated always as identity,
    change     integer not null check (change <> 0),
    primary key (account_id, id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
select kernel.protect_by_account('contacts.contact_change');

select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
delete from contacts.counter where kind = 'contacts';
insert into contacts.counter (account_id, kind, subject_id, total)
select account_id, 'contacts', 0, count(*) from contacts.contact group by account_id;
