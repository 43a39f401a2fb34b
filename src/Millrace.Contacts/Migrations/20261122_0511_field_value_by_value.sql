-- 20261122_0511_field_value_by_value.sql  Values of a field by what they are. Row-level security keeps lower() out of index conditions, so the beginning
-- of the value in lower case is kept; equality with less than 100 characters is exact. Takes the place of the index by field.
alter table contacts.field_value add column value_key text generated always as (left(lower(value), 100)) stored;
create index field_value_by_value on contacts.field_value (account_id, field_id, value_key) include (contact_id, number, instant);
drop index contacts.field_value_by_field;
