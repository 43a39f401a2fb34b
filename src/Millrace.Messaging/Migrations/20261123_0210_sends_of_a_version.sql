-- 20261123_0210_sends_of_a_version.sql  Old tests are deleted with their version, and the foreign key looks who else refers to it.
create index send_of_version on messaging.send (account_id, message_version_id);
