//! Who may do what with objects, as long as no policy says otherwise; who is an administrator.

use busbar_kernel::{Actor, Error, Result};

/// What signed-in people may do with objects that are not theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectRule {
    /// Nothing: only the owner reads (outside of public buckets), replaces, deletes and lists.
    Owner,
    /// Everything, as InsForge does before anybody writes a policy. To be chosen by name only.
    SignedIn,
}

/// Lets administrators pass.
///
/// # Errors
/// `Unauthenticated` for nobody, `Forbidden` for everybody else.
pub(crate) fn administrator(actor: &Actor) -> Result<()> {
    match actor {
        Actor::Nobody => Err(no_credential()),
        actor if actor.is_administrator() => Ok(()),
        _ => Err(Error::forbidden("access.admin_required", "Admin access required")),
    }
}

/// Lets people and administrators pass.
///
/// # Errors
/// `Unauthenticated` for nobody, `Forbidden` for the application without a person.
pub(crate) fn somebody(actor: &Actor) -> Result<()> {
    match actor {
        Actor::Nobody => Err(no_credential()),
        Actor::Anonymous => Err(Error::forbidden(
            "files.sign_in_required",
            "Files can be changed and listed only by people who are signed in",
        )),
        Actor::User(_) | Actor::Service { .. } | Actor::Operator { .. } => Ok(()),
    }
}

pub(crate) fn no_credential() -> Error {
    Error::unauthenticated("access.no_credential", "Sign in first")
}
