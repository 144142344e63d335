//! Bodies, headers and query parameters as the service has them: its envelopes, its several forms of
//! error, its weak ETag, its lenient integers. Knows nothing of agents and runs.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use bytes::Bytes;

/// An answer before it becomes HTTP.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub status: u16,
    pub body: Bytes,
    pub headers: Vec<(&'static str, String)>,
    json: bool,
}

impl Answer {
    fn json(status: u16, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            body: body.into(),
            headers: Vec::new(),
            json: true,
        }
    }

    /// 200 with a body of its own form.
    pub fn bare(body: String) -> Self {
        Self::json(200, body)
    }

    /// 200 with `data` in the usual envelope.
    pub fn data(data: &str) -> Self {
        Self::json(200, format!(r#"{{"success":true,"data":{data}}}"#))
    }

    /// An error in the usual envelope. `code` and `message` need no escaping.
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::json(
            status,
            format!(r#"{{"success":false,"error":{{"code":"{code}","message":"{message}"}}}}"#),
        )
    }

    /// An id that is no UUID.
    pub fn invalid(what: &str) -> Self {
        Self::error(400, "INVALID_ID", &format!("Invalid {what} ID format"))
    }

    /// A thing that does not exist, or an agent that is stopped.
    pub fn not_found(message: &str) -> Self {
        Self::error(404, "NOT_FOUND", message)
    }

    /// A path under `/api` that does not exist: the code is a number here.
    pub fn no_route() -> Self {
        Self::json(
            404,
            r#"{"success":false,"error":{"message":"API endpoint not found","code":404}}"#,
        )
    }

    /// A missing or wrong key: an envelope of its own, without `success`.
    pub fn unauthorized() -> Self {
        Self::json(
            401,
            r#"{"error":"API key required","message":"Missing or invalid X-API-KEY header"}"#,
        )
    }

    /// A path outside the API of a server without its web interface.
    pub fn forbidden() -> Self {
        Self {
            json: false,
            ..Self::json(403, "Forbidden")
        }
    }

    /// 304 when the client holds this very body, else itself with its tag.
    pub fn unless_known(mut self, etag: Option<&str>) -> Self {
        if self.status != 200 {
            return self;
        }
        let tag = format!("W/\"{:x}-{:x}\"", self.body.len(), fnv(&self.body));
        if etag == Some(tag.as_str()) {
            self.status = 304;
            self.body = Bytes::new();
        }
        self.headers.push(("etag", tag));
        self
    }

    /// As HTTP.
    pub fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or_default();
        let kind = if self.json {
            "application/json; charset=utf-8"
        } else {
            "text/plain; charset=utf-8"
        };
        let headers = response.headers_mut();
        headers.insert("content-type", HeaderValue::from_static(kind));
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// FNV-1a: ids out of names, tags out of bodies.
pub(super) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Whether the service would take this for an id.
pub(super) fn is_uuid(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// Text as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Values as a JSON array.
pub(super) fn array(items: impl IntoIterator<Item = String>) -> String {
    let mut out = String::from("[");
    for (i, item) in items.into_iter().enumerate() {
        let _ = write!(out, "{}{item}", if i > 0 { "," } else { "" });
    }
    out.push(']');
    out
}

/// The query parameters, decoded.
#[derive(Debug, Default)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub fn read(text: &str) -> Self {
        Self(
            url::form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The first value of a parameter; a blank one counts as absent.
    pub fn word(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        (!value.is_empty()).then_some(value)
    }

    /// All values of a parameter.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// An integer as JavaScript reads one: leading digits count, anything else is absent.
    pub fn int(&self, name: &str) -> Option<i64> {
        let word = self.word(name)?.trim_start();
        let digits = word.bytes().skip(usize::from(word.starts_with('-')));
        let len =
            digits.take_while(u8::is_ascii_digit).count() + usize::from(word.starts_with('-'));
        word.get(..len)?.parse().ok()
    }

    /// The room filter: an error when it is no UUID.
    pub fn room(&self) -> Result<Option<&str>, Answer> {
        match self.word("roomId") {
            Some(room) if !is_uuid(room) => Err(Answer::invalid("room")),
            room => Ok(room),
        }
    }
}
