//! The files of a session: those that somebody uploaded, as the story's events name them, and those
//! that the agent made. The list leaves out what is in them. The content of an upload is made up.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::Uri;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::page::Page;
use super::refusal::Refusal;
use super::world::{Session, World, text};
use super::{Answer, Params, tell};
use crate::demo::tales::Rng;

pub(super) fn routes() -> Router<Arc<World>> {
    let all = "/v2/agents/{agent}/sessions/{session}/artifacts";
    let one = "/v2/agents/{agent}/sessions/{session}/artifacts/{artifact}";
    Router::new().route(all, get(list)).route(one, get(file))
}

async fn list(
    State(world): State<Arc<World>>,
    Path((agent, key)): Path<(String, String)>,
    uri: Uri,
    Query(params): Params,
) -> Answer {
    let session = world.session(&agent, &key)?;
    let page = Page::asked(uri.path(), &params, 100)?;
    let rows: Vec<String> = files(&world, session)
        .into_iter()
        .map(|mut file| {
            file.shift_remove("data");
            Value::Object(file).to_string()
        })
        .collect();
    Ok(super::json(page.cut("artifacts", &rows, true)))
}

async fn file(
    State(world): State<Arc<World>>,
    Path((agent, key, id)): Path<(String, String, String)>,
) -> Answer {
    let session = world.session(&agent, &key)?;
    files(&world, session)
        .into_iter()
        .find(|file| text(file, "artifact_id") == id)
        .map(|file| super::json(Value::Object(file).to_string()))
        .ok_or_else(|| Refusal::not_found(&id, "Artifact not found."))
}

/// What there is by now, newest first.
fn files(world: &World, session: &Session) -> Vec<Map<String, Value>> {
    let mut files = Vec::new();
    for event in world.events(session) {
        if !event.json.contains("\"artifact_upload\"") {
            continue;
        }
        let told: Value = serde_json::from_str(&event.json).unwrap_or_default();
        let uploads = told.get("artifacts").and_then(Value::as_array);
        for upload in uploads.into_iter().flatten().filter_map(Value::as_object) {
            let size = upload.get("size_bytes").and_then(Value::as_u64);
            let size = usize::try_from(size.unwrap_or(0)).unwrap_or(0);
            let mut file = upload.clone();
            let name = json!({"original_filename": text(upload, "filename")});
            file.insert("metadata".to_owned(), name);
            files.push((event.at - 0.1, file, noise(size)));
        }
    }
    for made in &session.artifacts {
        let at = session.start + made.get("t").and_then(Value::as_f64).unwrap_or_default();
        if !world.clock.has_happened(at) {
            continue;
        }
        let mut file = made.clone();
        file.shift_remove("t");
        file.shift_remove("text");
        let bytes = text(made, "text").as_bytes().to_vec();
        file.insert("size_bytes".to_owned(), bytes.len().into());
        files.push((at, file, bytes));
    }
    files.sort_by(|one, other| other.0.total_cmp(&one.0));
    let whole = |(at, mut file, bytes): (f64, Map<String, Value>, Vec<u8>)| {
        let stamp = Value::from(tell::stamp(world.clock, at));
        file.insert("checksum_sha256".to_owned(), "0".repeat(64).into());
        file.insert("ttl_days".to_owned(), 30.into());
        file.insert("created_at".to_owned(), stamp.clone());
        file.insert("updated_at".to_owned(), stamp);
        file.insert("data".to_owned(), STANDARD.encode(bytes).into());
        file
    };
    files.into_iter().map(whole).collect()
}

fn noise(size: usize) -> Vec<u8> {
    let mut rng = Rng::seeded(size as u64);
    (0..size.div_ceil(8))
        .flat_map(|_| rng.bits().to_le_bytes())
        .take(size)
        .collect()
}
