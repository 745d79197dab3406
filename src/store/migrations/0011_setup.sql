-- 0011_setup.sql: what the first run needs: the database's own id, and the mail server that was set up in the office

-- Of which the one-time code is made that the first run asks for: the same from every process. One row; its UPDATE is the first run's lock.
CREATE TABLE database_id (
  one            BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
  id             BYTES  NOT NULL CHECK (length(id) = 16)
);

CREATE TABLE mail_server (
  institution    BIGINT NOT NULL PRIMARY KEY REFERENCES institution,
  place          TEXT   NOT NULL,                                          -- scheme, host and port: what pages show
  sealed         BYTES  NOT NULL,                                          -- the whole URL with user and password, by a key of --secret-dir
  changed_at     BIGINT NOT NULL
);
