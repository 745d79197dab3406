-- 0034_event_picture.sql: a picture of an event for each language, as the program wrote it anew, never as it was uploaded

CREATE TABLE event_picture (
  event          BIGINT NOT NULL REFERENCES event,
  language       TEXT   NOT NULL CHECK (language IN ('en','fr','de','it')),
  digest         TEXT   NOT NULL CHECK (length(digest) = 32),              -- of jpeg, hexadecimal: stands in its address, so that it may be kept for ever
  alt            TEXT   NOT NULL CHECK (length(alt) > 0),                  -- what it shows, for who does not see it
  jpeg           BYTES  NOT NULL,
  width          BIGINT NOT NULL CHECK (width > 0),
  height         BIGINT NOT NULL CHECK (height > 0),
  PRIMARY KEY (event, language)
);
CREATE INDEX event_picture_digest ON event_picture (digest);
