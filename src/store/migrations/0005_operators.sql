-- 0005_operators.sql: operators, their profiles, sessions and links, and the audit trail (domain.md 2, 4, 5)

CREATE TABLE operator (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  name           TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  email          TEXT   NOT NULL,                                          -- as typed, without blanks at its ends: mail goes here
  email_key      TEXT   NOT NULL,
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  state          TEXT   NOT NULL CHECK (state IN ('invited','active','blocked')),
  password_hash  TEXT,                                                     -- argon2id with its parameters; NULL: none yet
  made_at        BIGINT NOT NULL,
  mailed_at      BIGINT NOT NULL,                                          -- when a stranger last made us write; 0: never. Its UPDATE is the row's lock
  signin_at      BIGINT,
  version        BIGINT NOT NULL,                                          -- of name, address, state, profiles
  factor_secret  BYTES,                                                    -- TOTP, sealed with a key of --secret-dir; NULL: no second factor
  factor_is_on   BOOLEAN NOT NULL,                                         -- false with a secret: being set up
  factor_step    BIGINT NOT NULL,                                          -- the last step that was accepted: one code opens once
  UNIQUE (institution, email_key)
);

-- A profile in a context: of the whole institution, or of one organisation.
CREATE TABLE operator_profile (
  id             IDENTITY,
  operator       BIGINT NOT NULL REFERENCES operator,
  profile        TEXT   NOT NULL CHECK (profile IN ('administrator','manager','box-office','accountant','auditor')),
  organisation   BIGINT REFERENCES organisation                            -- NULL: all of them
);
CREATE UNIQUE INDEX operator_profile_house ON operator_profile (operator, profile) WHERE organisation IS NULL;
CREATE UNIQUE INDEX operator_profile_organisation ON operator_profile (operator, profile, organisation) WHERE organisation IS NOT NULL;

-- Ways in for somebody whose phone is gone; each opens once.
CREATE TABLE operator_recovery_code (
  operator       BIGINT NOT NULL REFERENCES operator,
  code_hash      BYTES  NOT NULL CHECK (length(code_hash) = 32),
  used_at        BIGINT,
  PRIMARY KEY (operator, code_hash)
);

CREATE TABLE operator_session (
  token_hash     BYTES  NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32),
  id             BYTES  NOT NULL UNIQUE CHECK (length(id) = 16),           -- what pages call it by
  operator       BIGINT NOT NULL REFERENCES operator,
  is_whole       BOOLEAN NOT NULL,                                         -- false: the password was right, the second factor is to come
  made_at        BIGINT NOT NULL,
  seen_at        BIGINT NOT NULL,
  network        TEXT   NOT NULL,
  agent          TEXT   NOT NULL
);
CREATE INDEX operator_session_operator ON operator_session (operator);

-- Somebody asked for a recovery mail at the office's sign-in: one row whoever it was; the background decides and deletes it.
CREATE TABLE operator_request (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  email          TEXT   NOT NULL,
  network        TEXT   NOT NULL,
  asked_at       BIGINT NOT NULL
);

-- As recovery_link, for operators.
CREATE TABLE operator_link (
  link_id        BYTES  NOT NULL PRIMARY KEY CHECK (length(link_id) = 16),
  operator       BIGINT NOT NULL REFERENCES operator,
  state          TEXT   NOT NULL CHECK (state IN ('live','used','superseded','expired')),
  fingerprint    BYTES  NOT NULL CHECK (length(fingerprint) = 32),         -- of password hash and address when asked
  made_at        BIGINT NOT NULL,
  deadline       BIGINT,                                                   -- set when the mail is sent; NULL: not sent yet
  ended_at       BIGINT
);
CREATE INDEX operator_link_operator ON operator_link (operator, made_at);

-- A form that came when its session was idle, for the same operator to send again after signing in. No passwords, no files.
CREATE TABLE operator_parked (
  operator       BIGINT NOT NULL PRIMARY KEY REFERENCES operator,          -- the newest only
  id             BYTES  NOT NULL CHECK (length(id) = 16),
  path           TEXT   NOT NULL,
  fields         TEXT   NOT NULL,                                          -- JSON: [[name, value], …]
  parked_at      BIGINT NOT NULL
);

-- Who did what to which record, when, from where. Rows are only added; what is personal in one can be erased with its salt, and the seal still holds.
CREATE TABLE audit_entry (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  at             BIGINT NOT NULL,
  operator       BIGINT REFERENCES operator,                               -- NULL: a command on the server
  operator_name  TEXT   NOT NULL,
  verb           TEXT   NOT NULL,
  kind           TEXT   NOT NULL,
  record         BIGINT NOT NULL,
  network        TEXT   NOT NULL,
  before_values  TEXT   NOT NULL,                                          -- JSON object of text by field; '' none
  after_values   TEXT   NOT NULL,
  salt           BYTES  NOT NULL CHECK (length(salt) = 16)
);
CREATE INDEX audit_entry_list ON audit_entry (institution, id);
CREATE INDEX audit_entry_record ON audit_entry (kind, record, id);
CREATE INDEX audit_entry_operator ON audit_entry (operator, id);

-- Entries that the background has not sealed yet. Writers only add to it, so that sealing never makes one wait for another.
CREATE TABLE audit_unsealed (
  entry          BIGINT NOT NULL PRIMARY KEY REFERENCES audit_entry
);

-- The chain: each seal is a keyed hash of the one before and of its entry; DIGEST stands for what can be erased.
CREATE TABLE audit_seal (
  number         BIGINT NOT NULL PRIMARY KEY CHECK (number > 0),
  entry          BIGINT NOT NULL UNIQUE,
  digest         BYTES  NOT NULL CHECK (length(digest) = 32),
  seal           BYTES  NOT NULL CHECK (length(seal) = 32)
);
