-- 20261121_0000_kernel.sql  What every module's schema stands on. The table kernel.migration is made by the runner itself.

-- Rows of an account are visible only in a transaction that names the account: set local app.accounts = '{7}'.
-- The inner select is evaluated once a statement, not once a row. Owner views and the owner himself are bound too (force).
create function kernel.protect_by_account(protected regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', protected);
    execute format('alter table %s force row level security', protected);
    execute format(
        'create policy by_account on %s using (account_id = any ((select nullif(current_setting(''app.accounts'', true), '''')::bigint[])::bigint[]))',
        protected);
    execute format('grant select, insert, update, delete on %s to millrace', protected);
end
$$;

-- The same formula stands in Kernel/Data/Bucket.cs.
create function kernel.bucket_of(account_id bigint, contact_id bigint) returns smallint
    language sql immutable parallel safe return ((account_id * 97 + contact_id) & 255)::smallint;

-- Virtual time for tests: added to the database's clock. Stays zero on a real server.
create table kernel.clock (
    singleton boolean not null primary key default true check (singleton),
    ahead     interval not null default '0'
);
insert into kernel.clock default values;
grant select, update on kernel.clock to millrace;
