//! What a run is, at a glance, for documents that people read: its name, what became of it, its facts in one
//! line each, and what is too long for a line. Masked and clean.

use super::{
    Parcel,
    contents::Content,
    one::{operations, tokens_in_full},
    record::{duration, locator},
    text::Sheet,
};
use crate::{
    analysis::spelling::span,
    guard::Sort,
    model::{Run, RunStatus},
    text::width::fit,
};

/// Columns that a fact may take before it is told apart from the others.
const LINE: usize = 160;

/// A run at a glance.
pub(super) struct Brief {
    /// What it is called.
    pub title: String,
    /// Labelled lines; none is empty.
    pub facts: Vec<(&'static str, String)>,
    /// Labelled texts: input, result, error.
    pub texts: Vec<(&'static str, Content)>,
    /// What opens it in sortie.
    pub locator: String,
}

impl Sheet<'_> {
    /// A run at a glance; of texts at most `limit` bytes each.
    pub(super) fn brief(&mut self, parcel: &Parcel<'_>, limit: usize) -> Brief {
        let run = parcel.run;
        self.masking.at("run", None, &run.id);
        let named = [run.title.as_str(), parcel.mission, &run.id];
        let title = named.into_iter().find(|name| !name.trim().is_empty());
        let title = self.line(title.unwrap_or_default());
        let mut brief = Brief {
            title: fit(&title, LINE).into_owned(),
            facts: self.facts(parcel),
            texts: Vec::new(),
            locator: locator(parcel.home, run, self.masking),
        };
        let error = run.error.as_deref().unwrap_or_default();
        let own = run
            .facts
            .iter()
            .map(|fact| (fact.label, fact.value.as_str()));
        for (label, value) in std::iter::once(("error", error)).chain(own) {
            let short = value.len() <= LINE && !value.trim().contains('\n');
            if value.trim().is_empty() {
                continue;
            }
            if short && !value.starts_with(['{', '[']) {
                brief.facts.push((label, self.line(value.trim())));
            } else if value.starts_with(['{', '[']) {
                let content = self.payload_cut(label, value.as_bytes(), limit);
                brief.texts.push((label, content));
            } else {
                brief.texts.push((label, self.words(label, value, limit)));
            }
        }
        brief
    }

    fn facts(&mut self, parcel: &Parcel<'_>) -> Vec<(&'static str, String)> {
        let (run, home) = (parcel.run, parcel.home);
        let header = parcel.course.digest().header();
        let provider = match home.provider {
            "" => String::new(),
            provider if provider == home.context => String::new(),
            provider => format!(" ({provider})"),
        };
        let mission = match parcel.mission {
            "" => run.mission_id.clone(),
            name if name == run.mission_id => run.mission_id.clone(),
            name => format!("{name} ({})", run.mission_id),
        };
        let loops = match header.loops {
            0 => String::new(),
            1 => "; 1 loop".to_owned(),
            loops => format!("; {loops} loops"),
        };
        let facts = vec![
            ("run", self.id(&run.id)),
            ("mission", self.line(&mission)),
            ("context", format!("{}{provider}", home.context)),
            ("status", self.stands(run)),
            ("started", self.instant(run.started_at)),
            ("ended", self.instant(run.ended_at)),
            ("quiet since", self.instant(run.quiet_since)),
            ("dur", duration(run).map(span).unwrap_or_default()),
            (
                "tokens",
                match run.tokens.or(header.tokens) {
                    None => String::new(),
                    known => tokens_in_full(known),
                },
            ),
            (
                "operations",
                format!("{}{loops}", operations(&header).replace('_', " ")),
            ),
            (
                "started by",
                self.id(run.parent_run_id.as_deref().unwrap_or_default()),
            ),
        ];
        let told = facts.into_iter().filter(|(_, value)| !value.is_empty());
        told.map(|(label, value)| (label, fit(&value, LINE).into_owned()))
            .collect()
    }

    /// How a run stands, in the words of the screen; the service's own word stays as it is.
    fn stands(&mut self, run: &Run) -> String {
        let told = self.status(run);
        let behind = told.strip_prefix(run.status.word());
        behind.map_or_else(|| told.clone(), |behind| word(run) + behind)
    }

    /// What is kept beside a run, each of at most `limit` bytes.
    pub(super) fn extras_cut(
        &mut self,
        parcel: &Parcel<'_>,
        limit: usize,
    ) -> Vec<(String, Content)> {
        let sort = Sort::of(parcel.home.provider);
        let extras = parcel.run.extras.iter();
        self.masking.at("run", None, &parcel.run.id);
        extras
            .map(|extra| {
                let label = self.line(&extra.label);
                (
                    label,
                    self.sorted_cut("record", extra.raw.bytes(), sort, limit),
                )
            })
            .collect()
    }
}

/// The sign of a state.
pub(super) fn sign(status: RunStatus) -> &'static str {
    match status {
        RunStatus::Succeeded => "✓",
        RunStatus::Failed | RunStatus::TimedOut => "✗",
        RunStatus::Cancelled => "⊘",
        RunStatus::Pending | RunStatus::Running | RunStatus::Paused => "…",
        RunStatus::Unknown => "?",
    }
}

/// The word of a state, with a blank in the place of a low line.
pub(super) fn word(run: &Run) -> String {
    run.status.word().replace('_', " ")
}
