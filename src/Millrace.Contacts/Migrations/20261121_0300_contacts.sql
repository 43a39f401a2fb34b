-- 20261121_0300_contacts.sql  People, what is known of them, and what they have subscribed to.
create schema contacts;
grant usage on schema contacts to millrace;

-- The e-mail address is stored normalised (lower case, ASCII domain) and is the only identifier. Without one a contact can be reached
-- by other channels only.
create table contacts.contact (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    email      text        check (length(email) between 3 and 254),
    first_name text        not null default '' check (length(first_name) <= 200),
    last_name  text        not null default '' check (length(last_name) <= 200),
    phone      text        not null default '' check (length(phone) <= 40),
    -- IANA name; null means the account's.
    time_zone  text,
    ip_address text,
    owner_id   bigint,
    -- Hard or soft bounces have made the address unusable since then.
    bounced_at timestamptz,
    source     text        not null default 'manual',
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- Kept, not computed in the indexes: under row-level security a function that is not leakproof (lower, split_part, like) is never
    -- used as an index condition, so an index on an expression would only ever serve an order.
    email_domain   text generated always as (split_part(email, '@', 2)) stored,
    first_name_key text generated always as (lower(first_name)) stored,
    last_name_key  text generated always as (lower(last_name)) stored,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
-- The database's collation orders by code point, so these serve prefixes as ranges (not as like, see above).
create unique index contact_email_unique on contacts.contact (account_id, email);
-- "Everyone at a company" is asked for by the part after the at sign.
create index contact_email_domain on contacts.contact (account_id, email_domain, id);
create index contact_created on contacts.contact (account_id, created_at, id);
create index contact_first_name on contacts.contact (account_id, first_name_key, id);
create index contact_last_name on contacts.contact (account_id, last_name_key, id);
select kernel.protect_by_account('contacts.contact');

create table contacts.list (
    account_id     bigint      not null,
    id             bigint      not null generated always as identity,
    name           text        not null check (length(name) between 1 and 200),
    -- Machine name, as API v3 calls it.
    string_id      text        not null,
    sender_url     text        not null default '',
    reminder       text        not null default '',
    owner_id       bigint,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index list_name_unique on contacts.list (account_id, lower(name));
create unique index list_string_id_unique on contacts.list (account_id, string_id);
select kernel.protect_by_account('contacts.list');

create table contacts.subscription (
    account_id      bigint      not null,
    contact_id      bigint      not null,
    list_id         bigint      not null,
    status          text        not null check (status in ('unconfirmed', 'active', 'unsubscribed', 'bounced')),
    subscribed_at   timestamptz,
    unsubscribed_at timestamptz,
    reason          text,
    source          text        not null default 'manual',
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    -- API v3 names the pair by one number.
    id              bigint      not null generated always as identity,
    primary key (account_id, contact_id, list_id),
    foreign key (account_id, contact_id) references contacts.contact (account_id, id) on delete cascade,
    foreign key (account_id, list_id) references contacts.list (account_id, id) on delete cascade
);
create unique index subscription_id_unique on contacts.subscription (account_id, id);
create index subscription_by_list on contacts.subscription (account_id, list_id, status, contact_id);
select kernel.protect_by_account('contacts.subscription');

create table contacts.tag (
    account_id  bigint      not null,
    id          bigint      not null generated always as identity,
    name        text        not null check (length(name) between 1 and 100),
    description text        not null default '',
    created_at  timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
-- The rule "unique ignoring case" lives here, not in code: two requests at once must not both win.
create unique index tag_name_unique on contacts.tag (account_id, lower(name));
select kernel.protect_by_account('contacts.tag');

create table contacts.contact_tag (
    account_id bigint      not null,
    contact_id bigint      not null,
    tag_id     bigint      not null,
    tagged_at  timestamptz not null,
    -- API v3 names the pair by one number.
    id         bigint      not null generated always as identity,
    primary key (account_id, contact_id, tag_id),
    foreign key (account_id, contact_id) references contacts.contact (account_id, id) on delete cascade,
    foreign key (account_id, tag_id) references contacts.tag (account_id, id) on delete cascade
);
create unique index contact_tag_id_unique on contacts.contact_tag (account_id, id);
create index contact_tag_by_tag on contacts.contact_tag (account_id, tag_id, contact_id);
select kernel.protect_by_account('contacts.contact_tag');

create table contacts.field_group (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    name       text        not null check (length(name) between 1 and 100),
    position   integer     not null default 0,
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('contacts.field_group');

create table contacts.field (
    account_id    bigint      not null,
    id            bigint      not null generated always as identity,
    name          text        not null check (length(name) between 1 and 100),
    -- The personalization tag without percent signs: upper snake case.
    key           text        not null check (key ~ '^[A-Z0-9][A-Z0-9_]{0,99}$'),
    type          text        not null check (type in ('text', 'textarea', 'date', 'datetime', 'dropdown', 'listbox', 'radio', 'checkbox',
                                                       'hidden', 'number', 'currency', 'language')),
    group_id      bigint,
    description   text        not null default '',
    default_value text        not null default '',
    required      boolean     not null default false,
    visible       boolean     not null default true,
    position      integer     not null default 0,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index field_key_unique on contacts.field (account_id, key);
create unique index field_name_unique on contacts.field (account_id, lower(name));
select kernel.protect_by_account('contacts.field');

create table contacts.field_option (
    account_id bigint  not null,
    id         bigint  not null generated always as identity,
    field_id   bigint  not null,
    label      text    not null check (length(label) <= 500),
    value      text    not null check (length(value) between 1 and 500),
    position   integer not null default 0,
    is_default boolean not null default false,
    primary key (account_id, id),
    foreign key (account_id, field_id) references contacts.field (account_id, id) on delete cascade
);
create unique index field_option_value_unique on contacts.field_option (account_id, field_id, value);
select kernel.protect_by_account('contacts.field_option');

-- The value as text is what people and API v3 see (several choices as ||a||b||). The typed columns beside it are what conditions compare.
create table contacts.field_value (
    account_id bigint      not null,
    contact_id bigint      not null,
    field_id   bigint      not null,
    value      text        not null check (length(value) between 1 and 10000),
    number     numeric,
    -- Dates are midnight UTC.
    instant    timestamptz,
    choices    text[],
    updated_at timestamptz not null,
    -- API v3 names the pair by one number.
    id         bigint      not null generated always as identity,
    primary key (account_id, contact_id, field_id),
    foreign key (account_id, contact_id) references contacts.contact (account_id, id) on delete cascade,
    foreign key (account_id, field_id) references contacts.field (account_id, id) on delete cascade
);
create unique index field_value_id_unique on contacts.field_value (account_id, id);
create index field_value_by_field on contacts.field_value (account_id, field_id, contact_id);
select kernel.protect_by_account('contacts.field_value');

create table contacts.note (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    contact_id bigint      not null,
    user_id    bigint,
    text       text        not null check (length(text) between 1 and 50000),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id, contact_id) references contacts.contact (account_id, id) on delete cascade
);
create index note_by_contact on contacts.note (account_id, contact_id, id);
select kernel.protect_by_account('contacts.note');

-- Counts of large tables are kept, not counted: contacts of the account (subject 0), active subscribers of a list, contacts with a tag.
-- A reaction to the activity log keeps them, in the transaction that takes the activity off the queue.
create table contacts.counter (
    account_id bigint not null,
    kind       text   not null check (kind in ('contacts', 'list', 'tag')),
    subject_id bigint not null,
    total      bigint not null,
    primary key (account_id, kind, subject_id)
) with (fillfactor = 50);
select kernel.protect_by_account('contacts.counter');
