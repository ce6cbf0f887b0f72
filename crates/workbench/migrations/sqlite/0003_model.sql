-- Schemas, roles and functions of their own are PostgreSQL's.
SELECT 1;
