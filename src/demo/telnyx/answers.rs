//! Bodies and status codes in the service's spelling: `data` with or without `meta`, the gateway's
//! `errors`, the framework's `detail`. It knows envelopes, not what is in them.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::page::{Fault, Page};

/// A body that is JSON text already.
pub(super) fn raw(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// One object.
pub(super) fn one(text: &str) -> Response {
    raw(StatusCode::OK, format!("{{\"data\":{text}}}"))
}

/// A list that has no pages: no `meta`.
pub(super) fn all<S: AsRef<str>>(texts: &[S]) -> Response {
    raw(StatusCode::OK, format!("{{\"data\":[{}]}}", joined(texts)))
}

/// The asked page of `texts`. A page beyond the end is empty, not an error.
pub(super) fn paged<S: AsRef<str>>(texts: &[S], page: Page) -> Response {
    let shown = texts.get(page.range(texts.len())).unwrap_or_default();
    let meta = json!({
        "page_number": page.number,
        "page_size": page.size,
        "total_pages": texts.len().div_ceil(page.size),
        "total_results": texts.len(),
    });
    raw(
        StatusCode::OK,
        format!("{{\"data\":[{}],\"meta\":{meta}}}", joined(shown)),
    )
}

fn joined<S: AsRef<str>>(texts: &[S]) -> String {
    let parts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    parts.join(",")
}

fn envelope(status: StatusCode, code: &str, title: &str, detail: &str) -> Response {
    let url = format!("https://developers.telnyx.com/docs/overview/errors/{code}");
    let body = json!({"errors": [{
        "code": code, "title": title, "detail": detail, "meta": {"url": url}
    }]});
    raw(status, body.to_string())
}

/// No key, or a wrong one.
pub(super) fn refused() -> Response {
    envelope(
        StatusCode::UNAUTHORIZED,
        "10009",
        "Authentication failed",
        "The key was missing or not valid.",
    )
}

/// More calls than the window allows; when it ends stands in `x-ratelimit-reset` alone.
pub(super) fn too_many() -> Response {
    envelope(
        StatusCode::TOO_MANY_REQUESTS,
        "10011",
        "Too many requests",
        "Slow down.",
    )
}

/// A path that nothing serves.
pub(super) fn no_route() -> Response {
    envelope(
        StatusCode::NOT_FOUND,
        "10005",
        "Resource not found",
        "The requested resource or URL could not be found.",
    )
}

/// A write: this server holds a fixed story.
pub(super) fn method_not_allowed() -> Response {
    let body = json!({"detail": "Method Not Allowed"});
    raw(StatusCode::METHOD_NOT_ALLOWED, body.to_string())
}

/// An id that names nothing.
pub(super) fn missing(what: &str) -> Response {
    let body = json!({"detail": format!("{what} not found")});
    raw(StatusCode::NOT_FOUND, body.to_string())
}

/// Parameters or path ids that do not validate, each named.
pub(super) fn invalid(faults: &[Fault]) -> Response {
    let detail: Vec<Value> = faults.iter().map(Fault::told).collect();
    raw(
        StatusCode::UNPROCESSABLE_ENTITY,
        json!({"detail": detail}).to_string(),
    )
}
