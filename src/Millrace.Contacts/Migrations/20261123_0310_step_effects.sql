-- 20261123_0310_step_effects.sql  Steps of automations whose effect would be another one the second time: adding to a number, writing a note, taking turns.
-- (run, visit) is their natural key; the row goes with the contact.
create table contacts.step_effect (
    account_id bigint  not null,
    run_id     bigint  not null,
    visit_no   integer not null,
    contact_id bigint  not null,
    primary key (account_id, run_id, visit_no),
    foreign key (account_id, contact_id) references contacts.contact (account_id, id) on delete cascade
);
create index step_effect_by_contact on contacts.step_effect (account_id, contact_id);
select kernel.protect_by_account('contacts.step_effect');

-- Whose turn it is at a step that hands contacts round: how many it has given so far.
create table contacts.rotation (
    account_id    bigint not null,
    automation_id bigint not null,
    step_key      text   not null,
    given         bigint not null,
    primary key (account_id, automation_id, step_key),
    foreign key (account_id) references accounts.account (id)
) with (fillfactor = 50);
select kernel.protect_by_account('contacts.rotation');
