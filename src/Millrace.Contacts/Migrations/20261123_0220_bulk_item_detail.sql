-- 20261123_0220_bulk_item_detail.sql  Why a single contact made its batch fail, in words.
alter table contacts.bulk_item add column detail text check (length(detail) <= 500);
