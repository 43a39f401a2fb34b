-- 20261124_0530_lists_and_objects.sql  An entry remembers all the lists of what brought it in, and the thing it is about (a deal, a company) where that is not the contact alone.
alter table automations.run add column list_ids bigint[];
alter table automations.run add column subject_kind text;
alter table automations.run add column subject_id bigint;
alter table automations.run add constraint run_subject check ((subject_kind is null) = (subject_id is null));
select set_config('app.accounts', coalesce((select array_agg(id)::text from accounts.account), ''), true);
update automations.run set list_ids = array[list_id] where list_id is not null;
alter table automations.run drop column list_id;
