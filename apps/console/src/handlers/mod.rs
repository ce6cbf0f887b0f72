//! One folder per resource, one file per verb.
