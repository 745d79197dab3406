-- 0031_watched_folders.sql: folders that files are fetched from by themselves: where, and which process is at it

CREATE TABLE watched_folder (
  interface      BIGINT NOT NULL PRIMARY KEY REFERENCES interface,
  path           TEXT   NOT NULL UNIQUE CHECK (length(path) > 0),          -- whole, without a slash at its end
  lease_until    BIGINT NOT NULL                                           -- 0: nobody is at it; past: who was at it has died
);
