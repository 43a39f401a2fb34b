-- Old tests are deleted. Of tests alone: an index over all mails would cost every mail a tenth of its rate.
create index send_of_test on messaging.send (account_id, message_version_id) where source_kind = 'test';
