//! The service's error bodies. It has three shapes for reads, and which one comes tells what went
//! wrong: `message` for an object, `detail` for a route or a credential, code 10422 for a parameter.

use axum::http::StatusCode;
use serde_json::json;

/// A refusal: the status and the body that goes with it.
#[derive(Debug)]
pub struct Fault {
    pub status: StatusCode,
    pub body: String,
}

impl Fault {
    /// An error of the application, whose body repeats the status as `code`.
    pub fn app(status: StatusCode, message: &str) -> Self {
        let body = json!({"message": message, "code": status.as_u16(), "data": null}).to_string();
        Self { status, body }
    }

    /// There is no object with this id.
    pub fn no_id(id: &str) -> Self {
        let text = format!("Item with id '{id}' does not exist.");
        Self::app(StatusCode::NOT_FOUND, &text)
    }

    /// There is no object with this name.
    pub fn no_name(name: &str) -> Self {
        let text = format!("Item with name '{name}' does not exist.");
        Self::app(StatusCode::NOT_FOUND, &text)
    }

    /// There is no such path, or no such method on it, or no credential for it.
    pub fn detail(status: StatusCode, detail: &str) -> Self {
        let body = json!({ "detail": detail }).to_string();
        Self { status, body }
    }

    /// A parameter is bad or missing. The text is the service's debug text, not JSON.
    pub fn parameter(name: &str, kind: &str, message: &str, input: &str) -> Self {
        let text = format!(
            "1 validation error: {{'type': '{kind}', 'loc': ('query', '{name}'), 'msg': '{message}', 'input': {input}}}"
        );
        let body = json!({"status_code": 10422, "message": text, "data": null}).to_string();
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            body,
        }
    }
}
