-- 0009_outbox_pages.sql: what the outbox's page, its figures and its sweep look for

CREATE INDEX outbox_message_failed ON outbox_message (institution, id) WHERE state = 'failed';
CREATE INDEX outbox_message_made ON outbox_message (made_at);
