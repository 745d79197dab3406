-- 0026_logo.sql: the logo of a point of sale, as the program wrote it anew, never as it was uploaded

CREATE TABLE point_of_sale_logo (
  point_of_sale  BIGINT NOT NULL PRIMARY KEY REFERENCES point_of_sale,
  digest         TEXT   NOT NULL CHECK (length(digest) = 32),              -- of png, hexadecimal: stands in its address, so that it may be kept for ever
  png            BYTES  NOT NULL,
  width          BIGINT NOT NULL CHECK (width > 0),                        -- as it is shown, in CSS pixels
  height         BIGINT NOT NULL CHECK (height > 0)
);
