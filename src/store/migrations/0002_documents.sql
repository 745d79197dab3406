-- 0002_documents.sql: document types, their Word templates, and the outbox (domain.md 4 and 6)

CREATE TABLE document_type (
  id             IDENTITY,
  institution    BIGINT  NOT NULL REFERENCES institution,
  class          TEXT    NOT NULL,                                         -- documents/class.c: 'reset-password', …
  code           TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  main_language  TEXT    NOT NULL CHECK (main_language IN ('en','fr','de','it')),
  is_active      BOOLEAN NOT NULL,
  UNIQUE (institution, code)
);
CREATE INDEX document_type_class ON document_type (institution, class);

-- Versions are never changed; the highest of a language is in force.
CREATE TABLE document_template (
  id             IDENTITY,
  document_type  BIGINT NOT NULL REFERENCES document_type,
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  version        BIGINT NOT NULL CHECK (version > 0),
  word           BYTES  NOT NULL,                                          -- the .docx
  made_at        BIGINT NOT NULL,
  made_by        TEXT   NOT NULL,                                          -- 'shipped', or who uploaded it
  UNIQUE (document_type, language, version)
);

-- A mail to be. Nothing here suffices to make a link: link_id is public, the worker signs (design.md 6).
CREATE TABLE outbox_message (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  lane           BIGINT NOT NULL CHECK (lane IN (1, 2, 3)),                -- security, order, bulk
  class          TEXT   NOT NULL,
  template       BIGINT REFERENCES document_template,                      -- the version in force when it was queued; NULL: none there
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  recipient      TEXT   NOT NULL,
  recipient_name TEXT   NOT NULL,
  merge_values   TEXT   NOT NULL,                                          -- JSON object of text by field
  link_id        BYTES  CHECK (length(link_id) = 16),
  link_purpose   BIGINT,
  account        BIGINT,                                                   -- whom it is about, for the contact's list of mails
  message_id     TEXT   NOT NULL UNIQUE,
  state          TEXT   NOT NULL CHECK (state IN ('waiting','sending','sent','failed','dropped')),
  made_at        BIGINT NOT NULL,
  due_at         BIGINT NOT NULL,                                          -- when to try; while sending: the lease's end
  attempts       BIGINT NOT NULL,
  sent_at        BIGINT,
  answer         TEXT   NOT NULL                                           -- what the mail server said last, or why it failed
);
CREATE INDEX outbox_message_due ON outbox_message (lane, due_at, id) WHERE state IN ('waiting','sending');
CREATE INDEX outbox_message_order ON outbox_message (recipient, lane, id) WHERE state IN ('waiting','sending');
CREATE INDEX outbox_message_account ON outbox_message (account, id);
CREATE INDEX outbox_message_told ON outbox_message (due_at) WHERE merge_values <> '{}';    -- what is to be forgotten one day

CREATE TABLE outbox_attempt (
  id             IDENTITY,
  message        BIGINT NOT NULL REFERENCES outbox_message,
  at             BIGINT NOT NULL,
  outcome        TEXT   NOT NULL CHECK (outcome IN ('sent','try-later','refused')),
  answer         TEXT   NOT NULL
);
CREATE INDEX outbox_attempt_message ON outbox_attempt (message);
