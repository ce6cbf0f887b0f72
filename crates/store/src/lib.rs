//! SQL over SQLite and PostgreSQL: scopes, transactions, migrations, JSON results.
