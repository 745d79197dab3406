-- 0001_institution.sql: the house that runs Parterre, its parts, its ways to sell and their doors (domain.md 2)

CREATE TABLE institution (
  id             IDENTITY,
  name           TEXT   NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  zone           TEXT   NOT NULL,                                          -- IANA name; times are shown in it
  currency       TEXT   NOT NULL CHECK (length(currency) = 3),             -- ISO 4217
  main_language  TEXT   NOT NULL CHECK (main_language IN ('en','fr','de','it')),
  street         TEXT   NOT NULL,
  house_number   TEXT   NOT NULL,
  postcode       TEXT   NOT NULL,
  town           TEXT   NOT NULL,
  country        TEXT   NOT NULL,                                          -- ISO 3166-1, two letters
  phone          TEXT   NOT NULL,                                          -- E.164 or empty
  email          TEXT   NOT NULL,
  made_at        BIGINT NOT NULL
);

-- What the house says of itself, a row a language.
CREATE TABLE institution_text (
  institution    BIGINT NOT NULL REFERENCES institution,
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  description    TEXT   NOT NULL,
  opening_hours  TEXT   NOT NULL,
  PRIMARY KEY (institution, language)
);

-- Running numbers: contact, later order and bill. One UPDATE takes the next.
CREATE TABLE institution_counter (
  institution    BIGINT NOT NULL REFERENCES institution,
  name           TEXT   NOT NULL,
  value          BIGINT NOT NULL,
  PRIMARY KEY (institution, name)
);

CREATE TABLE organisation (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  code           TEXT   NOT NULL,
  name           TEXT   NOT NULL,
  UNIQUE (institution, code)
);

CREATE TABLE sales_channel (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  code           TEXT   NOT NULL,
  name           TEXT   NOT NULL,
  kind           TEXT   NOT NULL CHECK (kind IN ('box-office','internet-b2c','internet-b2b','phone','mail','agency','realtime')),
  UNIQUE (institution, code)
);

CREATE TABLE point_of_sale (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  organisation   BIGINT NOT NULL REFERENCES organisation,
  sales_channel  BIGINT NOT NULL REFERENCES sales_channel,
  code           TEXT   NOT NULL,                                          -- [a-z0-9-]; stands in the name of the session's cookie
  name           TEXT   NOT NULL,
  state          TEXT   NOT NULL CHECK (state IN ('draft','active','suspended','closed')),
  public_url     TEXT   NOT NULL,                                          -- without the last slash; every link in a mail begins with it
  host           TEXT   NOT NULL,                                          -- of public_url, lower case, with the port where it has one
  prefix         TEXT   NOT NULL,                                          -- of public_url's path: '' or '/…' without the last slash
  languages      TEXT   NOT NULL,                                          -- 'en,fr': what visitors may choose
  accent         TEXT   NOT NULL CHECK (length(accent) = 7),               -- '#005f6b'
  sender_name    TEXT   NOT NULL,
  sender_address TEXT   NOT NULL,
  UNIQUE (institution, code)
);
CREATE UNIQUE INDEX point_of_sale_door ON point_of_sale (host, prefix) WHERE state IN ('active','suspended') AND host <> '';

-- The signing keys in use, by the id that links carry: a host that lacks one refuses to start. A key's own row goes when it is retired by hand.
CREATE TABLE signing_key (
  key_id         BYTES  NOT NULL PRIMARY KEY CHECK (length(key_id) = 4),
  noted_at       BIGINT NOT NULL
);
