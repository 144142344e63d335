//! What a record does not say, and sortie needs to show the same again.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;

use crate::{
    export::record::rfc3339,
    guard::{Masking, Sort, safe_json},
    model::{Event, Fact, Mission, Payload, Run},
};

#[derive(Serialize)]
struct KeptFact {
    label: &'static str,
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<String>,
}

#[derive(Serialize)]
pub(super) struct KeptMission {
    facts: Vec<KeptFact>,
    #[serde(flatten)]
    sent: Sent,
}

#[derive(Serialize)]
pub(super) struct KeptRun<'a> {
    facts: Vec<KeptFact>,
    room: Option<Cow<'a, str>>,
    updated_at: Option<String>,
    hearsay: bool,
    #[serde(flatten)]
    sent: Sent,
}

#[derive(Serialize)]
pub(super) struct KeptStep {
    pub sequence: i64,
    #[serde(flatten)]
    pub sent: Sent,
}

/// The bytes of a record, where they are not what stands in `raw`: white space, and characters that are
/// written as escapes there.
#[derive(Serialize)]
pub(super) struct Sent {
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_base64: Option<String>,
}

impl Sent {
    /// Only where `is_exact` is wanted.
    pub fn of(raw: &Payload, sort: Sort, masking: &mut Masking, is_exact: bool) -> Self {
        let mut sent_base64 = None;
        if is_exact {
            let masked = masking.json(raw.bytes(), sort);
            let shown = safe_json(&masked);
            let is_other = shown.is_some_and(|shown| shown.as_bytes() != &*masked);
            sent_base64 = is_other.then(|| STANDARD.encode(&masked));
        }
        Self { sent_base64 }
    }
}

#[derive(Serialize)]
pub(super) struct KeptEvent {
    order: (i64, u64),
    titled: bool,
    summarized: bool,
    lacks_content: bool,
    #[serde(flatten)]
    sent: Sent,
}

impl KeptMission {
    pub fn of(mission: &Mission, masking: &mut Masking, sent: Sent) -> Self {
        Self {
            sent,
            facts: facts(&mission.facts, masking.within("kept.facts")),
        }
    }
}

impl<'a> KeptRun<'a> {
    pub fn of(run: &'a Run, masking: &mut Masking, sent: Sent) -> Self {
        Self {
            sent,
            facts: facts(&run.facts, masking.within("kept.facts")),
            room: run
                .room
                .as_deref()
                .map(|room| masking.within("kept.room").id(room)),
            updated_at: run.updated_at.map(rfc3339),
            hearsay: run.hearsay,
        }
    }
}

impl KeptEvent {
    pub fn of(event: &Event, sent: Sent) -> Self {
        Self {
            sent,
            order: (event.order.at, event.order.tie),
            titled: event.title.is_some(),
            summarized: event.summary.is_some(),
            lacks_content: event.content.is_some(),
        }
    }
}

fn facts(facts: &[Fact], masking: &mut Masking) -> Vec<KeptFact> {
    let mut masked = |text: &str| masking.text(text).into_owned();
    let each = facts.iter().map(|fact| KeptFact {
        label: fact.label,
        value: masked(&fact.value),
        of: fact.of.as_deref().map(&mut masked),
    });
    each.collect()
}
