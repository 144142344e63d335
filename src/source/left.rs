//! What stands in a record and this sortie does not know: a newer one wrote it.

use super::record::Sort;
use crate::provider::wire::Object;

/// Members of each sort of record that are known.
const OF_MISSION: [&str; 13] = [
    "record",
    "context",
    "provider",
    "id",
    "name",
    "description",
    "status",
    "created_at",
    "updated_at",
    "raw",
    "raw_base64",
    "extras",
    "kept",
];

/// Members that this sortie does not know, as one object; none where there are none.
pub(super) fn members(sort: Sort, object: &Object<'_>) -> Option<String> {
    let known: &[&str] = match sort {
        Sort::Mission => &OF_MISSION,
        Sort::Run => &OF_RUN,
        Sort::Step => &OF_STEP,
        Sort::Event => &OF_EVENT,
        Sort::Header | Sort::End | Sort::Unknown => return None,
    };
    beside(object, known)
}

/// The same of what sortie keeps with a record.
pub(super) fn kept(sort: Sort, object: &Object<'_>) -> Option<String> {
    beside(
        &object.object("kept")?,
        KEPT.iter().find(|(of, _)| *of == sort)?.1,
    )
}

/// The same of the first line of a bundle.
pub(super) fn of_header(header: &Object<'_>) -> Option<String> {
    beside(header, &OF_HEADER)
}

/// The same of the view in it.
pub(super) fn of_view(view: &Object<'_>) -> Option<String> {
    beside(view, &OF_VIEW)
}

fn beside(object: &Object<'_>, known: &[&str]) -> Option<String> {
    let mut left = String::new();
    for (name, value) in object.members() {
        if !known.contains(&&**name) {
            left.push(if left.is_empty() { '{' } else { ',' });
            left.push_str(&serde_json::to_string(name).unwrap_or_default());
            left.push(':');
            left.push_str(value.get());
        }
    }
    (!left.is_empty()).then(|| left + "}")
}

const OF_HEADER: [&str; 9] = [
    "schema", "record", "sortie", "context", "provider", "base_url", "made_at", "masking", "view",
];

const OF_VIEW: [&str; 11] = [
    "mission",
    "run",
    "cursor",
    "on_silence",
    "cursor_step",
    "cursor_run",
    "filter",
    "only_failures",
    "folds",
    "bookmarks",
    "notes",
];

/// What sortie keeps with each sort of record.
const KEPT: [(Sort, &[&str]); 4] = [
    (Sort::Mission, &["facts", "sent_base64"]),
    (
        Sort::Run,
        &["facts", "room", "updated_at", "hearsay", "sent_base64"],
    ),
    (Sort::Step, &["sequence", "sent_base64"]),
    (
        Sort::Event,
        &[
            "order",
            "titled",
            "summarized",
            "lacks_content",
            "sent_base64",
        ],
    ),
];

const OF_RUN: [&str; 21] = [
    "record",
    "context",
    "provider",
    "mission_id",
    "id",
    "title",
    "status",
    "status_sent",
    "status_reason",
    "started_at",
    "ended_at",
    "quiet_since",
    "duration_ms",
    "tokens",
    "error",
    "parent_run_id",
    "parent_event_id",
    "raw",
    "raw_base64",
    "extras",
    "kept",
];

const OF_STEP: [&str; 12] = [
    "record",
    "run_id",
    "id",
    "parent_id",
    "title",
    "status",
    "status_sent",
    "started_at",
    "ended_at",
    "raw",
    "raw_base64",
    "kept",
];

const OF_EVENT: [&str; 27] = [
    "record",
    "context",
    "provider",
    "mission_id",
    "run_id",
    "id",
    "seq",
    "kind",
    "type",
    "time",
    "duration_ms",
    "step_id",
    "agent",
    "tool",
    "call_id",
    "is_error",
    "tokens",
    "title",
    "summary",
    "parent_id",
    "at_end",
    "body_at",
    "prose_at",
    "content_bytes",
    "raw",
    "raw_base64",
    "kept",
];
