-- 0022_house_times.sql: how long links and the office's sessions live, as the house decides within our bounds

ALTER TABLE institution ADD COLUMN link_hours BIGINT NOT NULL DEFAULT 48 CHECK (link_hours BETWEEN 1 AND 48);       -- from sending
ALTER TABLE institution ADD COLUMN idle_minutes BIGINT NOT NULL DEFAULT 60 CHECK (idle_minutes BETWEEN 5 AND 60);   -- unused for so long: signed out of the office
