-- 0033_shipping_by_hand.sql: previews of long files are made in the background; fees of shipment modes by ticket or shipment (shipping-rules.md 1, 4)

-- A printing status file whose preview is empty is being read: who reads it moves touched_at on, and whoever finds it standing still takes over.
ALTER TABLE status_import ADD COLUMN touched_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX status_import_unread ON status_import (id) WHERE state = 'read' AND preview = '';

ALTER TABLE shipment_mode ADD COLUMN fee_per TEXT NOT NULL DEFAULT 'order' CHECK (fee_per IN ('order','ticket'));
ALTER TABLE shipment_mode ADD COLUMN free_from BIGINT NOT NULL DEFAULT 0 CHECK (free_from >= 0);  -- tickets worth so much travel free; 0: never
ALTER TABLE event ADD COLUMN is_in_shipment_fee BOOLEAN NOT NULL DEFAULT TRUE;                      -- its tickets count for a fee by the ticket
