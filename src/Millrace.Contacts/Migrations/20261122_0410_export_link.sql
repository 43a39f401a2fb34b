-- 20261122_0410_export_link.sql  A file of personal data is fetched by a link that works once and for an hour, for the account's own people only.
create table contacts.export_link (
    account_id bigint      not null,
    -- Only the hash, as of every secret.
    hash       bytea       not null,
    export_id  bigint      not null,
    user_id    bigint      not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    primary key (account_id, hash),
    foreign key (account_id, export_id) references contacts.export (account_id, id) on delete cascade
);
create index export_link_by_export on contacts.export_link (account_id, export_id);
select kernel.protect_by_account('contacts.export_link');
