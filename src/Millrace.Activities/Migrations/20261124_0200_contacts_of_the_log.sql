-- 20261124_0200_contacts_of_the_log.sql  How many contacts stand in the log as a whole is left to the planner's default. Of the whole nobody takes statistics in
-- operation (autovacuum takes them of each partition), and what analyze by hand would tell, a contact for every few entries, it would
-- also believe of the blocks of contacts that segments are counted by, and then share no count among processes.
alter table only activities.activity alter column contact_id set statistics 0;
