-- 20261125_0200_campaigns.sql  Campaigns: what is sent to whom and when, in up to five variants; who waits for a recurring one; at which hour a contact opens.
create table messaging.campaign (
    account_id          bigint      not null,
    id                  bigint      not null generated always as identity,
    name                text        not null check (length(name) between 1 and 200),
    type                text        not null check (type in ('standard', 'split', 'responder', 'date', 'rss', 'automated')),
    -- Recurring ones (responder, date, rss) are 'sending' while they are switched on; 'held' waits for a person, hold_reason says why.
    status              text        not null default 'draft' check (status in ('draft', 'scheduled', 'held', 'sending', 'paused', 'stopped', 'completed')),
    hold_reason         text,
    -- Moves with every change a person makes.
    revision            integer     not null default 1,
    -- Audience: on one of these lists and in the segment, in none of the others.
    list_ids            bigint[]    not null default '{}',
    segment_id          bigint,
    exclude_list_ids    bigint[]    not null default '{}',
    exclude_segment_id  bigint,
    -- Tracking, for all variants.
    track_opens         boolean     not null default true,
    track_clicks        boolean     not null default true,
    track_replies       boolean     not null default false,
    -- {"source","medium","campaign","term","content","domains":[...]}; null: links stay as they are.
    utm                 jsonb,
    -- The web copy stands in the public archive of its lists.
    is_archived         boolean     not null default false,
    is_hidden           boolean     not null default false,
    -- When: the wall time asked for, in the account's zone or in that of each contact; null is at once.
    schedule_local      timestamp,
    schedule_zone       text        not null default 'account' check (schedule_zone in ('account', 'contact')),
    -- IANA zone that schedule_local is of (the account's when it was scheduled; the fallback of contacts without one).
    zone                text,
    -- The first instant at which somebody may get it.
    scheduled_at        timestamptz,
    -- Each contact at its best hour within a day of the start.
    is_predictive       boolean     not null default false,
    -- {"kind":"subject|content","mode":"all|winner","test_percent","metric":"opens|clicks|manual","wait_minutes"}
    split               jsonb,
    -- {"delay_minutes"} of a responder; {"field_id","days","time","yearly"} of a date; {"url","interval","time","weekday","day","items","mode":"all|new"} of a feed.
    recurrence          jsonb,
    -- The campaign this is an issue of (rss), or a second sending of (resend).
    parent_id           bigint,
    resend_to           text        check (resend_to in ('non_openers', 'new_contacts')),
    automation_id       bigint,
    step_key            text,
    -- The run. What is to be done next, and when; null: nothing.
    work                text        check (work in ('start', 'freeze', 'wake', 'cancel', 'release', 'watch', 'recur')),
    work_at             timestamptz,
    -- Contact id up to which the work is done; moves in the transaction of the rows it speaks of.
    cursor              bigint      not null default 0,
    started_at          timestamptz,
    frozen_at           timestamptz,
    finished_at         timestamptz,
    paused_at           timestamptz,
    decide_at           timestamptz,
    winner_no           smallint,
    decided_at          timestamptz,
    -- Contacts looked at, rows made, and who was left out: {"unsubscribed": 12, ...}.
    chosen              bigint      not null default 0,
    recipients          bigint      not null default 0,
    left_out            jsonb       not null default '{}',
    -- Sends by state when they were counted last.
    tally               jsonb       not null default '{}',
    tallied_at          timestamptz,
    created_by          bigint,
    started_by          bigint,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    primary key (account_id, id),
    foreign key (account_id) references accounts.account (id),
    constraint campaign_step check ((automation_id is null) = (step_key is null) and (automation_id is null or type = 'automated')),
    constraint campaign_work check ((work is null) = (work_at is null))
) with (fillfactor = 70);
create index campaign_work on messaging.campaign (work_at) where work_at is not null;
create index campaign_of_parent on messaging.campaign (account_id, parent_id) where parent_id is not null;
create unique index campaign_of_step on messaging.campaign (account_id, automation_id, step_key) where automation_id is not null;
select kernel.protect_by_account('messaging.campaign');

create table messaging.campaign_variant (
    account_id         bigint   not null,
    campaign_id        bigint   not null,
    -- From 1 to 5.
    no                 smallint not null check (no between 1 and 5),
    message_id         bigint   not null,
    -- Part of the test in hundredths of a per cent of all shares' sum; only the ratio counts.
    share              integer  not null default 1 check (share between 1 and 10000),
    -- What it was when the campaign started.
    message_version_id bigint,
    primary key (account_id, campaign_id, no),
    foreign key (account_id, campaign_id) references messaging.campaign (account_id, id) on delete cascade,
    foreign key (account_id, message_id) references messaging.message (account_id, id)
);
create unique index campaign_variant_message on messaging.campaign_variant (account_id, message_id);
select kernel.protect_by_account('messaging.campaign_variant');

-- Who gets a responder or a date campaign and when. A row goes when it has become a send.
create table messaging.campaign_due (
    account_id  bigint      not null,
    campaign_id bigint      not null,
    contact_id  bigint      not null,
    -- 0 of a responder; of a date the day it stands for, counted from 1970-01-01.
    occurrence  integer     not null default 0,
    due_at      timestamptz not null,
    primary key (account_id, campaign_id, contact_id, occurrence),
    foreign key (account_id, campaign_id) references messaging.campaign (account_id, id) on delete cascade
);
create index campaign_due_next on messaging.campaign_due (account_id, campaign_id, due_at);
select kernel.protect_by_account('messaging.campaign_due');

-- What a feed has shown us, so that new is new.
create table messaging.campaign_feed_item (
    account_id  bigint      not null,
    campaign_id bigint      not null,
    -- Identity of the item in its feed, hashed.
    item        bytea       not null,
    seen_at     timestamptz not null,
    primary key (account_id, campaign_id, item),
    foreign key (account_id, campaign_id) references messaging.campaign (account_id, id) on delete cascade
);
select kernel.protect_by_account('messaging.campaign_feed_item');

-- The hour of the contact's own day at which it opens mail, worked out anew each week.
create table messaging.best_hour (
    account_id bigint      not null,
    contact_id bigint      not null,
    hour       smallint    not null check (hour between 0 and 23),
    -- Opens it was learned from.
    opens      integer     not null,
    learned_at timestamptz not null,
    primary key (account_id, contact_id)
);
select kernel.protect_by_account('messaging.best_hour');

-- Where the weekly work stands; a row from the first predictive campaign on.
create table messaging.best_hour_run (
    account_id bigint      not null,
    cursor     bigint      not null default 0,
    next_at    timestamptz not null,
    -- Opens by hour of the week (0 is Monday 0:00) in the contacts' zones, of the pass under way and of the last whole one.
    counting   integer[]   not null default array_fill(0, array[168]),
    hours      integer[]   not null default array_fill(0, array[168]),
    finished_at timestamptz,
    primary key (account_id),
    foreign key (account_id) references accounts.account (id)
);
create index best_hour_run_due on messaging.best_hour_run (next_at);
select kernel.protect_by_account('messaging.best_hour_run');
