-- 0023_shipping.sql: from a sold ticket to a letter: interfaces, shipments, print batches, printing status, notices (shipping-rules.md 1, 2)

-- A partner system and how it is reached; what belongs to one kind stands in that kind's table.
CREATE TABLE interface (
  id             IDENTITY,
  institution    BIGINT  NOT NULL REFERENCES institution,
  kind           TEXT    NOT NULL CHECK (kind IN ('payments','printer','partner')),
  code           TEXT    NOT NULL CHECK (length(code) > 0),
  name           TEXT    NOT NULL CHECK (length(name) > 0),
  is_active      BOOLEAN NOT NULL,
  UNIQUE (institution, code)
);

-- A distributing partner: who carries letters, and what the link to follow one looks like. The link is made when it is shown, never stored.
CREATE TABLE partner (
  interface      BIGINT  NOT NULL PRIMARY KEY REFERENCES interface,
  link_form      TEXT    NOT NULL,                                         -- empty: the number is shown as text
  number_form    TEXT    NOT NULL CHECK (number_form IN ('any','swiss-post','s10','ups','dpd','own')),
  pattern        TEXT    NOT NULL,                                         -- of 'own'
  refuses_wrong  BOOLEAN NOT NULL,                                         -- a number of a wrong form: refuse the line, or warn
  host           TEXT    NOT NULL,                                         -- that full links from a file may lead to; empty: none
  language_en    TEXT    NOT NULL,                                         -- what the carrier calls each language
  language_fr    TEXT    NOT NULL,
  language_de    TEXT    NOT NULL,
  language_it    TEXT    NOT NULL,
  lost_days      BIGINT  NOT NULL CHECK (lost_days > 0)                    -- posted so long ago, a letter should be there
);

CREATE TABLE printer (
  interface      BIGINT  NOT NULL PRIMARY KEY REFERENCES interface,
  layout         TEXT    NOT NULL,                                         -- the stock's code, as the printing company knows it
  barcode_type   TEXT    NOT NULL CHECK (barcode_type IN ('QR','AZTEC','DATAMATRIX','CODE128')),
  encoding       TEXT    NOT NULL CHECK (encoding IN ('utf-8-bom','utf-8','windows-1252')),
  separator      TEXT    NOT NULL CHECK (separator IN (';',',','|')),
  has_letters    BOOLEAN NOT NULL,
  is_line_printed BOOLEAN NOT NULL,                                        -- a line without a state means printed
  is_printed_posted BOOLEAN NOT NULL,                                      -- the house prints and posts in one go
  is_day_first   BOOLEAN NOT NULL,                                         -- 03/04/2026 is the third of April
  return_days    BIGINT  NOT NULL CHECK (return_days >= 0),
  keep_days      BIGINT  NOT NULL CHECK (keep_days > 0),
  folder         TEXT    NOT NULL,                                         -- with out/ and in/; empty: by hand
  sends_mails    BOOLEAN NOT NULL,                                         -- how the check box stood last
  partner        BIGINT  REFERENCES interface                              -- who posts for it, where neither mode nor file says
);

ALTER TABLE shipment_mode ADD COLUMN printer BIGINT REFERENCES interface;  -- NULL: printed at the own counter
ALTER TABLE shipment_mode ADD COLUMN partner BIGINT REFERENCES interface;
ALTER TABLE shipment_mode ADD COLUMN postal_service TEXT NOT NULL DEFAULT 'A' CHECK (postal_service IN ('','B','A','A_PLUS','R','PRIORITY','PRIORITY_PLUS','COURIER'));
ALTER TABLE shipment_mode ADD COLUMN return_wish TEXT NOT NULL DEFAULT '';
ALTER TABLE shipment_mode ADD COLUMN tickets_most BIGINT NOT NULL DEFAULT 12 CHECK (tickets_most > 0);  -- in one letter
ALTER TABLE shipment_mode ADD COLUMN is_after_payment BOOLEAN NOT NULL DEFAULT TRUE;

-- Files that went out or came in, in parts, so that no write is long. One that nothing refers to yet is invisible.
CREATE TABLE stored_file (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  name           TEXT   NOT NULL,
  size           BIGINT NOT NULL CHECK (size >= 0),
  sha256         BYTES  NOT NULL CHECK (length(sha256) = 32),
  made_at        BIGINT NOT NULL,
  keep_until     BIGINT NOT NULL,                                          -- its parts are deleted then; this row stays
  gone_at        BIGINT
);
CREATE INDEX stored_file_keep ON stored_file (keep_until) WHERE gone_at IS NULL;
CREATE TABLE stored_file_part (
  stored_file    BIGINT NOT NULL REFERENCES stored_file,
  part           BIGINT NOT NULL,
  bytes          BYTES  NOT NULL,
  PRIMARY KEY (stored_file, part)
);
CREATE TABLE file_download (
  id             IDENTITY,
  stored_file    BIGINT NOT NULL REFERENCES stored_file,
  at             BIGINT NOT NULL,
  by_name        TEXT   NOT NULL
);
CREATE INDEX file_download_file ON file_download (stored_file, id);

-- One run of colour tickets to the printing company. 'making' is not seen by anybody but who makes it.
CREATE TABLE print_batch (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  interface      BIGINT NOT NULL REFERENCES interface,
  number         BIGINT UNIQUE,                                            -- with check digit; set right after the row is made
  state          TEXT   NOT NULL CHECK (state IN ('making','exported','part_back','complete','cancelled')),
  by_name        TEXT   NOT NULL,
  made_at        BIGINT NOT NULL,
  touched_at     BIGINT NOT NULL,                                          -- of a batch being made: one that nobody touches any more is given up
  exported_at    BIGINT,
  due_at         BIGINT,
  lines          BIGINT NOT NULL,
  shipments      BIGINT NOT NULL,
  pieces         BIGINT NOT NULL,
  changed_text   TEXT   NOT NULL,                                          -- what its encoding lacks and how it was written, a line each
  tickets_file   BIGINT REFERENCES stored_file,
  letters_file   BIGINT REFERENCES stored_file,
  manifest_file  BIGINT REFERENCES stored_file,
  CHECK ((exported_at IS NULL) = (state = 'making' OR (state = 'cancelled' AND tickets_file IS NULL)))
);
CREATE INDEX print_batch_interface ON print_batch (interface, id);
CREATE INDEX print_batch_making ON print_batch (touched_at) WHERE state = 'making';

-- One address, one mode, one order. The address is a snapshot, frozen from the export on.
CREATE TABLE shipment (
  id             IDENTITY,
  institution    BIGINT  NOT NULL REFERENCES institution,
  customer_order BIGINT  NOT NULL REFERENCES customer_order,
  shipment_mode  BIGINT  NOT NULL REFERENCES shipment_mode,
  number         BIGINT  UNIQUE,                                           -- with check digit; set right after the row is made
  state          TEXT    NOT NULL CHECK (state IN ('held','ready','in_print','printed','part_sent','sent','handed_over','delivered','replaced','cancelled')),
  waits_payment  BOOLEAN NOT NULL,                                         -- reasons why it is held
  lacks_address  BOOLEAN NOT NULL,
  checks_address BOOLEAN NOT NULL,
  waits_date     BOOLEAN NOT NULL,
  waits_hand     BOOLEAN NOT NULL,
  is_gift        BOOLEAN NOT NULL,                                         -- no prices in the letter
  salutation     TEXT    NOT NULL,
  name           TEXT    NOT NULL,
  company        TEXT    NOT NULL,
  street         TEXT    NOT NULL,
  house_number   TEXT    NOT NULL,
  postcode       TEXT    NOT NULL,
  town           TEXT    NOT NULL,
  country        TEXT    NOT NULL,
  language       TEXT    NOT NULL CHECK (language IN ('en','fr','de','it')),
  replaces       BIGINT  REFERENCES shipment,
  batch          BIGINT  REFERENCES print_batch,                           -- the newest
  link_id        BYTES   CHECK (length(link_id) = 16),                     -- of the follow link, set with the number; nothing here suffices to make one
  made_at        BIGINT  NOT NULL,
  ready_at       BIGINT,
  printed_at     BIGINT,
  sent_at        BIGINT,
  CHECK ((state = 'held') = (state IN ('held','ready') AND (waits_payment OR lacks_address OR checks_address OR waits_date OR waits_hand)))
);
CREATE INDEX shipment_order ON shipment (customer_order, id);
CREATE INDEX shipment_ready ON shipment (institution, id) WHERE state = 'ready';
CREATE INDEX shipment_state ON shipment (institution, state, id);
CREATE UNIQUE INDEX shipment_link ON shipment (link_id);

CREATE TABLE piece (
  id             IDENTITY,
  shipment       BIGINT NOT NULL REFERENCES shipment,
  n              BIGINT NOT NULL CHECK (n > 0),
  state          TEXT   NOT NULL CHECK (state IN ('packed','posted','in_transit','out_for_delivery','attempt_failed','ready_for_pickup','delivered','returning','returned','lost')),
  partner        BIGINT REFERENCES interface,
  tracking_given TEXT   NOT NULL,
  tracking       TEXT   NOT NULL,                                          -- as it is compared; empty: none
  tracking_url   TEXT   NOT NULL,                                          -- the partner's own, where a file brought one
  posted_at      BIGINT,
  event_at       BIGINT,
  told_in        BIGINT,                                                   -- the notice that told the buyer it was posted, or corrected that
  told_number    TEXT   NOT NULL DEFAULT '',                               -- and the number that it named
  UNIQUE (shipment, n),
  CHECK ((posted_at IS NULL) = (state = 'packed'))
);

CREATE TABLE piece_ticket (
  piece          BIGINT  NOT NULL REFERENCES piece,
  ticket         BIGINT  NOT NULL REFERENCES ticket,
  rank           BIGINT  NOT NULL,                                         -- in the shipment: by date, section, row, seat
  is_living      BOOLEAN NOT NULL,
  PRIMARY KEY (piece, ticket)
);
CREATE UNIQUE INDEX piece_ticket_living ON piece_ticket (ticket) WHERE is_living;

-- To which shipment a number belongs: carriers use numbers again, so an old one may pass to another (shipping/tracked.c).
CREATE TABLE tracked_number (
  institution    BIGINT NOT NULL REFERENCES institution,
  partner        BIGINT NOT NULL,                                          -- 0: no interface
  number         TEXT   NOT NULL,
  shipment       BIGINT NOT NULL REFERENCES shipment,
  since          BIGINT NOT NULL,
  PRIMARY KEY (institution, partner, number)
);

-- A ticket in a batch. At most one open line a ticket: this is what stops double printing.
CREATE TABLE print_line (
  id             IDENTITY,
  batch          BIGINT  NOT NULL REFERENCES print_batch,
  line           BIGINT  NOT NULL CHECK (line > 0),
  shipment       BIGINT  NOT NULL REFERENCES shipment,
  piece          BIGINT  NOT NULL REFERENCES piece,
  ticket         BIGINT  NOT NULL REFERENCES ticket,
  barcode        TEXT    NOT NULL,                                         -- at the export
  copy           BIGINT  NOT NULL CHECK (copy > 0),
  state          TEXT    NOT NULL CHECK (state IN ('exported','printed','spoilt','missing','withdrawn')),
  is_posted      BOOLEAN NOT NULL,
  is_void        BOOLEAN NOT NULL,                                         -- its barcode was void by then; the paper may come
  tracking_given TEXT    NOT NULL,                                         -- what its file said of the letter
  tracking       TEXT    NOT NULL,
  tracking_url   TEXT    NOT NULL,
  partner        BIGINT  REFERENCES interface,
  printed_at     BIGINT,
  posted_at      BIGINT,
  run            TEXT    NOT NULL,
  reason         TEXT    NOT NULL,
  UNIQUE (batch, line),
  CHECK (NOT is_posted OR state = 'printed')
);
CREATE UNIQUE INDEX print_line_open ON print_line (ticket) WHERE state IN ('exported','missing');
CREATE INDEX print_line_barcode ON print_line (barcode, id);
CREATE INDEX print_line_ticket ON print_line (ticket, id);
CREATE INDEX print_line_shipment ON print_line (shipment, id);

-- A printing status file: read whole for the preview, then applied in steps; a line's outcome is decided in the write that applies it.
CREATE TABLE status_import (
  id             IDENTITY,
  institution    BIGINT  NOT NULL REFERENCES institution,
  interface      BIGINT  NOT NULL REFERENCES interface,
  file           BIGINT  NOT NULL REFERENCES stored_file,
  sha256         BYTES   NOT NULL CHECK (length(sha256) = 32),
  state          TEXT    NOT NULL CHECK (state IN ('read','applying','sending','applied')),
  by_name        TEXT    NOT NULL,
  made_at        BIGINT  NOT NULL,
  applied_at     BIGINT,
  sends_mails    BOOLEAN NOT NULL,
  encoding       TEXT    NOT NULL,
  separator      TEXT    NOT NULL,
  unknown        TEXT    NOT NULL,                                         -- columns that were passed over
  lines          BIGINT  NOT NULL,
  done           BIGINT  NOT NULL,                                         -- lines decided
  preview        TEXT    NOT NULL,                                         -- its counts, JSON
  CHECK ((applied_at IS NULL) = (state IN ('read','applying')))
);
CREATE UNIQUE INDEX status_import_once ON status_import (interface, sha256) WHERE state IN ('applying','sending','applied');
CREATE INDEX status_import_open ON status_import (id) WHERE state IN ('applying','sending');
CREATE INDEX status_import_interface ON status_import (interface, id);

CREATE TABLE status_line (
  status_import  BIGINT NOT NULL REFERENCES status_import,
  line           BIGINT NOT NULL,                                          -- of the file
  outcome        TEXT   NOT NULL CHECK (outcome IN ('applied','already','repeated','refused','void')),
  why            TEXT   NOT NULL,                                          -- a word of shipping/status.h; empty: nothing to say
  about          TEXT   NOT NULL,                                          -- what the words need: a number, a column
  said           TEXT   NOT NULL,                                          -- the line, shortened; of those that somebody should read
  PRIMARY KEY (status_import, line)
);
CREATE INDEX status_line_outcome ON status_line (status_import, outcome, line);

-- Shipments that an import touched: looked at when all lines are through.
CREATE TABLE status_shipment (
  status_import  BIGINT  NOT NULL REFERENCES status_import,
  shipment       BIGINT  NOT NULL REFERENCES shipment,
  is_done        BOOLEAN NOT NULL,
  PRIMARY KEY (status_import, shipment)
);
CREATE INDEX status_shipment_open ON status_shipment (status_import, shipment) WHERE NOT is_done;

CREATE TABLE notice (
  id             IDENTITY,
  shipment       BIGINT NOT NULL REFERENCES shipment,
  kind           TEXT   NOT NULL CHECK (kind IN ('sent','part-sent','correction','ready-for-pickup','returned','replaced')),
  fingerprint    TEXT   NOT NULL,                                          -- of the pieces told, and for a correction their numbers
  is_rest        BOOLEAN NOT NULL,                                         -- an earlier one told of other pieces
  reason         TEXT   NOT NULL CHECK (reason IN ('','no-email')),        -- why no mail left
  made_in        BIGINT REFERENCES status_import,                          -- the import that caused it; NULL: by hand
  by_name        TEXT   NOT NULL,
  made_at        BIGINT NOT NULL,
  UNIQUE (shipment, kind, fingerprint)
);
CREATE INDEX notice_import ON notice (made_in) WHERE made_in IS NOT NULL;
CREATE INDEX notice_by_letter ON notice (shipment) WHERE reason = 'no-email';
CREATE TABLE notice_piece (
  notice         BIGINT NOT NULL REFERENCES notice,
  piece          BIGINT NOT NULL REFERENCES piece,
  PRIMARY KEY (notice, piece)
);

-- A mail may be about a notice, too. SQLite changes no check, so the column is made anew with what stood in it.
ALTER TABLE outbox_message ADD COLUMN about_anew TEXT NOT NULL DEFAULT '' CHECK (about_anew IN ('','bill','order','notice'));
UPDATE outbox_message SET about_anew = about;
ALTER TABLE outbox_message DROP COLUMN about;
ALTER TABLE outbox_message RENAME COLUMN about_anew TO about;
