-- 20261121_0200_activities.sql  The log of everything that happens, the queue that feeds the reactor, and the leases of the workers.
create schema activities;
grant usage on schema activities to millrace;

create sequence activities.activity_id;
grant usage on sequence activities.activity_id to millrace;

-- One index only: the key itself serves a contact's timeline and every condition about what a contact did. Each further one would cost
-- a quarter of the insert rate. Contact 0 stands for activities that concern no contact.
create table activities.activity (
    account_id    bigint      not null,
    contact_id    bigint      not null,
    occurred_at   timestamptz not null,
    id            bigint      not null default nextval('activities.activity_id'),
    kind          text        not null,
    subject_id    bigint,
    automation_id bigint,
    step_key      text,
    data          jsonb       not null default '{}',
    primary key (account_id, contact_id, occurred_at, id)
) partition by range (occurred_at);
select kernel.protect_by_account('activities.activity');

-- Rows before the first or after the last month that the worker has made; never lost, only slower.
create table activities.activity_default partition of activities.activity default;

-- Months are made ahead by a worker that does not own the table.
create function activities.make_partition(month date) returns void language plpgsql security definer set search_path = pg_catalog as $$
declare
    name text := 'activity_' || to_char(month, 'YYYYMM');
begin
    if to_regclass('activities.' || name) is null then
        execute format('create table activities.%I partition of activities.activity for values from (%L) to (%L)',
            name, date_trunc('month', month), date_trunc('month', month) + interval '1 month');
    end if;
end
$$;
revoke all on function activities.make_partition(date) from public;
grant execute on function activities.make_partition(date) to millrace;

-- Handed once to everything that reacts, then deleted in the transaction of its effects.
create table activities.activity_queue (
    account_id   bigint      not null,
    id           bigint      not null,
    bucket       smallint    not null,
    contact_id   bigint      not null,
    occurred_at  timestamptz not null,
    kind         text        not null,
    attempts     smallint    not null default 0,
    retry_at     timestamptz,
    primary key (account_id, id)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_analyze_scale_factor = 0.2);
create index activity_queue_order on activities.activity_queue (bucket, id);
select kernel.protect_by_account('activities.activity_queue');

-- Entries that failed ten times: listed, alarmed, replayable, never deleted by age.
create table activities.parked_activity (
    account_id  bigint      not null,
    id          bigint      not null,
    contact_id  bigint      not null,
    occurred_at timestamptz not null,
    kind        text        not null,
    reason      text        not null,
    parked_at   timestamptz not null,
    primary key (account_id, id)
);
select kernel.protect_by_account('activities.parked_activity');

-- Bookkeeping of the nodes, not of tenants. Compared with the database's own now(), never with product time.
create table activities.bucket_lease (
    bucket smallint    not null primary key check (bucket between 0 and 255),
    owner  text,
    epoch  bigint      not null default 0,
    until  timestamptz not null default '-infinity',
    -- Given back by its owner; a lease that merely ran out means a crash.
    released boolean   not null default true
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
insert into activities.bucket_lease (bucket) select generate_series(0, 255);
grant select, update on activities.bucket_lease to millrace;
