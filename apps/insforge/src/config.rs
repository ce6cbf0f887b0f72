//! The variables of the InsForge surface.

use busbar_files::ObjectRule;
use busbar_identity::tokens::OutsideTokens;
use busbar_kernel::variables::{Entry, Settings, Variable};

/// The address under which clients reach this server.
pub static API_BASE_URL: Variable<Option<String>> = Variable::new(
    "API_BASE_URL",
    "insforge",
    "The address under which clients reach Busbar, for absolute links; the request's own host when empty",
)
.aliases(&["VITE_API_BASE_URL"]);

/// Tokens signed by others with the shared secret.
pub static INSFORGE_COMPAT_HS256: Variable<String> = Variable::new(
    "INSFORGE_COMPAT_HS256",
    "insforge",
    "Outside HS256 tokens signed with JWT_SECRET: safe takes users with exp only, original also operators and tokens without exp",
)
.default("safe")
.check(safe_or_original);

/// Other people's objects.
pub static INSFORGE_COMPAT_STORAGE_RLS: Variable<String> = Variable::new(
    "INSFORGE_COMPAT_STORAGE_RLS",
    "insforge",
    "Objects of others: safe lets only the owner read, replace, remove and list, original everybody who is signed in",
)
.default("safe")
.check(safe_or_original);

/// New buckets.
pub static INSFORGE_COMPAT_BUCKETS: Variable<String> = Variable::new(
    "INSFORGE_COMPAT_BUCKETS",
    "insforge",
    "A new bucket of which nobody says whether it is public: safe makes it private, original public",
)
.default("safe")
.check(safe_or_original);

/// SQL with the owner's rights.
pub static INSFORGE_COMPAT_UNRESTRICTED_SQL: Variable<String> = Variable::new(
    "INSFORGE_COMPAT_UNRESTRICTED_SQL",
    "insforge",
    "Raw SQL with the database owner's rights: safe refuses it, original allows administrators everything the owner may",
)
.default("safe")
.check(safe_or_original);

/// The budget of sign-ins.
pub static SIGN_IN_LIMIT: Variable<u64> = Variable::new(
    "SIGN_IN_LIMIT",
    "insforge",
    "Sign-ins that one address may try within 15 minutes, refreshes not counted; never unlimited",
)
.default("300")
.check(one_at_least);

/// The budget of sign-ups.
pub static SIGN_UP_LIMIT: Variable<u64> = Variable::new(
    "SIGN_UP_LIMIT",
    "insforge",
    "Sign-ups that one address may try within 15 minutes; never unlimited",
)
.default("300")
.check(one_at_least);

/// This app's part of the variable table.
pub static VARIABLES: &[&Entry] = &[
    API_BASE_URL.entry(),
    INSFORGE_COMPAT_HS256.entry(),
    INSFORGE_COMPAT_STORAGE_RLS.entry(),
    INSFORGE_COMPAT_BUCKETS.entry(),
    INSFORGE_COMPAT_UNRESTRICTED_SQL.entry(),
    SIGN_IN_LIMIT.entry(),
    SIGN_UP_LIMIT.entry(),
];

fn safe_or_original(text: &str) -> Result<(), String> {
    match text {
        "safe" | "original" => Ok(()),
        _ => Err("must be safe or original".to_owned()),
    }
}

/// What signed-in people may do with objects that are not theirs.
pub fn object_rule(settings: &Settings) -> ObjectRule {
    match settings.get(&INSFORGE_COMPAT_STORAGE_RLS).as_str() {
        "original" => ObjectRule::SignedIn,
        _ => ObjectRule::Owner,
    }
}

/// Whether a bucket is public when nobody says.
pub fn new_buckets_are_public(settings: &Settings) -> bool {
    settings.get(&INSFORGE_COMPAT_BUCKETS) == "original"
}

/// Whether administrators may run SQL with the owner's rights.
pub fn unrestricted_sql(settings: &Settings) -> bool {
    settings.get(&INSFORGE_COMPAT_UNRESTRICTED_SQL) == "original"
}

/// What the directory of this app accepts from those who share its signing secret.
pub fn outside_tokens(settings: &Settings) -> OutsideTokens {
    match settings.get(&INSFORGE_COMPAT_HS256).as_str() {
        "original" => OutsideTokens::Original,
        _ => OutsideTokens::Safe,
    }
}

/// How often one address may try to come in, within 15 minutes.
#[derive(Clone, Copy, Debug)]
pub struct Budgets {
    /// Sign-ins of people and of the operator, each on its own.
    pub sign_in: u64,
    /// Sign-ups.
    pub sign_up: u64,
}

impl Budgets {
    /// Reads them from the table.
    pub fn from_settings(settings: &Settings) -> Self {
        Self {
            sign_in: settings.get(&SIGN_IN_LIMIT),
            sign_up: settings.get(&SIGN_UP_LIMIT),
        }
    }
}

fn one_at_least(raw: &str) -> Result<(), String> {
    match raw.trim().parse::<u64>() {
        Ok(number) if number > 0 => Ok(()),
        _ => Err("must be a whole number above zero".to_owned()),
    }
}
