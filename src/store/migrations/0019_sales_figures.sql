-- 0019_sales_figures.sql: the start page counts the last days' orders without walking all of them

CREATE INDEX customer_order_day ON customer_order (institution, closed_at) WHERE closed_at IS NOT NULL;
