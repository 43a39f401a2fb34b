-- 20261122_0210_outgoing_calls.sql  Calls that are not a step of an automation: the callbacks of bulk imports.
alter table integrations.webhook_delivery
    alter column automation_id drop not null,
    alter column step_key drop not null,
    alter column run_id drop not null,
    alter column visit_no drop not null,
    alter column contact_id drop not null,
    add column method text not null default 'POST' check (method in ('GET', 'POST')),
    -- Header fields by name that the receiver wants; null is none.
    add column headers jsonb,
    add constraint webhook_delivery_cause check (num_nulls(automation_id, step_key, run_id, visit_no, contact_id) in (0, 5));
