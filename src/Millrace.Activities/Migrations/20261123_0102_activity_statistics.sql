-- 20261123_0102_activity_statistics.sql  How many entries machines made. Without it the planner takes "no machine did it" to be true of one entry in two hundred,
-- believes every count over the log to be small, and shares none among processes.
do $$
declare
    child regclass;
begin
    for child in select inhrelid::regclass from pg_catalog.pg_inherits where inhparent = 'activities.activity'::regclass loop
        execute format('create statistics activities.%I on (data ->> ''machine'') from %s', (select relname || '_machine' from pg_class where oid = child), child);
    end loop;
end
$$;

create or replace function activities.make_partition(month date) returns void language plpgsql security definer set search_path = pg_catalog as $$
declare
    name text := 'activity_' || to_char(month, 'YYYYMM');
begin
    if to_regclass('activities.' || name) is null then
        execute format('create table activities.%I partition of activities.activity for values from (%L) to (%L)',
            name, date_trunc('month', month), date_trunc('month', month) + interval '1 month');
        execute format('revoke all on activities.%I from millrace', name);
        execute format('create statistics activities.%I on (data ->> ''machine'') from activities.%I', name || '_machine', name);
    end if;
end
$$;
