-- Row-level security of the parent does not hold for a partition that is read by its own name, and default privileges of the database
-- may have granted just that. The runtime role reaches partitions through activities.activity only.
do $$
declare
    child regclass;
begin
    for child in select inhrelid::regclass from pg_catalog.pg_inherits where inhparent = 'activities.activity'::regclass loop
        execute format('revoke all on %s from millrace', child);
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
    end if;
end
$$;
