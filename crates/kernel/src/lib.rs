//! The words every part of Busbar shares.
