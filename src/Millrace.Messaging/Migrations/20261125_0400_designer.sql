-- What mails are designed with: pictures, brand kits, saved and shared parts, and earlier versions of a mail.

-- Folders of pictures, one level deep.
create table messaging.image_folder (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    name       text        not null check (length(name) between 1 and 100),
    -- Lower case, for the uniqueness.
    name_key   text        not null,
    created_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index image_folder_unique on messaging.image_folder (account_id, name_key);
select kernel.protect_by_account('messaging.image_folder');

-- A picture of the library. Its bytes never change, so neither does its address, which is made of their hash.
create table messaging.image (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    folder_id  bigint,
    name       text        not null check (length(name) between 1 and 200),
    -- Lower case words to search in: name and alternative text.
    words      text        not null,
    alt        text        not null default '' check (length(alt) <= 500),
    -- First half of SHA-256, hexadecimal.
    hash       text        not null check (length(hash) = 32),
    format     text        not null check (format in ('png', 'jpg', 'gif', 'webp')),
    width      integer     not null check (width > 0),
    height     integer     not null check (height > 0),
    bytes      bigint      not null check (bytes > 0),
    -- Whether we wrote the bytes ourselves; what we did not is only ever offered as a download.
    is_ours    boolean     not null,
    user_id    bigint,
    created_at timestamptz not null,
    -- Deleted from the library; mails that were sent with it still show it.
    removed_at timestamptz,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    foreign key (account_id, folder_id) references messaging.image_folder (account_id, id)
);
create unique index image_hash on messaging.image (account_id, hash);
create index image_folder_images on messaging.image (account_id, folder_id, id desc);
select kernel.protect_by_account('messaging.image');

-- The bytes of a picture, and of it in smaller sizes made when they were first asked for; width 0 is the original.
create table messaging.image_file (
    account_id bigint  not null,
    hash       text    not null,
    width      integer not null check (width >= 0),
    content    bytea   not null,
    primary key (account_id, hash, width),
    foreign key (account_id, hash) references messaging.image (account_id, hash)
);
alter table messaging.image_file alter column content set storage external;
select kernel.protect_by_account('messaging.image_file');

create table messaging.brand_kit (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    name       text        not null check (length(name) between 1 and 100),
    is_default boolean     not null default false,
    -- Colours, fonts, logo, links, button: as the API shows it.
    look       jsonb       not null,
    revision   integer     not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
create unique index brand_kit_default on messaging.brand_kit (account_id) where is_default;
select kernel.protect_by_account('messaging.brand_kit');

-- A section or a block kept for other mails: saved ones are copied into a mail, shared ones are shown by it wherever they are named.
create table messaging.design_part (
    account_id bigint      not null,
    id         bigint      not null generated always as identity,
    name       text        not null check (length(name) between 1 and 100),
    category   text        not null default '' check (length(category) <= 50),
    is_shared  boolean     not null,
    -- Whether it goes into a column, as the only block of its section, and not between sections.
    is_block   boolean     not null,
    -- A section as designs have it.
    section    jsonb       not null,
    revision   integer     not null default 1,
    user_id    bigint,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id)
);
select kernel.protect_by_account('messaging.design_part');

-- What a mail was before; saves of one person within some minutes are one version.
create table messaging.message_edit (
    account_id bigint      not null,
    message_id bigint      not null,
    no         integer     not null,
    -- What the editor saved: name, subject, design ... as the API takes it.
    content    jsonb       not null,
    note       text        not null default '' check (length(note) <= 200),
    user_id    bigint,
    began_at   timestamptz not null,
    saved_at   timestamptz not null,
    primary key (account_id, message_id, no),
    foreign key (account_id, message_id) references messaging.message (account_id, id) on delete cascade
);
select kernel.protect_by_account('messaging.message_edit');
