-- 20261124_0510_reports.sql  What reports are read from: the counts of each quarter of an hour, kept by the same statement as the totals, and how long goals took.
-- A quarter, because every zone's midnight lies on one.
create table automations.period_tally (
    account_id    bigint      not null,
    automation_id bigint      not null,
    quarter       timestamptz not null,
    -- Empty: of the automation as a whole.
    step_key      text        not null,
    -- entered, completed, ended, ended:REASON; of a step arrived, went, left, failed and its results.
    what          text        not null,
    -- As in tally; folded into 0 when the quarter is over.
    shard         smallint    not null,
    total         bigint      not null,
    primary key (account_id, automation_id, quarter, step_key, what, shard),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade
) with (fillfactor = 70);
create index period_tally_open on automations.period_tally (quarter) where shard > 0;
select kernel.protect_by_account('automations.period_tally');

-- One row per goal met. No foreign key, as in step_visit: deleted with the automation, and kept when the contact goes, who is not named.
create table automations.goal_time (
    account_id    bigint      not null,
    automation_id bigint      not null,
    step_key      text        not null,
    reached_at    timestamptz not null,
    run_id        bigint      not null,
    -- From the entry to the goal.
    seconds       double precision not null,
    primary key (account_id, automation_id, reached_at, step_key, run_id) include (seconds)
);
select kernel.protect_by_account('automations.goal_time');

-- What has been before, from the runs and the trace of those contacts who are still there.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
create temporary table old_visit on commit drop as
select r.account_id, r.automation_id, r.id as run_id, r.entered_at, v.visit_no, v.step_key, v.arrived_at, v.left_at, v.result,
       r.status = 'ended' and v.visit_no = max(v.visit_no) over (partition by r.account_id, r.id) as was_end
from automations.run r join automations.step_visit v on v.account_id = r.account_id and v.run_id = r.id;

insert into automations.period_tally (account_id, automation_id, quarter, step_key, what, shard, total)
select account_id, automation_id, date_bin('15 minutes', at, 'epoch'), step_key, what, 0, count(*)
from (
    select account_id, automation_id, entered_at as at, '' as step_key, 'entered' as what from automations.run
    union all
    select account_id, automation_id, finished_at, '', status from automations.run where finished_at is not null
    union all
    select r.account_id, r.automation_id, r.finished_at, '', 'ended:' || coalesce((
        select case when v.result like 'ended\_%' then substr(v.result, 7) when v.result = 'ended' then 'end_step' when v.result = 'skipped' then 'goal_missed' else v.result end
        from automations.step_visit v where v.account_id = r.account_id and v.run_id = r.id order by v.visit_no desc limit 1), 'other')
    from automations.run r where r.status = 'ended'
    union all
    select account_id, automation_id, arrived_at, step_key, 'arrived' from old_visit
    union all
    select account_id, automation_id, arrived_at, step_key, 'arrived' from automations.run where step_key is not null
    union all
    select account_id, automation_id, left_at, step_key, case when was_end then 'left' else 'went' end from old_visit
    union all
    select account_id, automation_id, left_at, step_key, result from old_visit where result not in ('done', 'waited', 'ended') and result not like 'ended\_%'
) happened
group by 1, 2, 3, 4, 5;

insert into automations.goal_time (account_id, automation_id, step_key, reached_at, run_id, seconds)
select account_id, automation_id, step_key, min(left_at), run_id, greatest(0, extract(epoch from min(left_at) - entered_at))
from old_visit where result = 'reached' group by account_id, automation_id, step_key, run_id, entered_at;
