-- 0017_house_parts.sql: two who edit the same organisation or sales channel don't overwrite each other

ALTER TABLE organisation ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE sales_channel ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
