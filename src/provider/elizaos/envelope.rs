//! What every reply is wrapped in: the envelope that the server sends, the bare form that its
//! documentation shows, and the several forms of saying no.

use crate::model::Reply;
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// The data of a reply, with or without an envelope.
pub(super) fn data<'a>(reply: &'a Reply<'_>) -> Result<Raw<'a>, ReadError> {
    let body = match wire::body(reply) {
        Ok(body) => body,
        Err(foreign) if reply.is_ok() => return Err(foreign),
        Err(_) => return Err(ReadError::Said(spelled(reply))),
    };
    let whole = Object::read(body);
    if reply.is_ok() && whole.is_none() {
        return Err(ReadError::Foreign(
            "a JSON value where ElizaOS sends an object".to_owned(),
        ));
    }
    let denied = |whole: &Object<'_>| whole.boolean("success") == Some(false);
    if !reply.is_ok() || whole.as_ref().is_some_and(denied) {
        return Err(ReadError::Said(words(reply, whole.as_ref())));
    }
    Ok(match whole {
        Some(whole) if whole.boolean("success") == Some(true) => whole.raw("data").unwrap_or(body),
        _ => body,
    })
}

/// The service's words. The code tells apart two things that are both 404.
fn words(reply: &Reply<'_>, whole: Option<&Object<'_>>) -> String {
    let Some(whole) = whole else {
        return spelled(reply);
    };
    let code = whole
        .object("error")
        .and_then(|error| error.text_of("code"));
    let said = said(whole).unwrap_or_else(|| format!("HTTP {}", reply.status));
    match (reply.status, code.as_deref()) {
        (404, Some("NOT_FOUND")) if said == "Agent not found" => {
            format!("{said}: it does not exist or is stopped, and a stopped agent shows no runs")
        }
        (404, Some("404")) => {
            format!("{said}: this server is older than 1.5.8 or no ElizaOS 1.x server")
        }
        _ => said,
    }
}

/// What an object that is a refusal says; none where it has no words.
pub(super) fn said(whole: &Object<'_>) -> Option<String> {
    let error = whole.object("error");
    let said = match &error {
        Some(error) => [error.some_text("message"), error.some_text("details")],
        None => [whole.some_text("error"), whole.some_text("message")],
    };
    let details = || {
        error
            .is_none()
            .then(|| whole.some_text("details"))
            .flatten()
    };
    let mut said: Vec<String> = said.into_iter().flatten().collect();
    if said.len() < 2 {
        said.extend(details());
    }
    (!said.is_empty()).then(|| wire::one_line(&said.join(": "), 400))
}

/// A refusal that is no JSON: the beginning of a text, never of a page.
fn spelled(reply: &Reply<'_>) -> String {
    let text = String::from_utf8_lossy(reply.body);
    let line = wire::one_line(&text, 200);
    if line.is_empty() || line.starts_with('<') {
        format!("HTTP {}", reply.status)
    } else {
        line
    }
}
