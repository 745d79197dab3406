-- 0028_sale_terms.sql: the terms of sale of a shop, a row a language; none: our own draft is shown

CREATE TABLE sale_terms (
  point_of_sale  BIGINT NOT NULL REFERENCES point_of_sale,
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  words          TEXT   NOT NULL CHECK (words <> ''),
  PRIMARY KEY (point_of_sale, language)
);
