-- Row-level security once more, to the same effect but with better plans. "account_id = any (list)" went into every index condition as ten
-- accounts, which is what the planner assumes of a list it cannot see: reading four thousand contacts by key looked ten times as dear as it
-- is, and the whole account was read instead. Nearly every transaction has one account: that is compared by itself, beside the statement's
-- own "account_id =". The sub-selects are asked once for a statement, not for every row.

-- The one account of the transaction; null when it has several, or none.
create function kernel.only_account() returns bigint language sql stable parallel safe
    return case when current_setting('app.accounts', true) ~ '^{[0-9]+}$' then btrim(current_setting('app.accounts', true), '{}')::bigint end;

create function kernel.has_several_accounts() returns boolean language sql stable parallel safe
    return coalesce(current_setting('app.accounts', true) like '%,%', false);

create function kernel.is_visible() returns text language sql immutable return
    'account_id = (select kernel.only_account()) or ((select kernel.has_several_accounts()) '
    'and account_id = any ((select nullif(current_setting(''app.accounts'', true), '''')::bigint[])::bigint[]))';

create or replace function kernel.protect_by_account(protected regclass) returns void language plpgsql as $$
begin
    execute format('alter table %s enable row level security', protected);
    execute format('alter table %s force row level security', protected);
    execute format('create policy by_account on %s using (%s)', protected, kernel.is_visible());
    execute format('grant select, insert, update, delete on %s to millrace', protected);
end
$$;

do $$
declare
    protected regclass;
begin
    for protected in select polrelid::regclass from pg_policy where polname = 'by_account' loop
        execute format('alter policy by_account on %s using (%s)', protected, kernel.is_visible());
    end loop;
end
$$;
