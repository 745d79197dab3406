-- 0025_payments_interface.sql: every house has a payment integration, its door for banks' files
INSERT INTO interface (institution, kind, code, name, is_active)
  SELECT i.id, 'payments', 'payments', 'Payments', TRUE FROM institution i
   WHERE NOT EXISTS (SELECT 1 FROM interface x WHERE x.institution = i.id AND x.code = 'payments');

-- An import that somebody has to go on with, looked for every second.
CREATE INDEX payment_import_accepted ON payment_import (id) WHERE state = 'accepted';
