-- 0003_accounts.sql: contacts, internet accounts, sessions and recovery (domain.md 4, 5, 7; design.md 6)

CREATE TABLE contact (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  number         BIGINT NOT NULL,                                          -- running, the last digit checks (ISO/IEC 7812-1, Luhn)
  kind           TEXT   NOT NULL CHECK (kind IN ('individual','structure')),
  salutation     TEXT   NOT NULL CHECK (salutation IN ('','ms','mr')),
  first_name     TEXT   NOT NULL,
  last_name      TEXT   NOT NULL,                                          -- a structure's name
  name_key       TEXT   NOT NULL,                                          -- folded, for sorting and search
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  phone          TEXT   NOT NULL,                                          -- as typed, trimmed
  street         TEXT   NOT NULL,
  house_number   TEXT   NOT NULL,
  postcode       TEXT   NOT NULL,
  town           TEXT   NOT NULL,
  country        TEXT   NOT NULL,
  merged_into    BIGINT REFERENCES contact,
  made_at        BIGINT NOT NULL,
  UNIQUE (institution, number)
);

CREATE TABLE internet_account (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  contact        BIGINT NOT NULL REFERENCES contact,
  email          TEXT   NOT NULL,                                          -- as typed, without blanks at its ends: mail goes here
  email_key      TEXT   NOT NULL,                                          -- NFC, folded, domain by IDNA: what is unique
  state          TEXT   NOT NULL CHECK (state IN ('invited','unconfirmed','active','blocked','closed')),
  state_reason   TEXT   NOT NULL,
  password_hash  TEXT,                                                     -- argon2id with its parameters; NULL: none yet
  browser_hash   BYTES,                                                    -- unconfirmed: of the cookie of the browser that registered
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  made_at        BIGINT NOT NULL,
  recovery_at    BIGINT NOT NULL,                                          -- when a stranger last asked that we write to it; 0: never
  signin_at      BIGINT,
  signin_at_shop BIGINT REFERENCES point_of_sale
);
CREATE UNIQUE INDEX internet_account_email ON internet_account (institution, email_key) WHERE state <> 'closed';
CREATE UNIQUE INDEX internet_account_contact ON internet_account (contact) WHERE state <> 'closed';

CREATE TABLE account_session (
  token_hash     BYTES  NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
  id             BYTES  NOT NULL UNIQUE CHECK (length(id) = 16),           -- what pages call it by
  account        BIGINT NOT NULL REFERENCES internet_account,
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  made_at        BIGINT NOT NULL,
  seen_at        BIGINT NOT NULL,
  network        TEXT   NOT NULL,
  agent          TEXT   NOT NULL                                           -- User-Agent, cut
);
CREATE INDEX account_session_account ON account_session (account);

-- Somebody asked for a recovery mail: one row whoever it was; the background decides and deletes it.
CREATE TABLE recovery_request (
  id             IDENTITY,
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  email          TEXT   NOT NULL,
  language       TEXT   NOT NULL,
  next           TEXT   NOT NULL,
  network        TEXT   NOT NULL,
  asked_at       BIGINT NOT NULL
);

-- Somebody registered: one row whether or not the address is known; the background decides and deletes it.
CREATE TABLE registration_request (
  id             IDENTITY,
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  first_name     TEXT   NOT NULL,
  last_name      TEXT   NOT NULL,
  email          TEXT   NOT NULL,
  password_hash  TEXT   NOT NULL,
  browser_hash   BYTES  NOT NULL,
  language       TEXT   NOT NULL,
  next           TEXT   NOT NULL,
  network        TEXT   NOT NULL,
  asked_at       BIGINT NOT NULL
);

-- Links live in rows; the secret is the signature, so nothing here can be stolen.
CREATE TABLE recovery_link (
  link_id        BYTES  NOT NULL PRIMARY KEY CHECK (length(link_id) = 16),
  account        BIGINT NOT NULL REFERENCES internet_account,
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  purpose        BIGINT NOT NULL,                                          -- formats/link.h
  state          TEXT   NOT NULL CHECK (state IN ('live','used','superseded','expired')),
  fingerprint    BYTES  NOT NULL CHECK (length(fingerprint) = 32),         -- of password hash and address when asked
  next           TEXT   NOT NULL,                                          -- where the visitor was heading
  made_at        BIGINT NOT NULL,
  deadline       BIGINT,                                                   -- set when the mail is sent; NULL: not sent yet
  ended_at       BIGINT
);
CREATE INDEX recovery_link_account ON recovery_link (account, purpose, made_at);

-- What happened to an account, with network and never a secret: the trail, and what limits are counted from.
CREATE TABLE account_event (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  account        BIGINT REFERENCES internet_account,
  kind           TEXT   NOT NULL,
  at             BIGINT NOT NULL,
  network        TEXT   NOT NULL
);
CREATE INDEX account_event_account ON account_event (account, kind, at);

-- How often something was tried in a stretch of time; KEY is a hash, so no address or network stands here.
CREATE TABLE rate_counter (
  key            BYTES  NOT NULL CHECK (length(key) = 32),
  stretch        BIGINT NOT NULL,
  count          BIGINT NOT NULL,
  ends_at        BIGINT NOT NULL,
  PRIMARY KEY (key, stretch)
);
CREATE INDEX rate_counter_ends ON rate_counter (ends_at);
