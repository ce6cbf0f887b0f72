//! An app: a value that says everything the platform needs to run it.

use std::sync::Arc;

use crate::gate::Gate;
use crate::http::failure::{Shape, plain_shape};
use crate::routes::MountedRoute;
use crate::{Mount, Permission};

/// Which origins a browser may call an app from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Those of `CORS_ORIGIN`; any in development.
    Configured,
    /// None but its own.
    Own,
}

/// An app.
pub struct App {
    pub(crate) name: &'static str,
    pub(crate) default_mount: Mount,
    pub(crate) gate: Arc<dyn Gate>,
    pub(crate) shape: Shape,
    pub(crate) origins: Origins,
    pub(crate) permissions: &'static [&'static Permission],
    pub(crate) routes: Vec<MountedRoute>,
}

impl App {
    /// An app with a name, the place where it answers unless told otherwise, and its gate.
    pub fn new(name: &'static str, default_mount: Mount, gate: Arc<dyn Gate>) -> Self {
        Self {
            name,
            default_mount,
            gate,
            shape: plain_shape,
            origins: Origins::Configured,
            permissions: &[],
            routes: Vec::new(),
        }
    }

    /// The shape of its errors.
    #[must_use]
    pub fn shape(mut self, shape: Shape) -> Self {
        self.shape = shape;
        self
    }

    /// Which origins may call it.
    #[must_use]
    pub fn origins(mut self, origins: Origins) -> Self {
        self.origins = origins;
        self
    }

    /// Every permission its routes ask for.
    #[must_use]
    pub fn permissions(mut self, permissions: &'static [&'static Permission]) -> Self {
        self.permissions = permissions;
        self
    }

    /// Its routes.
    #[must_use]
    pub fn routes(mut self, routes: Vec<MountedRoute>) -> Self {
        self.routes.extend(routes);
        self
    }

    /// Where it answers unless told otherwise.
    pub fn default_mount(&self) -> &Mount {
        &self.default_mount
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }
}
