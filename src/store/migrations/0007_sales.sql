-- 0007_sales.sql: the catalogue, places, orders and tickets; how tickets reach the buyer (domain.md 2, 3, 4)

-- What a channel may do.
ALTER TABLE sales_channel ADD COLUMN hold_us    BIGINT NOT NULL DEFAULT 1200000000 CHECK (hold_us > 0);     -- order expiry delay: life of an idle basket, microseconds
ALTER TABLE sales_channel ADD COLUMN longest_us BIGINT NOT NULL DEFAULT 7200000000 CHECK (longest_us > 0);  -- maximum lifespan of a basket
ALTER TABLE sales_channel ADD COLUMN places_most BIGINT NOT NULL DEFAULT 20 CHECK (places_most > 0);        -- of one order
ALTER TABLE sales_channel ADD COLUMN invoice_as TEXT   NOT NULL DEFAULT 'reservation' CHECK (invoice_as IN ('none','reservation','pending-account'));
ALTER TABLE sales_channel ADD COLUMN invoice_days BIGINT NOT NULL DEFAULT 5 CHECK (invoice_days >= 0);      -- working days before the first performance until which invoice is offered

-- Days that are no working days beside Saturday and Sunday, as days since 1970-01-01.
CREATE TABLE closed_day (
  institution    BIGINT NOT NULL REFERENCES institution,
  day            BIGINT NOT NULL,
  PRIMARY KEY (institution, day)
);

CREATE TABLE vat_rate (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  code           TEXT   NOT NULL,
  name           TEXT   NOT NULL,
  basis_points   BIGINT NOT NULL CHECK (basis_points BETWEEN 0 AND 9999),  -- 810 is 8.1 %
  UNIQUE (institution, code)
);

-- Shipment modes (shipping-rules.md 1).
CREATE TABLE shipment_mode (
  id             IDENTITY,
  institution    BIGINT  NOT NULL REFERENCES institution,
  code           TEXT    NOT NULL,
  kind           TEXT    NOT NULL CHECK (kind IN ('by-hand','print-at-home','electronic','e-mail','mobile','pick-up','hand-later','post','registered','courier','external')),
  rank           BIGINT  NOT NULL,
  name_en        TEXT    NOT NULL,
  name_fr        TEXT    NOT NULL,
  name_de        TEXT    NOT NULL,
  name_it        TEXT    NOT NULL,
  note_en        TEXT    NOT NULL,                                         -- what the buyer should know of it
  note_fr        TEXT    NOT NULL,
  note_de        TEXT    NOT NULL,
  note_it        TEXT    NOT NULL,
  abroad         TEXT    NOT NULL CHECK (abroad IN ('no','yes','any')),    -- no: only to the institution's own country; yes: only to others
  last_days      BIGINT  NOT NULL CHECK (last_days >= 0),                  -- offered until the end of the Nth working day before the earliest performance
  fee            BIGINT  NOT NULL CHECK (fee >= 0),                        -- of an order, minor units
  vat_rate       BIGINT  NOT NULL REFERENCES vat_rate,
  needs_address  BOOLEAN NOT NULL,
  is_active      BOOLEAN NOT NULL,
  UNIQUE (institution, code)
);
-- None of these rows: for all channels.
CREATE TABLE shipment_mode_channel (
  shipment_mode  BIGINT NOT NULL REFERENCES shipment_mode,
  sales_channel  BIGINT NOT NULL REFERENCES sales_channel,
  PRIMARY KEY (shipment_mode, sales_channel)
);

-- ---- the catalogue ----

CREATE TABLE season (
  id             IDENTITY,
  organisation   BIGINT NOT NULL REFERENCES organisation,
  code           TEXT   NOT NULL,
  name           TEXT   NOT NULL,
  UNIQUE (organisation, code)
);

CREATE TABLE event (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  season         BIGINT NOT NULL REFERENCES season,
  code           TEXT   NOT NULL,
  UNIQUE (institution, code)
);

CREATE TABLE event_text (
  event          BIGINT NOT NULL REFERENCES event,
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  title          TEXT   NOT NULL CHECK (length(title) > 0),
  what           TEXT   NOT NULL,                                          -- one line: "Opera in four acts by Georges Bizet, in French"
  description    TEXT   NOT NULL,
  PRIMARY KEY (event, language)
);

CREATE TABLE venue (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  code           TEXT   NOT NULL,
  name           TEXT   NOT NULL,
  town           TEXT   NOT NULL,
  UNIQUE (institution, code)
);

CREATE TABLE configuration (
  id             IDENTITY,
  venue          BIGINT NOT NULL REFERENCES venue,
  code           TEXT   NOT NULL,
  name           TEXT   NOT NULL,                                          -- "Large Hall"
  UNIQUE (venue, code)
);

CREATE TABLE seat_category (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  code           TEXT   NOT NULL,                                          -- [a-z0-9_]+, stands in names of fields
  rank           BIGINT NOT NULL,
  name_en        TEXT   NOT NULL,
  name_fr        TEXT   NOT NULL,
  name_de        TEXT   NOT NULL,
  name_it        TEXT   NOT NULL,
  UNIQUE (institution, code)
);

CREATE TABLE tariff (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  code           TEXT   NOT NULL,
  rank           BIGINT NOT NULL,
  name_en        TEXT   NOT NULL,
  name_fr        TEXT   NOT NULL,
  name_de        TEXT   NOT NULL,
  name_it        TEXT   NOT NULL,
  UNIQUE (institution, code)
);

CREATE TABLE rate_table (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  code           TEXT   NOT NULL,
  name           TEXT   NOT NULL,
  vat_rate       BIGINT NOT NULL REFERENCES vat_rate,
  UNIQUE (institution, code)
);

CREATE TABLE rate (
  rate_table     BIGINT NOT NULL REFERENCES rate_table,
  seat_category  BIGINT NOT NULL REFERENCES seat_category,
  tariff         BIGINT NOT NULL REFERENCES tariff,
  price          BIGINT NOT NULL CHECK (price >= 0),                       -- minor units, VAT included
  PRIMARY KEY (rate_table, seat_category, tariff)
);

-- Money added to a ticket (charge) or an order (overhead); a shipment's fee stands with its mode.
CREATE TABLE fee (
  id             IDENTITY,
  institution    BIGINT  NOT NULL REFERENCES institution,
  code           TEXT    NOT NULL,
  kind           TEXT    NOT NULL CHECK (kind IN ('charge','overhead')),
  name_en        TEXT    NOT NULL,
  name_fr        TEXT    NOT NULL,
  name_de        TEXT    NOT NULL,
  name_it        TEXT    NOT NULL,
  amount         BIGINT  NOT NULL CHECK (amount >= 0),
  vat_rate       BIGINT  NOT NULL REFERENCES vat_rate,
  sales_channel  BIGINT  REFERENCES sales_channel,                         -- NULL: in all
  is_active      BOOLEAN NOT NULL,
  UNIQUE (institution, code)
);

-- A part of a configuration: numbered seats, or so many places to stand or sit freely.
CREATE TABLE zone (
  id             IDENTITY,
  configuration  BIGINT  NOT NULL REFERENCES configuration,
  code           TEXT    NOT NULL,
  rank           BIGINT  NOT NULL,
  name_en        TEXT    NOT NULL,
  name_fr        TEXT    NOT NULL,
  name_de        TEXT    NOT NULL,
  name_it        TEXT    NOT NULL,
  is_numbered    BOOLEAN NOT NULL,
  seat_category  BIGINT  REFERENCES seat_category,                         -- of an unnumbered zone; seats have their own
  capacity       BIGINT  NOT NULL CHECK (capacity >= 0),                   -- of an unnumbered zone
  CHECK (is_numbered = (seat_category IS NULL)),
  UNIQUE (configuration, code)
);

CREATE TABLE seat (
  id             IDENTITY,
  zone           BIGINT NOT NULL REFERENCES zone,
  seat_category  BIGINT NOT NULL REFERENCES seat_category,
  row_rank       BIGINT NOT NULL,                                          -- from the stage
  row_name       TEXT   NOT NULL,
  position       BIGINT NOT NULL,                                          -- along the row; neighbours differ by one, an aisle leaves a gap
  name           TEXT   NOT NULL,                                          -- the number on it
  x              BIGINT NOT NULL,                                          -- on the plan, in hundredths of its unit
  y              BIGINT NOT NULL,
  UNIQUE (zone, row_rank, position),
  UNIQUE (zone, row_name, name)
);

CREATE TABLE performance (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  event          BIGINT NOT NULL REFERENCES event,
  configuration  BIGINT NOT NULL REFERENCES configuration,
  rate_table     BIGINT NOT NULL REFERENCES rate_table,
  starts_at      BIGINT NOT NULL,
  doors_at       BIGINT NOT NULL,
  ends_at        BIGINT NOT NULL,
  state          TEXT   NOT NULL CHECK (state IN ('draft','on-sale','stopped','cancelled'))
);
CREATE INDEX performance_time ON performance (institution, starts_at);
CREATE INDEX performance_event ON performance (event, starts_at);

-- When a channel sells a performance; no row: never.
CREATE TABLE sale_window (
  performance    BIGINT NOT NULL REFERENCES performance,
  sales_channel  BIGINT NOT NULL REFERENCES sales_channel,
  opens_at       BIGINT NOT NULL,
  closes_at      BIGINT NOT NULL CHECK (closes_at > opens_at),
  PRIMARY KEY (performance, sales_channel)
);

-- A named share of a performance's places, sold by the channels that it names.
CREATE TABLE contingent (
  id             IDENTITY,
  performance    BIGINT NOT NULL REFERENCES performance,
  code           TEXT   NOT NULL,
  name           TEXT   NOT NULL,
  UNIQUE (performance, code)
);
CREATE TABLE contingent_channel (
  contingent     BIGINT NOT NULL REFERENCES contingent,
  sales_channel  BIGINT NOT NULL REFERENCES sales_channel,
  PRIMARY KEY (contingent, sales_channel)
);

-- The places of one zone, one category and one contingent of a performance: what is taken from.
CREATE TABLE performance_zone (
  id             IDENTITY,
  performance    BIGINT  NOT NULL REFERENCES performance,
  zone           BIGINT  NOT NULL REFERENCES zone,
  seat_category  BIGINT  NOT NULL REFERENCES seat_category,
  contingent     BIGINT  REFERENCES contingent,                            -- NULL: in no share, for every channel
  is_numbered    BOOLEAN NOT NULL,
  places         BIGINT  NOT NULL CHECK (places >= 0)                      -- how many rows of place it has: the audit counts them
);
CREATE INDEX performance_zone_performance ON performance_zone (performance, seat_category);

-- ---- the sale ----

-- A basket is an order in progress. Who bought stands here as it was said at the checkout, so that a bill never changes with a contact.
CREATE TABLE customer_order (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  state          TEXT   NOT NULL CHECK (state IN ('in_progress','option','reserved','sold_unpaid','partly_paid','settled','cancelled','abandoned')),
  reason         TEXT   NOT NULL,                                          -- why it is cancelled: 'expired', …
  number         BIGINT,                                                   -- with check digit; NULL while in progress
  browser_hash   BYTES  NOT NULL CHECK (length(browser_hash) = 32),        -- of the browser's cookie
  account        BIGINT REFERENCES internet_account,
  contact        BIGINT REFERENCES contact,
  made_at        BIGINT NOT NULL,
  held_until     BIGINT NOT NULL,                                          -- of a basket
  closed_at      BIGINT,                                                   -- when it became an order
  currency       TEXT   NOT NULL,
  total          BIGINT NOT NULL,                                          -- of its lines, once closed
  payment        TEXT   NOT NULL CHECK (payment IN ('','invoice','cash','card','none')),
  shipment_mode  BIGINT REFERENCES shipment_mode,
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  email          TEXT   NOT NULL,
  email_key      TEXT   NOT NULL,
  first_name     TEXT   NOT NULL,
  last_name      TEXT   NOT NULL,
  street         TEXT   NOT NULL,
  house_number   TEXT   NOT NULL,
  postcode       TEXT   NOT NULL,
  town           TEXT   NOT NULL,
  country        TEXT   NOT NULL,
  link_id        BYTES  CHECK (length(link_id) = 16),                      -- of the mail's link; nothing here suffices to make one
  CHECK ((number IS NULL) = (state IN ('in_progress','abandoned'))),
  CHECK ((number IS NULL) = (closed_at IS NULL)),
  UNIQUE (institution, number)
);
CREATE UNIQUE INDEX customer_order_basket ON customer_order (point_of_sale, browser_hash) WHERE state = 'in_progress';
CREATE INDEX customer_order_browser ON customer_order (browser_hash, id);
CREATE INDEX customer_order_account ON customer_order (account, id) WHERE account IS NOT NULL;
CREATE INDEX customer_order_email ON customer_order (institution, email_key, id) WHERE number IS NOT NULL;
CREATE INDEX customer_order_contact ON customer_order (contact, id) WHERE contact IS NOT NULL;
CREATE INDEX customer_order_idle ON customer_order (held_until) WHERE state = 'in_progress';
CREATE UNIQUE INDEX customer_order_link ON customer_order (link_id) WHERE link_id IS NOT NULL;

-- One thing bought at one price, fixed when it came into the basket.
CREATE TABLE order_line (
  id             IDENTITY,
  customer_order BIGINT NOT NULL REFERENCES customer_order,
  kind           TEXT   NOT NULL CHECK (kind IN ('ticket','charge','shipment','overhead','rounding')),
  performance_zone BIGINT REFERENCES performance_zone,
  tariff         BIGINT REFERENCES tariff,
  fee            BIGINT REFERENCES fee,
  quantity       BIGINT NOT NULL CHECK (quantity >= 0),
  price          BIGINT NOT NULL,                                          -- of one, VAT included; a rounding may be negative
  vat            BIGINT NOT NULL CHECK (vat BETWEEN 0 AND 9999),           -- basis points
  CHECK ((kind = 'ticket') = (performance_zone IS NOT NULL)),
  CHECK ((kind = 'ticket') = (tariff IS NOT NULL)),
  CHECK (price >= 0 OR kind = 'rounding'),
  UNIQUE (customer_order, performance_zone, tariff, price)
);
CREATE INDEX order_line_order ON order_line (customer_order, id);

-- Each place is a row. free_from: 0 free, the hold's end while held, 2^62 when taken. holder is the line that holds or took it; without a foreign key, since it is
-- written by the hottest statement of the house and a basket may be gone before its places are taken anew: the audit looks.
CREATE TABLE place (
  id             IDENTITY,
  zone           BIGINT NOT NULL REFERENCES performance_zone,
  seat           BIGINT REFERENCES seat,                                   -- NULL where places have no number
  free_from      BIGINT NOT NULL,
  holder         BIGINT
);
CREATE INDEX place_free ON place (zone, free_from, id);
CREATE INDEX place_holder ON place (holder) WHERE holder IS NOT NULL;
CREATE UNIQUE INDEX place_seat ON place (zone, seat) WHERE seat IS NOT NULL;

CREATE TABLE ticket (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  customer_order BIGINT NOT NULL REFERENCES customer_order,
  order_line     BIGINT NOT NULL REFERENCES order_line,
  place          BIGINT NOT NULL REFERENCES place,
  state          TEXT   NOT NULL CHECK (state IN ('held','sold','printed','controlled','cancelled','invalidated')),
  barcode        TEXT   UNIQUE,                                            -- unique for ever; made when it is sold
  prints         BIGINT NOT NULL CHECK (prints >= 0),
  replaced_by    BIGINT REFERENCES ticket,
  made_at        BIGINT NOT NULL,
  CHECK (barcode IS NOT NULL OR state IN ('held','cancelled'))
);
CREATE UNIQUE INDEX ticket_place ON ticket (place) WHERE state IN ('held','sold','printed','controlled');
CREATE INDEX ticket_order ON ticket (customer_order, id);
CREATE INDEX ticket_line ON ticket (order_line);

-- Every transition of an order and its tickets; append only.
CREATE TABLE order_history (
  id             IDENTITY,
  customer_order BIGINT NOT NULL REFERENCES customer_order,
  at             BIGINT NOT NULL,
  event          TEXT   NOT NULL,                                          -- 'closed', 'settled', 'ticket-cancelled', …
  state          TEXT   NOT NULL,                                          -- the order's afterwards
  by_name        TEXT   NOT NULL,                                          -- 'buyer', 'bank', an operator's name
  note           TEXT   NOT NULL
);
CREATE INDEX order_history_order ON order_history (customer_order, id);
