-- 0018_billing.sql: bills and credit notes, each numbered without gaps in its year, instalments, and mails that carry them (domain.md 4, 9)

-- The last number of each series. Its row is locked from the statement that takes a number to the commit, so that statement comes as late as it can; a write that is
-- rolled back takes its number with it, and none is ever missing.
CREATE TABLE number_series (
  institution    BIGINT NOT NULL REFERENCES institution,
  kind           TEXT   NOT NULL CHECK (kind IN ('bill','credit-note')),
  year           BIGINT NOT NULL,
  last           BIGINT NOT NULL CHECK (last > 0),
  PRIMARY KEY (institution, kind, year)
);

-- A part of an order's price with a day of its own; its bill is issued with it. The amounts of an order's instalments add up to its total.
CREATE TABLE instalment (
  id             IDENTITY,
  customer_order BIGINT NOT NULL REFERENCES customer_order,
  rank           BIGINT NOT NULL CHECK (rank > 0),
  due_day        BIGINT NOT NULL,                                          -- days since 1970-01-01
  amount         BIGINT NOT NULL CHECK (amount > 0),
  state          TEXT   NOT NULL CHECK (state IN ('agreed','ended'))       -- ended: with the order, or by another plan
);
CREATE UNIQUE INDEX instalment_rank ON instalment (customer_order, rank) WHERE state = 'agreed';
CREATE INDEX instalment_order ON instalment (customer_order, id);

-- Everything that a bill says stands here, as it was said: whatever changes later, a bill does not. Only state and paid move.
CREATE TABLE bill (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  customer_order BIGINT NOT NULL REFERENCES customer_order,
  instalment     BIGINT REFERENCES instalment,
  state          TEXT   NOT NULL CHECK (state IN ('open','paid','credited')),
  year           BIGINT NOT NULL,
  number         BIGINT CHECK (number > 0),                                -- NULL only inside the write that issues it, whose last statement numbers it
  amount         BIGINT NOT NULL CHECK (amount > 0),
  paid           BIGINT NOT NULL,                                          -- the signed sum of what was allocated to it, never clipped
  currency       TEXT   NOT NULL,
  account        TEXT   NOT NULL,                                          -- QR-IBAN or IBAN, without blanks
  reference_kind TEXT   NOT NULL CHECK (reference_kind IN ('QRR','SCOR','NON')),
  reference      TEXT   NOT NULL,                                          -- without blanks; empty for NON, and until it is numbered
  creditor_name  TEXT   NOT NULL,
  creditor_street TEXT  NOT NULL,
  creditor_house_number TEXT NOT NULL,
  creditor_postcode TEXT NOT NULL,
  creditor_town  TEXT   NOT NULL,
  creditor_country TEXT NOT NULL,
  debtor_name    TEXT   NOT NULL,
  debtor_street  TEXT   NOT NULL,
  debtor_house_number TEXT NOT NULL,
  debtor_postcode TEXT  NOT NULL,
  debtor_town    TEXT   NOT NULL,
  debtor_country TEXT   NOT NULL,
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  class          TEXT   NOT NULL,                                          -- of its document
  template       BIGINT REFERENCES document_template,                      -- in force when it was issued; NULL: there was none
  issued_at      BIGINT NOT NULL,
  issued_day     BIGINT NOT NULL,                                          -- in the house's zone, as due_day
  due_day        BIGINT NOT NULL,
  ends_at        BIGINT,                                                   -- an unpaid reservation is over then; NULL: nothing ends by itself
  is_reservation BOOLEAN NOT NULL,
  by_name        TEXT   NOT NULL,
  CHECK (reference = '' OR reference_kind <> 'NON'),
  UNIQUE (institution, year, number)
);
CREATE UNIQUE INDEX bill_reference ON bill (institution, reference) WHERE reference <> '';
CREATE INDEX bill_order ON bill (customer_order, id);
CREATE UNIQUE INDEX bill_instalment ON bill (instalment) WHERE instalment IS NOT NULL AND state <> 'credited';
CREATE INDEX bill_ends ON bill (ends_at) WHERE state = 'open' AND ends_at IS NOT NULL;

CREATE TABLE bill_line (
  bill           BIGINT NOT NULL REFERENCES bill,
  rank           BIGINT NOT NULL,
  title          TEXT   NOT NULL,                                          -- in the bill's language
  detail         TEXT   NOT NULL,
  quantity       BIGINT NOT NULL,
  price          BIGINT NOT NULL,                                          -- of one, VAT included
  vat            BIGINT NOT NULL,                                          -- basis points
  PRIMARY KEY (bill, rank)
);

-- VAT is rounded once a rate and order, and split over the order's bills by largest remainder.
CREATE TABLE bill_vat (
  bill           BIGINT NOT NULL REFERENCES bill,
  basis_points   BIGINT NOT NULL,
  gross          BIGINT NOT NULL,
  vat            BIGINT NOT NULL,
  PRIMARY KEY (bill, basis_points)
);

-- Its PDF, stored when it is first made; whoever comes later finds this one.
CREATE TABLE bill_paper (
  bill           BIGINT NOT NULL PRIMARY KEY REFERENCES bill,
  pdf            BYTES  NOT NULL,
  made_at        BIGINT NOT NULL
);

CREATE TABLE credit_note (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  bill           BIGINT NOT NULL UNIQUE REFERENCES bill,                   -- whole, once
  year           BIGINT NOT NULL,
  number         BIGINT CHECK (number > 0),                                -- as a bill's, in a series of its own
  amount         BIGINT NOT NULL CHECK (amount > 0),
  issued_at      BIGINT NOT NULL,
  reason         TEXT   NOT NULL,                                          -- 'expired', 'cancelled', 'changed'
  by_name        TEXT   NOT NULL,
  UNIQUE (institution, year, number)
);

-- What a mail is about, when its values and its attachment come from there at sending: 'bill' or 'order' and its id.
ALTER TABLE outbox_message ADD COLUMN about    TEXT NOT NULL DEFAULT '' CHECK (about IN ('','bill','order'));
ALTER TABLE outbox_message ADD COLUMN about_id BIGINT;
