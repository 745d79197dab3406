-- 0013_bulk_operator.sql: an action for many acts as the operator who asked for it, with the rights that he has while it goes on

ALTER TABLE bulk_action ADD COLUMN operator BIGINT REFERENCES operator;   -- NULL: a command of the server
