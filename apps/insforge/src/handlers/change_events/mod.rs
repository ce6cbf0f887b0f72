//! Change events of tables.

pub(crate) mod list;
pub(crate) mod publish;
pub(crate) mod recent;
pub(crate) mod withdraw;
