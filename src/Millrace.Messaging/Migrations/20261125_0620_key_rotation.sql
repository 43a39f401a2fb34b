-- 20261125_0620_key_rotation.sql  A domain's next key, published before it signs, and its last one, kept until what it signed has arrived. The name under which links of its mails lead here.
alter table messaging.sender_domain
    add column key_made_at timestamptz,
    add column next_selector text,
    -- Sealed as the other.
    add column next_private_key bytea,
    add column next_public_record text,
    add column next_made_at timestamptz,
    add column old_selector text,
    add column old_public_record text,
    -- Until then the old key's record is to stay.
    add column old_until timestamptz,
    add column tracking_host text check (length(tracking_host) between 3 and 200 and tracking_host = lower(tracking_host)),
    add column tracking_ok boolean not null default false,
    add constraint sender_domain_next check ((next_selector is null) = (next_private_key is null) and (next_selector is null) = (next_public_record is null)),
    add constraint sender_domain_old check ((old_selector is null) = (old_until is null));
update messaging.sender_domain set key_made_at = created_at where key_made_at is null;
