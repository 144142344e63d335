//! What is told of a followed run also to somebody who looks elsewhere: that it failed, that it ended, and
//! that what `:bell` waits for has come. Only what comes counts, never what was there; each condition
//! rings once. How it is told (a bell, a notification, a program) is for others.

use std::collections::HashSet;

use super::{
    App, Effect,
    action::Action,
    query::{Query, Truth, complete},
};
use crate::{
    analysis::headline,
    guard::{clean, redact::Masking},
    model::{Event, NodeId, Run},
};

/// Characters of a text at most.
const LONGEST: usize = 200;
/// The newest events of a run that are asked whether they matched before.
const BEFORE: usize = 2_000;
/// Characters of a run's id.
const SHORT: usize = 8;
/// Conditions that are offered at once.
const OFFERED: usize = 30;

/// What rings without a condition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct On {
    /// A followed run that fails.
    pub failure: bool,
    /// Any followed run that ends.
    pub end: bool,
}

/// When it rings.
#[derive(Debug, Default)]
pub struct Bell {
    /// Without any condition.
    pub on: On,
    armed: Option<Armed>,
    /// The run that is followed, as it was when that began or the condition was armed.
    watched: Option<Watched>,
    /// Whether what is taken in just now has come from the run.
    hears: bool,
    rung: Vec<Ring>,
}

/// A condition.
#[derive(Clone, Debug)]
struct Armed {
    typed: String,
    query: Query,
}

/// What was there before.
#[derive(Debug)]
struct Watched {
    run: NodeId,
    ended: bool,
    /// The largest `Order::at` of its events.
    newest: i64,
    /// Whether the run itself matched, and which operations did.
    matched: bool,
    rows: HashSet<NodeId>,
}

/// Why it rings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// A run failed or timed out.
    Failure,
    /// A run ended in another way.
    End,
    /// A condition was met.
    Match,
}

impl Why {
    /// In a word, for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::End => "end",
            Self::Match => "match",
        }
    }
}

/// Something to be told.
#[derive(Debug)]
pub struct Ring {
    /// Why.
    pub why: Why,
    /// In a line: masked, without control characters, not long.
    pub text: String,
    /// The condition that was met, as it was typed.
    pub condition: Option<String>,
    /// The context's name.
    pub context: String,
    /// Its service.
    pub provider: String,
    /// The run as it stands.
    pub run: Run,
    /// The event that met the condition, where it was one.
    pub event: Option<Event>,
    /// How what is told is masked.
    pub masking: Masking,
}

impl Bell {
    /// The condition that is armed, as it was typed.
    pub fn armed(&self) -> Option<&str> {
        self.armed.as_ref().map(|armed| armed.typed.as_str())
    }
}

impl App {
    /// `:bell COND` arms a condition, `:bell off` disarms it, `:bell` says what is armed.
    pub(super) fn arm_bell(&mut self, typed: &str) {
        match typed.trim() {
            "" => self.say(self.bell_told()),
            "off" => {
                let told = if self.bell.armed.take().is_some() {
                    "the condition of the bell is taken away"
                } else {
                    "no condition was armed"
                };
                self.say(told);
            }
            text => match self.read_query(text) {
                Ok(query) if query.is_empty() => self.complain(NO_CONDITION),
                Ok(query) => {
                    let typed = text.to_owned();
                    self.bell.armed = Some(Armed { typed, query });
                    self.acquaint_bell();
                    let whom = if self.follow.is_some() {
                        "the bell rings once when something that comes matches".to_owned()
                    } else {
                        format!(
                            "the bell is armed, and no run is followed: {} follows one",
                            self.key_of(Action::Follow)
                        )
                    };
                    self.say(whom);
                }
                Err(fault) => self.complain(format!("{NO_CONDITION}: {}", fault.expected)),
            },
        }
    }

    fn bell_told(&self) -> String {
        let condition = match self.bell.armed() {
            Some(typed) => format!("armed: {typed}"),
            None => "no condition is armed; :bell tool:deploy verdict:ok arms one".to_owned(),
        };
        let ends = match self.bell.on {
            On { end: true, .. } => "; it rings when a followed run ends",
            On { failure: true, .. } => "; it rings when a followed run fails",
            On { .. } => "",
        };
        format!("{condition}{ends}")
    }

    /// What may follow `bell`, as far as it is typed.
    pub(super) fn bell_words(&self, typed: &str) -> Vec<String> {
        let samples = || ["status:failed", "is:failure", "off"].map(str::to_owned);
        let Some(typed) = typed.strip_prefix("bell ") else {
            return samples().to_vec();
        };
        let typed = typed.trim_start();
        let completion = complete(typed, &self.offers());
        let kept = typed.get(..completion.from).unwrap_or_default();
        let options = completion.options.iter().take(OFFERED);
        let mut words: Vec<String> = options.map(|word| format!("{kept}{word}")).collect();
        if typed.is_empty() || "off".starts_with(typed) {
            words.extend(samples());
        }
        words
    }

    /// A run is followed from now on, or a condition was armed: what is there does not ring.
    pub(super) fn acquaint_bell(&mut self) {
        let Some(run) = self.follow.as_ref().map(|follow| follow.run) else {
            self.bell.watched = None;
            return;
        };
        let newest = self.store.newest(run);
        let mut watched = Watched {
            run,
            ended: self.store.run(run).is_some_and(|run| run.status.is_final()),
            newest: newest.map_or(i64::MIN, |node| self.store.order(node).at),
            matched: self.is_bell_met_by_run(run),
            rows: HashSet::new(),
        };
        if let Some(armed) = &self.bell.armed {
            let rows = self.store.events_of(run).rev().take(BEFORE);
            let passing = rows.filter_map(|event| self.passes_query(&armed.query, run, event));
            let passing = passing.filter(|(_, yes)| *yes);
            watched.rows = passing.map(|(node, _)| node).collect();
        }
        self.bell.watched = Some(watched);
    }

    fn is_bell_met_by_run(&self, run: NodeId) -> bool {
        let (Some(armed), Some(facts)) = (&self.bell.armed, self.run_facts(run)) else {
            return false;
        };
        armed.query.matches_unread(&facts) == Truth::Yes
    }

    /// From here on until the next call with `false`, what is taken in has come from the followed run.
    pub(super) fn bell_hears(&mut self, hears: bool) {
        self.bell.hears = hears;
    }

    /// The row of an event has changed.
    pub(super) fn bell_row(&mut self, run: NodeId, event: NodeId) {
        let (Some(armed), Some(watched)) = (&self.bell.armed, &self.bell.watched) else {
            return;
        };
        if watched.run != run {
            return;
        }
        let Some((node, true)) = self.passes_query(&armed.query, run, event) else {
            return;
        };
        let newest = self.store.order(event).at.max(self.store.order(node).at);
        let came = self.bell.hears || newest > watched.newest;
        let Some(watched) = self.bell.watched.as_mut() else {
            return;
        };
        // What was loaded later may be older.
        if watched.rows.insert(node) && came {
            self.ring(Why::Match, run, Some(event));
        }
    }

    /// The followed run was heard of.
    pub(super) fn bell_run(&mut self, run: NodeId) {
        let met = self.is_bell_met_by_run(run);
        let status = self.store.run(run).map(|run| run.status);
        let Some(watched) = self.bell.watched.as_mut().filter(|was| was.run == run) else {
            return;
        };
        let rings = met && !watched.matched;
        watched.matched = met;
        let Some(status) = status else {
            return;
        };
        let ended = status.is_final() && !watched.ended;
        watched.ended |= ended;
        if rings {
            self.ring(Why::Match, run, None);
        } else if ended && status.is_failure() && (self.bell.on.failure || self.bell.on.end) {
            self.ring(Why::Failure, run, None);
        } else if ended && self.bell.on.end {
            self.ring(Why::End, run, None);
        }
    }

    fn ring(&mut self, why: Why, run: NodeId, event: Option<NodeId>) {
        let Some(record) = self.store.run(run) else {
            return;
        };
        let event = event.and_then(|event| self.store.event(event));
        let mut masking = self.redactor.masking();
        let facts = self.run_facts(run);
        let mission = facts.as_ref().map_or("", |facts| facts.mission);
        let (context, provider) = facts
            .as_ref()
            .map_or(("", ""), |facts| (facts.context, facts.provider));
        let name = if mission.is_empty() {
            &record.title
        } else {
            mission
        };
        // Masked whole and then cut: of half a secret nobody can tell that it is one.
        let name = masking.text(name).into_owned();
        let id = masking.id(&record.id).into_owned();
        let short: String = id.chars().take(SHORT).collect();
        let what = match (&event, why) {
            (Some(event), _) => {
                let head = headline(event);
                let (title, summary) = (masking.text(&head.title), masking.text(&head.summary));
                format!(": {title} {summary}")
            }
            (None, Why::Failure) => {
                let cause = record.error.as_deref().or(record.status_reason.as_deref());
                let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
                format!(" {}{cause}", record.status.word())
            }
            (None, Why::End | Why::Match) => format!(" {}", record.status.word()),
        };
        let text = format!("sortie: {name} {short}{what}");
        let text = clean::line(&masking.text(&text)).into_owned();
        let condition = match why {
            // It is met once.
            Why::Match => self.bell.armed.as_ref().map(|armed| armed.typed.clone()),
            Why::Failure | Why::End => None,
        };
        let ring = Ring {
            why,
            text: text.trim_end().chars().take(LONGEST).collect(),
            condition,
            context: context.to_owned(),
            provider: provider.to_owned(),
            run: record.clone(),
            event,
            masking,
        };
        if why == Why::Match {
            self.bell.armed = None;
        }
        self.dirty = true;
        self.say(ring.text.clone());
        self.bell.rung.push(ring);
    }

    /// What is to be told.
    pub(super) fn take_rung(&mut self) -> Vec<Effect> {
        let rung = std::mem::take(&mut self.bell.rung).into_iter();
        rung.map(|ring| Effect::Notify(Box::new(ring))).collect()
    }
}

const NO_CONDITION: &str = "the bell waits for a query, like :bell tool:deploy verdict:ok";
