-- 20261122_0420_saved_views.sql  How a user likes to see a list: filters, order, columns and their widths, under a name. Each user's own.
create table accounts.saved_view (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    user_id    bigint      not null,
    -- The list it belongs to: contacts ...
    area       text        not null check (area ~ '^[a-z][a-z_]{0,39}$'),
    name       text        not null check (length(name) between 1 and 60),
    -- The UI's own shape; the server only keeps it.
    definition jsonb       not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, user_id) references accounts.app_user (account_id, id) on delete cascade
);
create unique index saved_view_name_unique on accounts.saved_view (account_id, user_id, area, lower(name));
select kernel.protect_by_account('accounts.saved_view');
