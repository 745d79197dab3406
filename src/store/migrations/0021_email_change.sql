-- 0021_email_change.sql: the address of an account that is used changes when the new one is confirmed; the old one can stop it (recovery-cases 67, 68)

-- Of a change: the address it leads to. Of its stop: the address it leads away from, and the link that is stopped.
ALTER TABLE recovery_link ADD COLUMN email     TEXT NOT NULL DEFAULT '';
ALTER TABLE recovery_link ADD COLUMN email_key TEXT NOT NULL DEFAULT '';
ALTER TABLE recovery_link ADD COLUMN stops     BYTES;

-- What became of a link's mail, for the pages of operators.
CREATE INDEX outbox_message_link ON outbox_message (link_id) WHERE link_id IS NOT NULL;
