-- 0006_points_of_sale.sql: two who edit the same point of sale don't overwrite each other

ALTER TABLE point_of_sale ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
