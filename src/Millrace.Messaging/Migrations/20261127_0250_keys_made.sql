-- 20261127_0250_keys_made.sql  When the keys of domains were made. 20261125_0620 meant to write it down for those that were there, and saw no account's rows.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
update messaging.sender_domain set key_made_at = created_at where key_made_at is null;
