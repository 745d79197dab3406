-- 0032_till.sql: money that was taken at a counter, in cash or by the card terminal beside it (domain.md 9)

CREATE TABLE till_payment (
  id             IDENTITY,
  institution    BIGINT NOT NULL REFERENCES institution,
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  customer_order BIGINT NOT NULL REFERENCES customer_order,
  mode           TEXT   NOT NULL CHECK (mode IN ('cash','card')),
  amount         BIGINT NOT NULL CHECK (amount > 0),
  given          BIGINT NOT NULL CHECK (given >= amount),                  -- in cash, before the change
  at             BIGINT NOT NULL,
  operator       BIGINT NOT NULL REFERENCES operator,
  by_name        TEXT   NOT NULL
);
CREATE UNIQUE INDEX till_payment_order ON till_payment (customer_order);
CREATE INDEX till_payment_day ON till_payment (institution, at);
