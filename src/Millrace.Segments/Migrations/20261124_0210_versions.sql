-- 20261124_0210_versions.sql  What a segment described through API v3 was at a moment: segmentsV2/{id}/createdDate/{moment}. And how many contacts a run has found,
-- beside their ids, so that nobody has to unpack a million to know.
create table segments.definition_version (
    account_id    bigint not null,
    definition_id uuid   not null,
    -- From when on it counted, in milliseconds since 1970, as API v3 writes it.
    since_ms      bigint not null,
    name          text,
    description   text   not null,
    tree          jsonb  not null,
    -- How it was described, and the tree that this meant.
    body          jsonb  not null,
    body_tree     jsonb  not null,
    meta          jsonb  not null,
    primary key (account_id, definition_id, since_ms),
    foreign key (account_id, definition_id) references segments.definition (account_id, id) on delete cascade
);
select kernel.protect_by_account('segments.definition_version');

select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
insert into segments.definition_version (account_id, definition_id, since_ms, name, description, tree, body, body_tree, meta)
select d.account_id, d.id, floor(extract(epoch from coalesce(s.updated_at, d.updated_at)) * 1000), s.name, coalesce(s.description, d.description),
       coalesce(s.tree, d.tree), d.body, d.tree, d.meta
from segments.definition d left join segments.segment s on s.account_id = d.account_id and s.id = d.segment_id
where d.expires_at is null;

alter table segments.match_run add column found integer generated always as (cardinality(contact_ids)) stored;
create index match_run_of_account on segments.match_run (account_id, started_at, id) include (found);
