-- 20261125_0110_mail_tally_open.sql  Shards of quarters that are over are folded together; this finds them.
create index mail_tally_open on messaging.mail_tally (quarter) where shard > 0;
