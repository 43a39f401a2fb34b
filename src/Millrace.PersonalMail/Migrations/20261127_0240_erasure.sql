-- 20261127_0240_erasure.sql  Letters by whom they went to besides the contact, so that people who got a copy are found when they are erased.
create index recipient_of_address on personal.recipient (account_id, address);
