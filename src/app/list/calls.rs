//! Every tool call of a run, or of the marked runs, as a table: sorted by a column, narrowed by a word,
//! scrolled sideways through long arguments, and copied as it stands. It is made of what is loaded and
//! made anew when more has come.

use super::{By, Viewport};
use crate::app::{
    App, Effect,
    action::Action,
    carry::{
        self,
        picks::{Gather, Piece},
    },
    find::Matcher,
    load::State,
    msg::CopyCalls,
    outline::Mark,
    time::when,
};
use crate::{
    analysis::{Call, CallOrder, CallSort},
    model::{NodeId, Sort},
};

/// Columns that a key scrolls long arguments by.
const SIDEWAYS: usize = 20;

/// The table, while it is shown.
#[derive(Debug, Default)]
pub struct Calls {
    /// Sorted and narrowed.
    pub rows: Vec<(NodeId, Call)>,
    /// How many there are with those that the word leaves out.
    pub all: usize,
    /// The selected one, and those shown.
    pub view: Viewport,
    /// The column that it is sorted by.
    pub by: CallOrder,
    /// Whether backwards.
    pub reverse: bool,
    /// Only calls with this word are shown.
    pub word: String,
    /// Columns of the arguments that are scrolled away to the left.
    pub from: usize,
    /// Whose calls these are.
    pub runs: Vec<NodeId>,
    /// How many events those had when it was made.
    events: usize,
}

/// A form of the table for other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// Cells between tabs.
    Tsv,
    /// Cells between commas.
    Csv,
    /// JSON records.
    Json,
}

impl Calls {
    /// The selected call.
    pub fn call(&self) -> Option<&(NodeId, Call)> {
        self.rows.get(self.view.selected)
    }

    fn sort(&mut self) {
        let (by, reverse) = (self.by, self.reverse);
        self.rows.sort_by(|(_, one), (_, other)| {
            let order = by.compare(one, other);
            if reverse { order.reverse() } else { order }
        });
        if reverse && by == CallOrder::Number {
            self.rows.reverse();
        }
    }
}

impl App {
    /// `:calls`: shows the table of the marked runs, or of the run that one is in; or closes it.
    pub(in crate::app) fn toggle_calls(&mut self) -> Vec<Effect> {
        if self.calls.take().is_some() {
            return Vec::new();
        }
        let marked =
            (0..self.picked()).filter_map(|nth| self.outline.nth_marked(nth, Mark::Picked));
        let mut runs: Vec<NodeId> = marked
            .filter(|node| self.store.sort(*node) == Sort::Run)
            .collect();
        if runs.is_empty() {
            let here = self.selected.and_then(|node| self.run_of(node));
            runs.extend(self.screen().or(here));
        }
        if runs.is_empty() {
            self.say("calls are those of a run: no run is selected or marked");
            return Vec::new();
        }
        (self.help, self.requests) = (None, None);
        self.close_lists();
        let unread: Vec<NodeId> = runs
            .iter()
            .copied()
            .filter(|run| {
                let load = self.loads.get(run);
                load.is_none_or(|load| load.state == State::Cold)
            })
            .collect();
        self.calls = Some(Calls {
            runs,
            ..Calls::default()
        });
        self.make_calls();
        unread.into_iter().flat_map(|run| self.load(run)).collect()
    }

    /// Makes the table anew if there is more in its runs than there was.
    pub(in crate::app) fn renew_calls(&mut self) {
        let Some(calls) = &self.calls else { return };
        let counts = calls.runs.iter().map(|run| self.store.counts(*run).0);
        if counts.sum::<usize>() != calls.events {
            self.make_calls();
            self.dirty = true;
        }
    }

    fn make_calls(&mut self) {
        let height = self.page();
        let Some(mut calls) = self.calls.take() else {
            return;
        };
        let selected = calls.call().map(|(node, _)| *node);
        let counts = calls.runs.iter().map(|run| self.store.counts(*run).0);
        calls.events = counts.sum();
        calls.rows = calls
            .runs
            .iter()
            .flat_map(|run| self.calls_of(*run))
            .collect();
        calls.all = calls.rows.len();
        let sought = Some(&calls.word).filter(|word| !word.is_empty());
        if let Some(matcher) = sought.and_then(|word| Matcher::new(word).ok()) {
            calls.rows.retain(|(_, call)| {
                let words = [call.tool.as_str(), call.verdict.word(), call.step.as_str()];
                matcher.is_in(call.arguments.bytes())
                    || words.iter().any(|word| matcher.is_in(word.as_bytes()))
            });
        }
        calls.sort();
        if let Some(place) = calls
            .rows
            .iter()
            .position(|(node, _)| Some(*node) == selected)
        {
            calls.view.selected = place;
        }
        calls.view.settle(calls.rows.len(), height);
        self.calls = Some(calls);
    }

    fn calls_of(&self, run: NodeId) -> Vec<(NodeId, Call)> {
        let id = self.store.run(run).map(|run| run.id.as_str());
        let (Some(id), Some(digest)) = (id, self.digest(run)) else {
            return Vec::new();
        };
        let operations = digest
            .operations()
            .filter_map(|node| digest.operation(node));
        operations
            .filter_map(|operation| {
                let event = self.store.event(operation.node)?;
                let number = self.store.number(operation.node);
                let call = Call::of(id, &operation, &event, number)?;
                Some((operation.node, call))
            })
            .collect()
    }

    /// What a key does while the table is shown; none where it does what it does everywhere.
    pub(in crate::app) fn act_in_calls(&mut self, action: Action) -> Option<Vec<Effect>> {
        let calls = self.calls.as_mut()?;
        match action {
            Action::Open => return Some(self.open_call()),
            Action::Sort => {
                let by = calls.by.next();
                return Some(self.sort_calls(CallSort { by, reverse: false }));
            }
            Action::SortReverse => {
                let (by, reverse) = (calls.by, !calls.reverse);
                return Some(self.sort_calls(CallSort { by, reverse }));
            }
            Action::WindowOn => calls.from += SIDEWAYS,
            Action::WindowBack => calls.from = calls.from.saturating_sub(SIDEWAYS),
            Action::CopyValue | Action::CopyLine | Action::CopyId | Action::CopyRun => {
                return Some(self.copy_of_call(action));
            }
            Action::CopyTable => return Some(self.copy_calls(TableForm::Tsv)),
            Action::CopyPath => {
                let node = calls.call().map(|(node, _)| *node);
                let path = node.and_then(|node| self.locator(node))?;
                return Some(carry::copy(path.into_bytes(), "path"));
            }
            _ => return None,
        }
        Some(Vec::new())
    }

    /// Sorts the table while it is shown.
    pub(in crate::app) fn sort_calls(&mut self, sort: CallSort) -> Vec<Effect> {
        if let Some(calls) = self.calls.as_mut() {
            (calls.by, calls.reverse) = (sort.by, sort.reverse);
            self.make_calls();
        }
        Vec::new()
    }

    pub(in crate::app) fn move_in_calls(&mut self, by: By) {
        let height = self.page();
        if let Some(calls) = self.calls.as_mut() {
            calls.view.go(by, calls.rows.len(), height);
        }
    }

    /// `/` in the table: shows only calls with that word; nothing typed shows all of them.
    pub(in crate::app) fn narrow_calls(&mut self, typed: &str) -> Vec<Effect> {
        if let Err(why) = Matcher::new(typed.trim()) {
            // The last good narrowing stays.
            self.complain(why);
            return Vec::new();
        }
        if let Some(calls) = self.calls.as_mut() {
            typed.trim().clone_into(&mut calls.word);
        }
        self.make_calls();
        Vec::new()
    }

    /// Enter: to the call in its run.
    fn open_call(&mut self) -> Vec<Effect> {
        let call = self
            .calls
            .as_ref()
            .and_then(|calls| calls.call().map(|(node, _)| *node));
        let Some((node, run)) = call.and_then(|node| Some((node, self.run_of(node)?))) else {
            return Vec::new();
        };
        self.calls = None;
        let mut effects = Vec::new();
        if self.screen() != Some(run) {
            effects.extend(self.open_run(run));
            self.seek = None;
        }
        effects.extend(self.show_row(node));
        effects
    }

    /// Copies what the selected call has.
    pub(in crate::app) fn copy_of_call(&mut self, action: Action) -> Vec<Effect> {
        let Some((_, call)) = self.calls.as_ref().and_then(Calls::call) else {
            return Vec::new();
        };
        let arguments = call.arguments.bytes();
        match action {
            Action::CopyId => carry::copy(self.shown_id(&call.event).into_bytes(), "id"),
            Action::CopyRun => carry::copy(self.shown_id(&call.run).into_bytes(), "run id"),
            _ if arguments.is_empty() => {
                self.say("this call has no arguments to copy");
                Vec::new()
            }
            Action::CopyLine => vec![Effect::Gather(Box::new(Gather {
                pieces: vec![Piece::Json(
                    arguments.clone().into(),
                    crate::guard::Sort::Any,
                )],
                plain: false,
                masking: self.redactor.masking(),
                what: "arguments on one line".into(),
            }))],
            _ => carry::copy_json(
                arguments.clone().into(),
                self.redactor.masking(),
                crate::guard::Sort::Any,
                "arguments",
            ),
        }
    }

    /// The table as it is shown, for another program.
    pub(in crate::app) fn copy_calls(&mut self, form: TableForm) -> Vec<Effect> {
        if self.calls.is_none() {
            // What it would show; it closes again.
            let effects = self.toggle_calls();
            let waits = !effects.is_empty();
            let copied = self.calls.is_some().then(|| self.copy_calls(form));
            if !waits {
                self.calls = None;
                return copied.unwrap_or_default();
            }
            self.say("the calls are being loaded: copy them once they are here");
            return effects;
        }
        let rows = self.calls.as_ref().map(|calls| &calls.rows);
        let calls: Vec<Call> = rows
            .into_iter()
            .flatten()
            .map(|(_, call)| call.clone())
            .collect();
        let what = when::many(calls.len(), "call");
        vec![Effect::CopyCalls(Box::new(CopyCalls {
            calls,
            form,
            masking: self.redactor.masking(),
            what: what.into(),
        }))]
    }
}
