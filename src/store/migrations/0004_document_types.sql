-- 0004_document_types.sql: for whom a document type is, drafts that wait to be put in force, and mails that are only a test (domain.md 6)

ALTER TABLE document_type ADD COLUMN format TEXT NOT NULL DEFAULT 'mail' CHECK (format IN ('mail','pdf','mail-with-pdf'));

-- None of these rows: for all of them.
CREATE TABLE document_type_organisation (
  document_type  BIGINT NOT NULL REFERENCES document_type,
  organisation   BIGINT NOT NULL REFERENCES organisation,
  PRIMARY KEY (document_type, organisation)
);
CREATE TABLE document_type_channel (
  document_type  BIGINT NOT NULL REFERENCES document_type,
  sales_channel  BIGINT NOT NULL REFERENCES sales_channel,
  PRIMARY KEY (document_type, sales_channel)
);

ALTER TABLE document_template ADD COLUMN file_name TEXT NOT NULL DEFAULT '';  -- as it was uploaded

-- Uploaded, looked at, not in force. What is found in it is read from it each time.
CREATE TABLE document_draft (
  id             IDENTITY,
  document_type  BIGINT NOT NULL REFERENCES document_type,
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  word           BYTES  NOT NULL,
  file_name      TEXT   NOT NULL,
  made_at        BIGINT NOT NULL,
  made_by        TEXT   NOT NULL
);
CREATE INDEX document_draft_type ON document_draft (document_type, id);

-- A mail of samples to who edits the template: its link opens nothing.
ALTER TABLE outbox_message ADD COLUMN is_test BOOLEAN NOT NULL DEFAULT FALSE;
