//! How a part plugs in: apps, route tables, guards, extractors, errors to responses, limits, OpenAPI.
