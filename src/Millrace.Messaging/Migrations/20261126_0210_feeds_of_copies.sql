-- 20261126_0210_feeds_of_copies.sql  A copy of a mail goes on where the mail it was copied from left off: SHOW:NEW leaves out what that one has shown.
alter table messaging.message add column feed_message_id bigint;
