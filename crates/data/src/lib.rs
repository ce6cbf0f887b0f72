//! Tables as an API: the PostgREST grammar to SQL, schema changes, policies.
