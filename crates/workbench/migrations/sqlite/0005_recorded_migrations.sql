-- People's SQL reaches no table of the system on SQLite.
SELECT 1;
