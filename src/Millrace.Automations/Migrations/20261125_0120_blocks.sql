-- 20261125_0120_blocks.sql  Numbers for what API v3 shows by number: the steps of automations, and goals that contacts met.
-- A step keeps its number from its first publishing on, also when it is moved, and when it is taken out and comes back.
create table automations.block (
    account_id    bigint      not null,
    id            bigint      not null generated always as identity,
    automation_id bigint      not null,
    step_key      text        not null,
    -- Position in document order, from 1.
    place         integer     not null,
    -- The step that leads to it; null: the first.
    parent_key    text,
    type          text        not null,
    options       jsonb       not null,
    -- Not in the published version any more.
    deleted       boolean     not null default false,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    primary key (account_id, id),
    constraint block_step_unique unique (account_id, automation_id, step_key),
    foreign key (account_id, automation_id) references automations.automation (account_id, id) on delete cascade
);
select kernel.protect_by_account('automations.block');

-- What was published before this; who leads to whom is known from the next publishing on.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
insert into automations.block (account_id, automation_id, step_key, place, type, options, created_at, updated_at)
select a.account_id, a.id, s.step ->> 'id', min(s.no), min(s.step ->> 'type'), (array_agg(s.step - 'id' - 'type'))[1], v.published_at, v.published_at
from automations.automation a
join automations.version v on v.account_id = a.account_id and v.automation_id = a.id and v.number = a.published_version
cross join lateral jsonb_path_query(v.document -> 'steps', 'strict $.** ? (@.type() == "object" && exists(@.id) && exists(@.type))', jsonb_build_object(), true)
    with ordinality as s (step, no)
group by a.account_id, a.id, s.step ->> 'id', v.published_at;

alter table automations.goal_time add column id bigint generated always as identity;
create unique index goal_time_id on automations.goal_time (account_id, id);
create index goal_time_by_run on automations.goal_time (account_id, run_id);
