-- 0027_programme_edit.sql: two who edit the same event or performance don't overwrite each other

ALTER TABLE event ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE performance ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
