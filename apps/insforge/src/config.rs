//! The variables of the InsForge surface.

use busbar_kernel::variables::{Entry, Variable};

/// The address under which clients reach this server.
pub static API_BASE_URL: Variable<Option<String>> = Variable::new(
    "API_BASE_URL",
    "insforge",
    "The address under which clients reach Busbar, for absolute links; the request's own host when empty",
)
.aliases(&["VITE_API_BASE_URL"]);

/// This app's part of the variable table.
pub static VARIABLES: &[&Entry] = &[API_BASE_URL.entry()];
