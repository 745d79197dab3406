-- 0014_administrative_values.sql: what a bank or an authority gave the house, and what its bills make of it (domain.md 2 and 9)

-- One row an institution; none: nothing was entered yet, and institution/administrative.h has the defaults.
CREATE TABLE administrative_value (
  institution    BIGINT NOT NULL PRIMARY KEY REFERENCES institution,
  vat_number     TEXT   NOT NULL,                                          -- 'CHE-123.456.788'; '' none
  slip           TEXT   NOT NULL CHECK (slip IN ('qr','isr','both')),      -- on bills, until qr_since
  qr_since       BIGINT,                                                   -- the day from which bills have QR slips alone; NULL: none was set
  reference      TEXT   NOT NULL CHECK (reference IN ('qrr','scor','none')),
  qr_iban        TEXT   NOT NULL,                                          -- without blanks; for reference 'qrr'
  iban           TEXT   NOT NULL,                                          -- for the other two
  bank_prefix    TEXT   NOT NULL,                                          -- the bank's customer number, in front of each QR reference
  postal_account TEXT   NOT NULL,                                          -- nine digits, of the old slip
  creditor_name  TEXT   NOT NULL,                                          -- all six empty: the house's own name and address
  creditor_street TEXT  NOT NULL,
  creditor_house_number TEXT NOT NULL,
  creditor_postcode TEXT NOT NULL,
  creditor_town  TEXT   NOT NULL,
  creditor_country TEXT NOT NULL,
  days_to_pay    BIGINT NOT NULL CHECK (days_to_pay >= 0),
  grace_days     BIGINT NOT NULL CHECK (grace_days >= 0),                  -- bank days after the deadline until an unpaid reservation ends
  version        BIGINT NOT NULL
);
