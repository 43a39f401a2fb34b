-- 20261122_0510_activity_by_kind.sql  "Who did this, and when": every segment about what contacts did. Read without the table itself, and new entries
-- go to the end of their kind. What machines did is left out, as no condition counts it.
create index activity_by_kind on activities.activity (account_id, kind, occurred_at) include (contact_id, subject_id)
    where (data ->> 'machine') is null;
