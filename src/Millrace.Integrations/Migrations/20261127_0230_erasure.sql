-- 20261127_0230_erasure.sql  Calls tell other systems of people. When one is erased, what was sent about them goes; that there was a call stays.
alter table integrations.webhook_delivery
    -- Address, lower case, of whom a call without a contact tells; null: of nobody.
    add column person text,
    -- When address, body, header fields and answer were deleted; such a call cannot be made again.
    add column forgotten_at timestamptz;
create index webhook_delivery_of_contact on integrations.webhook_delivery (account_id, contact_id) where contact_id is not null and forgotten_at is null;
create index webhook_delivery_of_person on integrations.webhook_delivery (account_id, person) where person is not null;

select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
update integrations.webhook_delivery set person = lower(substring(body from '"(?:Recipient|Email|From)":"([^"@]+@[^"]+)"'))
where contact_id is null and body like '{%';
