-- 0010_contacts.sql: the contact file of the office: more about a contact, its search words, recovery from the counter (domain.md 5 and 7)

ALTER TABLE contact ADD COLUMN version    BIGINT NOT NULL DEFAULT 1;       -- a save begins with the conditional UPDATE of it
ALTER TABLE contact ADD COLUMN email      TEXT   NOT NULL DEFAULT '';      -- the main one; of a living internet account the same as there
ALTER TABLE contact ADD COLUMN email_key  TEXT   NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN birth_date TEXT   NOT NULL DEFAULT '';      -- '1984-03-14'
ALTER TABLE contact ADD COLUMN department TEXT   NOT NULL DEFAULT '';      -- structures
ALTER TABLE contact ADD COLUMN vat_number TEXT   NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN merged_at  BIGINT;
UPDATE contact SET (email, email_key) = (SELECT a.email, a.email_key FROM internet_account a WHERE a.contact = contact.id AND a.state <> 'closed')
 WHERE EXISTS (SELECT 1 FROM internet_account a WHERE a.contact = contact.id AND a.state <> 'closed');
CREATE INDEX contact_name ON contact (institution, name_key, id);
CREATE INDEX contact_town ON contact (institution, town, id);
CREATE INDEX contact_email ON contact (institution, email_key) WHERE email_key <> '';
CREATE INDEX contact_merged ON contact (merged_into) WHERE merged_into IS NOT NULL;

-- Beside the main ones, which stand in the contact itself so that a list reads one row.
CREATE TABLE contact_address (
  id             IDENTITY,
  contact        BIGINT NOT NULL REFERENCES contact,
  label          TEXT   NOT NULL,                                          -- in the house's own words: 'holiday house', 'accounts department'
  street         TEXT   NOT NULL,
  house_number   TEXT   NOT NULL,
  postcode       TEXT   NOT NULL,
  town           TEXT   NOT NULL,
  country        TEXT   NOT NULL
);
CREATE INDEX contact_address_contact ON contact_address (contact);

CREATE TABLE contact_channel (
  id             IDENTITY,
  contact        BIGINT NOT NULL REFERENCES contact,
  kind           TEXT   NOT NULL CHECK (kind IN ('phone','email')),
  label          TEXT   NOT NULL,
  value          TEXT   NOT NULL,                                          -- a phone in E.164
  value_key      TEXT   NOT NULL
);
CREATE INDEX contact_channel_contact ON contact_channel (contact);

-- People who act for a structure.
CREATE TABLE contact_relay (
  structure      BIGINT NOT NULL REFERENCES contact,
  person         BIGINT NOT NULL REFERENCES contact,
  role           TEXT   NOT NULL,
  PRIMARY KEY (structure, person)
);
CREATE INDEX contact_relay_person ON contact_relay (person);

-- What somebody agreed to, as a history: the newest row of a purpose is in force.
CREATE TABLE consent (
  id             IDENTITY,
  contact        BIGINT  NOT NULL REFERENCES contact,
  purpose        TEXT    NOT NULL CHECK (purpose IN ('newsletter','post','phone')),
  is_given       BOOLEAN NOT NULL,
  at             BIGINT  NOT NULL,
  source         TEXT    NOT NULL CHECK (source IN ('office','shop')),
  by_name        TEXT    NOT NULL
);
CREATE INDEX consent_contact ON consent (contact, purpose, id);

CREATE TABLE contact_note (
  id             IDENTITY,
  contact        BIGINT NOT NULL REFERENCES contact,
  words          TEXT   NOT NULL,
  at             BIGINT NOT NULL,
  by_name        TEXT   NOT NULL
);
CREATE INDEX contact_note_contact ON contact_note (contact, id);

-- What a contact is found by: each word folded (accounts/contact_words.h), once a contact.
CREATE TABLE contact_word (
  institution    BIGINT NOT NULL REFERENCES institution,
  word           TEXT   NOT NULL,
  contact        BIGINT NOT NULL REFERENCES contact,
  PRIMARY KEY (contact, word)
);
CREATE INDEX contact_word_word ON contact_word (institution, word, contact);

-- Recovery from the counter: who sent a link, and for which document type its mail was made.
ALTER TABLE recovery_link ADD COLUMN by_operator TEXT NOT NULL DEFAULT ''; -- the operator's name; '' asked for by the buyer
ALTER TABLE outbox_message ADD COLUMN by_operator TEXT NOT NULL DEFAULT '';

-- Links for many at once. A repeated request has the same request_key and finds the action that is there.
CREATE TABLE bulk_action (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  request_key    TEXT   NOT NULL,
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  document_type  BIGINT NOT NULL REFERENCES document_type,
  by_operator    TEXT   NOT NULL,
  network        TEXT   NOT NULL,
  made_at        BIGINT NOT NULL,
  ended_at       BIGINT,
  UNIQUE (institution, request_key)
);
CREATE TABLE bulk_item (
  bulk_action    BIGINT NOT NULL REFERENCES bulk_action,
  contact        BIGINT NOT NULL REFERENCES contact,
  outcome        TEXT   NOT NULL,                                          -- '' waits; 'sent', or why not
  done_at        BIGINT,
  PRIMARY KEY (bulk_action, contact)
);
CREATE INDEX bulk_item_waiting ON bulk_item (bulk_action, contact) WHERE outcome = '';
