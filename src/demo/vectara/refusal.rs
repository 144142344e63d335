//! The service's error bodies: messages and a request id, never a code field.
//! It decides nothing; the router says what went wrong.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::demo::tales::Rng;

/// A request that gets no data, and the body that says so.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    body: Value,
}

impl Refusal {
    pub(super) fn unauthorized() -> Self {
        Self::plain(
            StatusCode::UNAUTHORIZED,
            "The API key is missing or not valid.",
        )
    }

    pub(super) fn no_route(path: &str) -> Self {
        Self::not_found(path, "There is nothing at this path.")
    }

    pub(super) fn read_only() -> Self {
        Self::plain(StatusCode::METHOD_NOT_ALLOWED, "The demo only answers GET.")
    }

    pub(super) fn not_found(id: &str, message: &str) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            body: json!({"id": id, "messages": [message]}),
        }
    }

    /// A query parameter that the service does not accept.
    pub(super) fn bad(field: &str, why: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            body: json!({"field_errors": {field: why}, "messages": ["The request is malformed."]}),
        }
    }

    fn plain(status: StatusCode, message: &str) -> Self {
        Self {
            status,
            body: json!({"messages": [message]}),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        static SEEN: AtomicU64 = AtomicU64::new(1);
        let mut rng = Rng::seeded(SEEN.fetch_add(1, Ordering::Relaxed));
        let mut body = self.body;
        if let Some(fields) = body.as_object_mut() {
            let id = format!("{:016x}{:016x}", rng.bits(), rng.bits());
            fields.insert("request_id".to_owned(), id.into());
        }
        let kind = [(header::CONTENT_TYPE, "application/json")];
        (self.status, kind, body.to_string()).into_response()
    }
}
