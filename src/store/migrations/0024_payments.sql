-- 0024_payments.sql: what banks deliver, line by line, what became of each, and on which bill its money lies (domain.md 9)

-- Whoever decides about a house's money changes this row first: two decisions at once would not see each other's.
CREATE TABLE payment_book (
  institution    BIGINT NOT NULL PRIMARY KEY REFERENCES institution,
  decisions      BIGINT NOT NULL                                           -- how often
);

-- Staged unseen; accepted by one write, from which on all its money counts; done when each line has been decided.
CREATE TABLE payment_import (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  state          TEXT   NOT NULL CHECK (state IN ('staging','accepted','done')),
  file_name      TEXT   NOT NULL,                                          -- as it was called, to be shown
  made_at        BIGINT NOT NULL,
  lease_until    BIGINT NOT NULL,                                          -- who stages has died when this is past
  accepted_at    BIGINT,
  done_at        BIGINT,
  by_name        TEXT   NOT NULL
);
CREATE UNIQUE INDEX payment_import_one ON payment_import (institution) WHERE state <> 'done';
CREATE INDEX payment_import_newest ON payment_import (institution, id);

-- What the bank's file says of itself: its lines have to come to the same.
CREATE TABLE import_total (
  payment_import BIGINT NOT NULL REFERENCES payment_import,
  currency       TEXT   NOT NULL,
  credit         BIGINT NOT NULL,
  debit          BIGINT NOT NULL,
  PRIMARY KEY (payment_import, currency)
);

-- A transaction, an entry that stands for its transactions, or a statement that is missing (the last has no message). What decides about it is kept with it.
CREATE TABLE import_line (
  id             IDENTITY,
  payment_import BIGINT NOT NULL REFERENCES payment_import,
  institution    BIGINT NOT NULL REFERENCES institution,
  message        TEXT   NOT NULL CHECK (message IN ('','camt.053','camt.054','v11')),
  account        TEXT   NOT NULL,                                          -- of the report
  entry          BIGINT NOT NULL,
  part           BIGINT NOT NULL,                                          -- of the entry; -1: the entry itself
  flags          BIGINT NOT NULL,                                          -- billing/import.h
  cents          BIGINT NOT NULL CHECK (cents >= 0),
  currency       TEXT   NOT NULL,
  status         TEXT   NOT NULL,
  credited       TEXT   NOT NULL,                                          -- the account that was credited
  reference      TEXT   NOT NULL,                                          -- one, or several with a blank between
  marks          BYTES  NOT NULL,                                          -- struct reconcile_marks
  booked_on      TEXT   NOT NULL,                                          -- 2026-11-20, as the bank writes it
  payer          TEXT   NOT NULL,
  words          TEXT   NOT NULL,                                          -- what the payer wrote
  outcome        TEXT,                                                     -- NULL: not decided yet (qrbill-rules.md 2.4)
  bill           BIGINT REFERENCES bill,                                   -- that its reference means
  money          BIGINT NOT NULL,                                          -- what came with it, and had not come before; negative: what went back
  settled        BOOLEAN NOT NULL,                                         -- its order was paid in full by it
  decided_at     BIGINT
);
CREATE INDEX import_line_open ON import_line (payment_import, id) WHERE outcome IS NULL;
CREATE INDEX import_line_import ON import_line (payment_import, id);
CREATE INDEX import_line_bill ON import_line (bill) WHERE bill IS NOT NULL;

-- Which line's money lies on which bill; what is taken back is a row of its own. A bill's paid is their sum.
CREATE TABLE allocation (
  id             IDENTITY,
  bill           BIGINT NOT NULL REFERENCES bill,
  import_line    BIGINT NOT NULL REFERENCES import_line,
  amount         BIGINT NOT NULL CHECK (amount <> 0),
  at             BIGINT NOT NULL,
  by_name        TEXT   NOT NULL
);
CREATE INDEX allocation_bill ON allocation (bill, id);
CREATE INDEX allocation_line ON allocation (import_line);

-- What somebody has to look at. AMOUNT is the money that lies on no bill: 0 where all of it does.
CREATE TABLE payment_case (
  import_line    BIGINT NOT NULL PRIMARY KEY REFERENCES import_line,
  institution    BIGINT NOT NULL REFERENCES institution,
  amount         BIGINT NOT NULL,
  currency       TEXT   NOT NULL,
  state          TEXT   NOT NULL CHECK (state IN ('open','assigned','closed','told-again')), -- told-again: a later line brought the same money with its bill
  reason         TEXT   NOT NULL,                                          -- who decided by hand says why
  by_name        TEXT   NOT NULL,
  decided_at     BIGINT,
  CHECK (state NOT IN ('assigned','closed') OR reason <> '')
);
CREATE INDEX payment_case_open ON payment_case (institution, import_line) WHERE state = 'open';

-- What lines on the work list are known by, so that a later telling of the same money finds them.
CREATE TABLE payment_case_key (
  import_line    BIGINT NOT NULL REFERENCES payment_case,
  institution    BIGINT NOT NULL,
  mark           BYTES  NOT NULL,
  PRIMARY KEY (institution, mark, import_line)
);

-- The reconciler's memory (formats/reconcile.h): keys, records, and the last report of each account.
CREATE TABLE payment_key (
  institution    BIGINT NOT NULL REFERENCES institution,
  mark           BYTES  NOT NULL CHECK (length(mark) = 16),
  value          BIGINT NOT NULL,
  PRIMARY KEY (institution, mark)
);
CREATE TABLE payment_record (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  content        BYTES  NOT NULL
);
CREATE TABLE payment_report (
  institution    BIGINT NOT NULL REFERENCES institution,
  message        TEXT   NOT NULL,
  account        TEXT   NOT NULL,
  sequence       BIGINT NOT NULL,
  year           BIGINT NOT NULL,
  page           BIGINT NOT NULL,
  until          TEXT   NOT NULL,
  closing        BIGINT,
  currency       TEXT   NOT NULL,
  PRIMARY KEY (institution, message, account)
);
