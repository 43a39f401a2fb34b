-- 20261125_0320_counting_of_report_files.sql  Whose opens and clicks the file of a report counts.
alter table insights.report_link
    add column privacy  boolean not null default true,
    add column machines text    not null default 'as_recorded' check (machines in ('as_recorded', 'none', 'all'));
