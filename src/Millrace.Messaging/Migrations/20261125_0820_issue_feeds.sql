-- 20261125_0820_issue_feeds.sql  What the feed of a feed campaign had to say when an issue was made.
-- {"url", "items", "document"}: the message is that issue's, its tags of the feed are filled from here. Null: no issue.
alter table messaging.message add column feed jsonb;
