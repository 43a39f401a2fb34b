-- 20261127_0220_sweeps_that_failed.sql  A sweep that could not be done is tried again later, not at once. Null: at once.
alter table messaging.campaign add column sweep_at timestamptz;
