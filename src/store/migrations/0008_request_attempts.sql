-- 0008_request_attempts.sql: a request whose decision fails is put off, so that it does not stand before all others

ALTER TABLE recovery_request ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE recovery_request ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX recovery_request_due ON recovery_request (due_at, id);

ALTER TABLE registration_request ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registration_request ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX registration_request_due ON registration_request (due_at, id);
