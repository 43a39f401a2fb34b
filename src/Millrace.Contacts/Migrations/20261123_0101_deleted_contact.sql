-- 20261123_0101_deleted_contact.sql  Contacts that were. The log keeps what they did, for the reports, and has no foreign key to contacts; with their numbers
-- here, a count of "who opened something" leaves a few out instead of looking up a million.
create table contacts.deleted_contact (
    account_id bigint not null,
    contact_id bigint not null,
    primary key (account_id, contact_id)
);
select kernel.protect_by_account('contacts.deleted_contact');

select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
insert into contacts.deleted_contact (account_id, contact_id)
select distinct account_id, contact_id from activities.activity
where kind = 'contact.deleted' and (data ->> 'machine') is null and contact_id <> 0
on conflict do nothing;
