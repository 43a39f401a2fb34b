-- 20261125_0500_templates.sql  Templates of an account. Those that come with the product are files (Templates/Library); choosing any of them copies it.
create table messaging.template (
    account_id  bigint      not null,
    id          bigint      not null generated always as identity,
    name        text        not null check (length(name) between 1 and 200),
    description text        not null default '' check (length(description) <= 500),
    subject     text        not null default '' check (length(subject) <= 1000),
    preheader   text        not null default '' check (length(preheader) <= 1000),
    -- Block document of the designer; where there is one, the HTML is made from it.
    design      jsonb,
    html        text        not null default '' check (length(html) <= 524288),
    -- Empty: made from the HTML.
    text        text        not null default '' check (length(text) <= 524288),
    -- How often something was begun with it.
    used        integer     not null default 0,
    -- It came from a file of somebody else.
    is_imported boolean     not null default false,
    -- Moves with every change, so that its picture is never an old one and two people do not overwrite each other unseen.
    revision    integer     not null default 1,
    created_by  bigint,
    created_at  timestamptz not null,
    updated_at  timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.template');
