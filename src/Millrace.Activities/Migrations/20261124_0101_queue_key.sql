-- 20261124_0101_queue_key.sql  One index of the queue instead of two: each costs every activity an insert and a dead entry, and nobody looks for an entry without its bucket.
-- No primary key, for that would have to begin with the account, and the workers go bucket by bucket through all accounts.
drop index activities.activity_queue_order;
alter table activities.activity_queue drop constraint activity_queue_pkey;
create unique index activity_queue_order on activities.activity_queue (bucket, id, account_id);
