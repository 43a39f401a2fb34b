-- 20261125_0210_campaign_sweeps.sql  After a pause, a stop or the choice of a winner, the rows of a campaign are gone through once more.
alter table messaging.campaign
    -- Contact id up to which its sends have been brought in line with its state; null: all of them are.
    add column sweep_cursor bigint,
    -- A person said that it may start though it is late, so nobody is asked again.
    add column may_be_late boolean not null default false,
    -- Of whom a winner is still to be sent to: rows that wait for it.
    add column waits_for_winner boolean not null default false;
