-- 20261124_0500_report_link.sql  A report's file is fetched by a link that works once and for an hour. The file itself is made when it is fetched.
create schema insights;
grant usage on schema insights to millrace;

create table insights.report_link (
    account_id bigint      not null,
    -- Only the hash, as of every secret.
    hash       bytea       not null,
    user_id    bigint      not null,
    report     text        not null,
    -- 0: the account.
    subject_id bigint      not null,
    first_day  date        not null,
    last_day   date        not null,
    compare    boolean     not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    primary key (account_id, hash),
    foreign key (account_id) references accounts.account (id)
);
create index report_link_old on insights.report_link (account_id, expires_at);
select kernel.protect_by_account('insights.report_link');
