//! The first and the last line of a bundle.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashSet},
};

use serde::Serialize;

use super::SCHEMA;
use crate::{
    export::{record::rfc3339, tally::placeholders},
    guard::{Masking, Place},
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

/// What was masked in the records and the view.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Report {
    /// How many places.
    pub masked: usize,
    /// How many different secrets stood there.
    pub secrets: usize,
    /// How many places by each rule.
    pub rules: BTreeMap<String, usize>,
    /// How many secrets somebody wanted to be seen.
    #[serde(skip_serializing_if = "is_none")]
    pub unmasked: usize,
    /// Where they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmasked_at: Vec<Unmasked>,
}

/// Where something is seen that would have been masked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Unmasked {
    record: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<usize>,
    id: String,
    path: String,
    rule: String,
}

/// Of the places where something is seen so many are named.
const NAMED: usize = 100;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// Finds what stands for secrets in what is written: also what was masked before it came here.
#[derive(Default)]
pub(super) struct Counter {
    known: BTreeSet<String>,
    report: Report,
}

impl Counter {
    /// Looks through a line.
    pub fn take(&mut self, line: &[u8]) {
        for (rule, number) in placeholders(line) {
            self.report.masked += 1;
            *self.report.rules.entry(rule.to_owned()).or_default() += 1;
            self.known.insert(format!("{rule}#{number}"));
        }
    }

    /// What was found. Places whose bytes are told in base64 are known only to whoever masked them.
    /// `shown` are those that are seen; `masking` masks what names them.
    pub fn report<'p>(
        self,
        masked: usize,
        shown: impl Iterator<Item = &'p Place>,
        masking: &Masking,
    ) -> Report {
        let mut masking = masking.clone();
        let mut seen = HashSet::new();
        let mut unmasked_at = Vec::new();
        for place in shown {
            seen.insert(place.secret);
            if unmasked_at.len() < NAMED {
                unmasked_at.push(Unmasked {
                    record: place.record,
                    seq: place.number,
                    id: masking.id(&place.id).into_owned(),
                    path: masking.text(&place.path).into_owned(),
                    rule: place.kind().to_owned(),
                });
            }
        }
        Report {
            masked: self.report.masked.max(masked),
            secrets: self.known.len(),
            unmasked: seen.len(),
            unmasked_at,
            ..self.report
        }
    }
}

/// The last line.
#[derive(Serialize)]
pub(super) struct End {
    pub record: &'static str,
    pub records: u64,
    /// The sum of all bytes before this line, where the file is not packed, which has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crc32: Option<u32>,
}

#[derive(Serialize)]
struct View<'a> {
    mission: Option<Cow<'a, str>>,
    run: Option<Cow<'a, str>>,
    cursor: Option<Cow<'a, str>>,
    on_silence: bool,
    cursor_step: Option<Cow<'a, str>>,
    cursor_run: Option<Cow<'a, str>>,
    filter: Option<String>,
    only_failures: bool,
    folds: Folds<'a>,
    bookmarks: Vec<Mark<'a>>,
    notes: Vec<Mark<'a>>,
}

#[derive(Serialize)]
struct Folds<'a> {
    steps_folded: Vec<Cow<'a, str>>,
    events_unfolded: Vec<Cow<'a, str>>,
}

#[derive(Serialize)]
struct Mark<'a> {
    mission: Cow<'a, str>,
    run: Cow<'a, str>,
    event: Option<Cow<'a, str>>,
    title: String,
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

impl<'a> Header<'a> {
    pub fn of(origin: &'a Offline, look: &'a Look, masking: Report, shown: &mut Masking) -> Self {
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
            view: View::of(look, shown),
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
            mission: id(look.mission.as_deref(), shown),
            run: id(look.run.as_deref(), shown),
            cursor: id(look.cursor.as_deref(), shown),
            on_silence: look.on_silence,
            cursor_step: id(look.step.as_deref(), shown),
            cursor_run: id(look.child.as_deref(), shown),
            filter: (look.filter.as_deref()).map(|text| shown.text(text).into_owned()),
            only_failures: look.only_failures,
            folds: Folds {
                steps_folded: look.folded.iter().map(|id| shown.id(id)).collect(),
                events_unfolded: look.unfolded.iter().map(|id| shown.id(id)).collect(),
            },
        }
    }
}

impl<'a> Mark<'a> {
    fn of(remark: &'a Remark, shown: &mut Masking) -> Self {
        Self {
            mission: shown.id(&remark.mission),
            run: shown.id(&remark.run),
            event: id(remark.event.as_deref(), shown),
            title: shown.text(&remark.title).into_owned(),
            at: remark.at.map(rfc3339),
            text: (remark.note.as_deref()).map(|note| shown.text(note).into_owned()),
        }
    }
}

fn id<'a>(id: Option<&'a str>, shown: &mut Masking) -> Option<Cow<'a, str>> {
    id.map(|id| shown.id(id))
}
