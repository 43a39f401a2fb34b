-- 20261125_0330_link_actions.sql  What happens to a contact that opens a mail or follows one of its links.
create table messaging.link_action (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    message_id bigint      not null,
    cause      text        not null check (cause in ('opened', 'clicked')),
    -- The link as its author wrote it; null: any. Of opens always null.
    url        text        check (length(url) <= 2048),
    -- Key of a bulk action, and its options.
    action     text        not null,
    settings   jsonb       not null default '{}',
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, message_id) references messaging.message (account_id, id) on delete cascade,
    constraint link_action_cause check (cause = 'clicked' or url is null)
);
create index link_action_of_message on messaging.link_action (account_id, message_id);
select kernel.protect_by_account('messaging.link_action');

-- For whom it has been done already: once for each contact and link. link: MD5 of the address where the action is of any link, otherwise empty.
create table messaging.link_action_done (
    account_id     bigint      not null,
    link_action_id bigint      not null,
    contact_id     bigint      not null,
    link           text        not null,
    done_at        timestamptz not null,
    -- Why it could not be done; null: it was.
    failure        text,
    primary key (account_id, link_action_id, contact_id, link),
    foreign key (account_id, link_action_id) references messaging.link_action (account_id, id) on delete cascade
);
select kernel.protect_by_account('messaging.link_action_done');
