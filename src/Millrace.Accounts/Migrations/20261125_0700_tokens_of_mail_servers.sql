-- 20261125_0700_tokens_of_mail_servers.sql  Tokens that open one sending space of an account lead to it as API keys lead to theirs.
alter table accounts.credential drop constraint credential_kind_check;
alter table accounts.credential add constraint credential_kind_check check (kind in ('session', 'api_key', 'mail_server'));
