//! Who may do what with objects, as long as no policy says otherwise.

use busbar_kernel::{Actor, Error, Result};

/// What signed-in people may do with objects that are not theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectRule {
    /// Nothing: only the owner reads (outside of public buckets), replaces, deletes and lists.
    Owner,
    /// Everything, as InsForge does before anybody writes a policy. To be chosen by name only.
    SignedIn,
}

/// The objects that an actor may change and list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All of them.
    All,
    /// Those that this subject uploaded.
    Own(String),
}

impl Reach {
    /// Whether everything is in reach, as a parameter of a statement.
    pub(crate) fn all(&self) -> bool {
        *self == Self::All
    }

    /// The subject that must be the owner, as a parameter of a statement.
    pub(crate) fn owner(&self) -> Option<&str> {
        match self {
            Self::All => None,
            Self::Own(subject) => Some(subject),
        }
    }

    /// Whether an object uploaded by `owner` is in reach.
    pub(crate) fn has(&self, owner: Option<&str>) -> bool {
        self.owner().is_none_or(|subject| owner == Some(subject))
    }
}

/// The objects in `actor`'s reach.
///
/// # Errors
/// `Unauthenticated` for nobody, `Forbidden` for the application without a person.
pub(crate) fn reach(actor: &Actor, rule: ObjectRule) -> Result<Reach> {
    match actor {
        Actor::Nobody => Err(no_credential()),
        Actor::Anonymous => Err(Error::forbidden(
            "files.sign_in_required",
            "Files can be changed and listed only by people who are signed in",
        )),
        Actor::User(user) if rule == ObjectRule::Owner => Ok(Reach::Own(user.subject.clone())),
        Actor::User(_) | Actor::Service { .. } | Actor::Operator { .. } => Ok(Reach::All),
    }
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

pub(crate) fn no_credential() -> Error {
    Error::unauthenticated("access.no_credential", "Sign in first")
}
