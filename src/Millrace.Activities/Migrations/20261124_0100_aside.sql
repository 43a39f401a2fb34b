-- 20261124_0100_aside.sql  What comes along with an activity and must not stand in the log, such as the network address of who opened a mail. Handed over once, when the
-- activity is worked off, and gone with the entry; so what is made of it is done for thousands at once and not while somebody waits for the answer.
alter table activities.activity_queue add column aside jsonb;
