-- A copy of SQLite's file holds what is published, and its triggers.
SELECT 1;
