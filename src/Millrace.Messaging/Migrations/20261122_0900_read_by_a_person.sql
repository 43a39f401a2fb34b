-- 20261122_0900_read_by_a_person.sql  When a person, not an image proxy or a scanner, first opened a mail. A click after a proxy's open tells of an open too.
alter table messaging.send add column read_at timestamptz;
