-- 20261123_0200_withdrawn_calls.sql  Calls of runs that were ended are not made any more.
alter table integrations.webhook_delivery drop constraint webhook_delivery_state_check;
alter table integrations.webhook_delivery add constraint webhook_delivery_state_check check (state in ('queued', 'delivered', 'failed', 'cancelled'));
-- Withdrawing looks only at what is still to do.
create index webhook_delivery_open_of_automation on integrations.webhook_delivery (account_id, automation_id) where next_at is not null;
