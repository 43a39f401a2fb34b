-- 20261126_0220_notices.sql  Notices to colleagues outside of automations share the hidden message of tests; its versions are kept as long as they are needed.
create index send_of_notice on messaging.send (account_id, message_version_id) where source_kind = 'notify' and automation_id is null;
