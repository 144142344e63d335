//! The first and the last line of a bundle.

use serde::Serialize;

use super::SCHEMA;
use crate::{
    export::record::rfc3339,
    guard::Masking,
    model::{Look, Offline, Remark},
};

/// The first line.
#[derive(Serialize)]
pub(super) struct Header<'a> {
    schema: &'static str,
    record: &'static str,
    sortie: &'static str,
    context: &'a str,
    provider: &'a str,
    base_url: Option<String>,
    made_at: Option<String>,
    masking: Report,
    view: View<'a>,
}

/// How much was masked.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Report {
    pub masked: usize,
}

/// The last line.
#[derive(Serialize)]
pub(super) struct End {
    pub record: &'static str,
    pub records: u64,
}

#[derive(Serialize)]
struct View<'a> {
    mission: Option<&'a str>,
    run: Option<&'a str>,
    cursor: Option<&'a str>,
    folds: Folds<'a>,
    bookmarks: Vec<Mark<'a>>,
    notes: Vec<Mark<'a>>,
}

#[derive(Serialize)]
struct Folds<'a> {
    steps_folded: &'a [String],
    events_unfolded: &'a [String],
}

#[derive(Serialize)]
struct Mark<'a> {
    mission: &'a str,
    run: &'a str,
    event: Option<&'a str>,
    title: String,
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl<'a> Header<'a> {
    pub fn of(origin: &'a Offline, masking: Report, shown: &mut Masking) -> Self {
        let base_url = origin.base_url.as_deref();
        Self {
            schema: SCHEMA,
            record: "header",
            sortie: env!("CARGO_PKG_VERSION"),
            context: &origin.context,
            provider: &origin.provider,
            base_url: base_url.map(|url| shown.text(url).into_owned()),
            made_at: origin.made_at.map(rfc3339),
            masking,
            view: View::of(&origin.look, shown),
        }
    }
}

impl<'a> View<'a> {
    fn of(look: &'a Look, shown: &mut Masking) -> Self {
        let mut marks = |is_note: bool| {
            let wanted = look.remarks.iter();
            let wanted = wanted.filter(|remark| remark.note.is_some() == is_note);
            wanted.map(|remark| Mark::of(remark, shown)).collect()
        };
        Self {
            bookmarks: marks(false),
            notes: marks(true),
            mission: look.mission.as_deref(),
            run: look.run.as_deref(),
            cursor: look.cursor.as_deref(),
            folds: Folds {
                steps_folded: &look.folded,
                events_unfolded: &look.unfolded,
            },
        }
    }
}

impl<'a> Mark<'a> {
    fn of(remark: &'a Remark, shown: &mut Masking) -> Self {
        Self {
            mission: &remark.mission,
            run: &remark.run,
            event: remark.event.as_deref(),
            title: shown.text(&remark.title).into_owned(),
            at: remark.at.map(rfc3339),
            text: (remark.note.as_deref()).map(|note| shown.text(note).into_owned()),
        }
    }
}
