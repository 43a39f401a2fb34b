-- 20261125_0100_analyze_parents.sql  Autovacuum analyzes partitions, but never the table they belong to: without this the planner knows nothing of the log as a whole.
-- An analysis leaves the number of rows it found with the table, so what has come or gone since is known without any bookkeeping. It is done when that is
-- a tenth of the table, and a thousand rows: a log is analyzed ever more seldom as it grows. The runtime role owns nothing, so it asks this function.
create function kernel.analyze_parents() returns int language plpgsql security definer set search_path = pg_catalog as $$
declare
    parent   record;
    analyzed int := 0;
    -- Before 18 the partitions are taken along.
    alone    text := case when current_setting('server_version_num')::int >= 180000 then 'only ' else '' end;
begin
    -- One node is enough.
    if not pg_try_advisory_xact_lock(6413776303) then
        return 0;
    end if;

    for parent in
        select p.oid
        from pg_class p
        cross join lateral (
            -- Either may be behind: one is lost in a crash, the other waits for autovacuum.
            select coalesce(sum(greatest(c.reltuples, pg_stat_get_live_tuples(c.oid))), 0) as rows
            from pg_partition_tree(p.oid) t join pg_class c on c.oid = t.relid where t.isleaf) present
        where p.relkind = 'p' and not p.relispartition and pg_has_role(p.relowner, 'usage')
          and abs(present.rows - greatest(p.reltuples, 0)) > 1000 + 0.1 * greatest(p.reltuples, 0)
    loop
        execute format('analyze %s%s', alone, parent.oid::regclass);
        analyzed := analyzed + 1;
    end loop;

    return analyzed;
end
$$;
revoke all on function kernel.analyze_parents() from public;
grant execute on function kernel.analyze_parents() to millrace;
