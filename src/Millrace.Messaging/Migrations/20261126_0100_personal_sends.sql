-- 20261126_0100_personal_sends.sql  Mails that a person wrote to one contact stand in the ledger too; their content is another module's.
alter table messaging.send drop constraint send_source_kind_check;
alter table messaging.send add constraint send_source_kind_check
    check (source_kind in ('automation', 'campaign', 'notify', 'test', 'transactional', 'personal')) not valid;
alter table messaging.send validate constraint send_source_kind_check;
