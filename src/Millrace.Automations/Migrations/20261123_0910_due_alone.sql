-- What is due is found by one index that nothing else can take the place of. While the search also named the status, the planner, whose
-- statistics are older than a mass entry, took the index of those inside and read all of them for each bucket.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
update automations.run set due_at = null where due_at is not null and status not in ('active', 'waiting');
alter table automations.run add constraint run_due_while_it_runs check (due_at is null or status in ('active', 'waiting'));
drop index automations.run_due;
create index run_due on automations.run (bucket, due_at) where not frozen and due_at is not null;
