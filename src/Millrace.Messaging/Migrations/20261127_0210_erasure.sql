-- 20261127_0210_erasure.sql  Sends of people who were erased stay, for the counts, without an address and without anything that names them.
-- Null: nobody was erased. Set: nothing more goes out by this row and nothing that comes back for it is kept.
alter table messaging.send add column erased_at timestamptz;

-- Mail that came in, by who wrote it.
create index inbound_mail_sender on messaging.inbound_mail (account_id, sender) where sender <> '';
create index forward_friend_of_send on messaging.forward_friend (account_id, send_id);
create index inbound_mail_contact on messaging.inbound_mail (account_id, contact_id) where contact_id is not null;
alter table messaging.stream_mail
    add column envelope_key text generated always as (lower(mail_from)) stored,
    add column sender_key text generated always as (lower(payload -> 'FromFull' ->> 'Email')) stored;
create index stream_mail_envelope on messaging.stream_mail (account_id, envelope_key);
create index stream_mail_sender on messaging.stream_mail (account_id, sender_key);

-- Whoever was deleted before is forgotten as well, by the address that was written to last.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
insert into contacts.erasure (account_id, contact_id, address, deleted_at, due_at)
select d.account_id, d.contact_id,
       coalesce((select lower(s.sent_to) from messaging.send s
                 where s.account_id = d.account_id and s.contact_id = d.contact_id and s.sent_to is not null and s.to_address is null order by s.id desc limit 1), ''),
       coalesce((select max(a.occurred_at) from activities.activity a
                 where a.account_id = d.account_id and a.contact_id = d.contact_id and a.kind = 'contact.deleted'), 'epoch'),
       now()
from contacts.deleted_contact d
on conflict do nothing;
