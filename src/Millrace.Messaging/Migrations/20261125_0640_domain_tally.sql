-- 20261125_0640_domain_tally.sql  What became of mails by the recipients' domain and day (UTC): for the page that says how well mail arrives.
create table messaging.domain_tally (
    account_id bigint   not null,
    day        date     not null,
    domain     text     not null,
    what       text     not null check (what in ('sent', 'hard', 'soft', 'block', 'complained', 'deferred')),
    -- So that parallel workers do not wait for each other.
    shard      smallint not null,
    total      bigint   not null,
    primary key (account_id, day, domain, what, shard),
    foreign key (account_id) references accounts.account (id)
) with (fillfactor = 70);
select kernel.protect_by_account('messaging.domain_tally');
