-- 0030_reach.sql: whether the public URL of a point of sale led here when it was last asked

ALTER TABLE point_of_sale ADD COLUMN reach    TEXT   NOT NULL DEFAULT '' CHECK (reach IN ('','here','renamed','other','silent','unknown','certificate'));
ALTER TABLE point_of_sale ADD COLUMN reach_at BIGINT NOT NULL DEFAULT 0;
