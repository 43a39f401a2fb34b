using Millrace.Kernel.Data;
using Npgsql;

namespace Millrace.Host.Bench.Segments;

/// <summary>
/// Takes keys and indexes off the tables of a throw-away database while they are filled, and puts the same ones back afterwards: sorting once costs a
/// fifth of millions of insertions. Foreign keys come back unchecked, as they are only there for the planner. Without a log, too: nobody recovers them.
/// </summary>
internal static class BareTables
{
    public static async Task StripAsync(NpgsqlDataSource owner, IReadOnlyList<string> tables, CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await Sql.Of($$"""
            create table if not exists public.bench_stripped (no int generated always as identity, owner regclass, statement text);

            create or replace function public.bench_strip(bare regclass) returns void language plpgsql as $strip$
            declare
                item record;
                is_referenced boolean := exists (select 1 from pg_constraint where contype = 'f' and confrelid = bare);
            begin
                insert into public.bench_stripped (owner, statement)
                select bare, format('alter table %s add constraint %I %s', bare, conname, pg_get_constraintdef(oid))
                from pg_constraint where conrelid = bare and contype = 'p' and not is_referenced;
                insert into public.bench_stripped (owner, statement)
                select bare, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
                from pg_index i where i.indrelid = bare and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid and c.conrelid = bare);
                insert into public.bench_stripped (owner, statement)
                select bare, format('alter table %s add constraint %I %s not valid', bare, conname, pg_get_constraintdef(oid))
                from pg_constraint where conrelid = bare and contype = 'f' and confrelid <> 'accounts.account'::regclass;
                for item in select conname from pg_constraint
                            where conrelid = bare and ((contype = 'p' and not is_referenced) or (contype = 'f' and confrelid <> 'accounts.account'::regclass)) loop
                    execute format('alter table %s drop constraint %I', bare, item.conname);
                end loop;
                for item in select i.indexrelid::regclass as name from pg_index i
                            where i.indrelid = bare and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid and c.conrelid = bare) loop
                    execute format('drop index %s', item.name);
                end loop;
                for item in select c.oid::regclass as name from pg_class c
                            where c.relkind = 'r' and (c.oid = bare or c.oid in (select inhrelid from pg_inherits where inhparent = bare)) loop
                    execute format('alter table %s set (autovacuum_enabled = off)', item.name);
                    if not is_referenced then
                        execute format('alter table %s set unlogged', item.name);
                    end if;
                end loop;
            end
            $strip$;

            create or replace function public.bench_restore(bare regclass) returns void language plpgsql as $restore$
            declare
                item record;
            begin
                for item in select statement from public.bench_stripped where owner = bare order by no loop
                    execute item.statement;
                end loop;
            end
            $restore$;
            """).ExecuteAsync(connection, cancellationToken);
        foreach (var table in tables)
        {
            await Sql.Of($"select public.bench_strip({table}::text::regclass)").ExecuteAsync(connection, cancellationToken);
        }
    }

    public static async Task RestoreAsync(NpgsqlDataSource owner, string table, CancellationToken cancellationToken)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await Sql.Of($"select public.bench_restore({table}::text::regclass)").ExecuteAsync(connection, cancellationToken);
    }
}
