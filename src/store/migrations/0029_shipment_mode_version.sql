-- 0029_shipment_mode_version.sql: two who edit a shipment mode do not overwrite each other
ALTER TABLE shipment_mode ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
