-- 20261124_0300_reasons.sql  What the conditions of a step found of the contact when it decided: one pair (holds, found) for each condition, in the order of the document.
alter table automations.step_visit add column why jsonb;
