-- 20261122_0100_changes_and_versions.sql  What was published is compared with, not remembered as a flag; the trace says which version each step was taken on.
alter table automations.automation add column published_draft jsonb;
-- The owner sees no account's rows unless it names them.
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
-- What was changed before this stays changed until it is published again: the version is not quite the draft it was made of.
update automations.automation a set published_draft = case when a.changed then v.document else a.draft - 'notes' end
from automations.version v
where v.account_id = a.account_id and v.automation_id = a.id and v.number = a.published_version;
alter table automations.automation drop column changed;
-- Notes are for those who build; they change nothing for contacts.
alter table automations.automation add column changed boolean not null
    generated always as (published_draft is null or (draft - 'notes') <> published_draft) stored;

-- Null: taken before versions were noted.
alter table automations.step_visit add column version integer;
