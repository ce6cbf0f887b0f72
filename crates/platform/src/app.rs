//! An app: a value that says everything the platform needs to run it.

use std::sync::Arc;

use crate::Permission;
use crate::gate::Gate;
use crate::http::failure::{Shape, plain_shape};
use crate::routes::MountedRoute;

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
    pub(crate) gate: Arc<dyn Gate>,
    pub(crate) shape: Shape,
    pub(crate) origins: Origins,
    pub(crate) permissions: &'static [&'static Permission],
    pub(crate) routes: Vec<MountedRoute>,
}

impl App {
    /// An app with a name and its gate.
    pub fn new(name: &'static str, gate: Arc<dyn Gate>) -> Self {
        Self {
            name,
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

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }
}
