-- 0015_office_url.sql: where operators find the office, apart from any shop's address

ALTER TABLE institution ADD COLUMN office_url TEXT NOT NULL DEFAULT '';    -- 'https://office.example.org', /office follows; '': the first shop's host
