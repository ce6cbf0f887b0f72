//! The route table of a part: rows with state, and rows ready to be mounted.

use std::sync::Arc;
use std::time::Duration;

use http::Method;

use crate::http::failure::Shape;
use crate::route::{Description, Endpoint, Limit, Route};
use crate::{Access, Gate};

/// A table of routes whose handlers take state `S`.
pub struct Routes<S> {
    rows: Vec<(Group, Route<S>)>,
    group: Group,
}

/// What the routes of one group have in common.
#[derive(Clone, Default)]
pub(crate) struct Group {
    pub(crate) tag: &'static str,
    pub(crate) shape: Option<Shape>,
    pub(crate) gate: Option<Arc<dyn Gate>>,
}

/// A route without its state's type.
pub struct MountedRoute {
    /// The method.
    pub method: Method,
    /// The path below the app's mount.
    pub path: String,
    /// What it asks for.
    pub access: Access,
    /// How many requests are let through.
    pub limit: Option<Limit>,
    pub(crate) body_limit: Option<usize>,
    pub(crate) time_limit: Option<Duration>,
    pub(crate) endpoint: Endpoint<()>,
    pub(crate) description: Description,
    pub(crate) group: Group,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// An empty table.
    pub fn new() -> Self {
        Self {
            rows: Vec::new(),
            group: Group::default(),
        }
    }

    /// Begins a group: what follows stands under this heading of the API reference, in the app's own error shape.
    #[must_use]
    pub fn group(mut self, tag: &'static str) -> Self {
        self.group = Group {
            tag,
            ..Group::default()
        };
        self
    }

    /// The error shape of the current group, instead of the app's.
    #[must_use]
    pub fn shape(mut self, shape: Shape) -> Self {
        self.group.shape = Some(shape);
        self
    }

    /// The gate of the current group, instead of the app's.
    #[must_use]
    pub fn gate(mut self, gate: Arc<dyn Gate>) -> Self {
        self.group.gate = Some(gate);
        self
    }

    /// Adds a route to the current group.
    #[must_use]
    pub fn route(mut self, route: Route<S>) -> Self {
        self.rows.push((self.group.clone(), route));
        self
    }

    /// Appends another table.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.rows.extend(other.rows);
        self
    }

    /// Gives the handlers their state.
    pub fn with_state(self, state: S) -> Vec<MountedRoute> {
        let mount = |(group, route): (Group, Route<S>)| {
            let state = state.clone();
            let endpoint = route.endpoint;
            MountedRoute {
                method: route.method,
                path: route.path,
                access: route.access,
                limit: route.limit,
                body_limit: route.body_limit,
                time_limit: route.time_limit,
                endpoint: Box::new(move |guard| endpoint(guard).with_state(state)),
                description: route.description,
                group,
            }
        };
        self.rows.into_iter().map(mount).collect()
    }
}
