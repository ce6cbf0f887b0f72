//! Expiring values, counters and pub/sub, in process or on Redis.
