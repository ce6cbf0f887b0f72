//! Tables as an API, on every database there is.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

mod aggregates;
mod bad_input;
mod bed;
mod codes;
mod corpus;
mod embed_fuzz;
mod embed_policies;
mod embed_writes;
mod embeds;
mod embeds_of_postgres;
mod events;
mod filters;
mod functions;
mod further_musts;
mod fuzz;
mod hidden_values;
mod hooks;
mod media;
mod parity;
mod policies;
mod policy_subqueries;
mod preferences;
mod reads;
mod selects;
mod spreads;
mod statements;
mod tables;
mod two_people;
mod upserts;
mod violations;
mod writes;
