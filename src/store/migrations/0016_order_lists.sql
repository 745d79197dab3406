-- 0016_order_lists.sql: the office's lists of orders, each in the order of its ids

CREATE INDEX customer_order_closed    ON customer_order (institution, id) WHERE number IS NOT NULL;
CREATE INDEX customer_order_unpaid    ON customer_order (institution, id) WHERE state IN ('reserved','sold_unpaid','partly_paid');
CREATE INDEX customer_order_settled   ON customer_order (institution, id) WHERE state = 'settled';
CREATE INDEX customer_order_cancelled ON customer_order (institution, id) WHERE state = 'cancelled';
