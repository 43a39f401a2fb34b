-- 20261127_0300_report_choices.sql  A file is of the same points and the same choices as the report it was asked for from.
alter table insights.report_link add column step text check (step in ('day', 'week', 'month'));
alter table insights.report_link add column filters text[] not null default '{}';
