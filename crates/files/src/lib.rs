//! Buckets and objects.
