-- 20261123_0000_last_seen.sql  Where contacts were last, and with what; told by their opens, clicks and visits. Beside the contact, whose many indexes
-- would each cost something at every change.
create table contacts.last_seen (
    account_id  bigint      not null,
    contact_id  bigint      not null,
    seen_at     timestamptz not null,
    ip          text,
    placed_at   timestamptz,
    -- ISO 3166-1 alpha-2.
    country     text        check (length(country) = 2),
    region      text,
    city        text,
    postal_code text,
    latitude    double precision check (latitude between -90 and 90),
    longitude   double precision check (longitude between -180 and 180),
    -- IANA name, of the place.
    time_zone   text,
    device      text        check (device in ('desktop', 'mobile', 'tablet')),
    os          text,
    mail_client text,
    browser     text,
    -- Kept, not computed in the index: under row-level security lower() is never an index condition.
    region_key  text generated always as (lower(region)) stored,
    city_key    text generated always as (lower(city)) stored,
    primary key (account_id, contact_id),
    foreign key (account_id, contact_id) references contacts.contact (account_id, id) on delete cascade
) with (fillfactor = 85);
create index last_seen_country on contacts.last_seen (account_id, country, contact_id) where country is not null;
create index last_seen_region on contacts.last_seen (account_id, region_key, contact_id) where region_key is not null;
create index last_seen_city on contacts.last_seen (account_id, city_key, contact_id) where city_key is not null;
select kernel.protect_by_account('contacts.last_seen');
