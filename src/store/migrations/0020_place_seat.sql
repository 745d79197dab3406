-- 0020_place_seat.sql: a seat's places are found by the seat too: each seat that is deleted asks whether a place still names it, which was a walk through all places

DROP INDEX place_seat;
CREATE UNIQUE INDEX place_seat ON place (seat, zone) WHERE seat IS NOT NULL;
