-- 20261125_0810_feed_content.sql  What a feed held when it was last read, for mails that show it.
alter table integrations.feed add column content jsonb;
