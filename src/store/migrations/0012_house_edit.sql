-- 0012_house_edit.sql: two who edit what the house says of itself don't overwrite each other

ALTER TABLE institution ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
