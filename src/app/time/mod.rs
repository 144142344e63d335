//! How time is shown: which column of times rows have, whether there are bars, and which part of a run the
//! axis shows.

pub mod when;
pub(super) mod zones;

use crate::app::{App, Effect, Pane, load::nanos};
use crate::{
    analysis::axis::Window,
    model::{NodeId, Sort, Time},
};

/// What the time of a row in a run says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeColumn {
    /// Since the run began.
    #[default]
    Offset,
    /// The time of day.
    Clock,
    /// How long ago.
    Age,
    /// Since the row above.
    Delta,
}

impl TimeColumn {
    /// The name above the column.
    pub fn title(self) -> &'static str {
        match self {
            Self::Offset => "+offset",
            Self::Clock => "clock",
            Self::Age => "age",
            Self::Delta => "+before",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Offset => Self::Clock,
            Self::Clock => Self::Age,
            Self::Age => Self::Delta,
            Self::Delta => Self::Offset,
        }
    }
}

/// Where the waterfall is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bars {
    /// Nowhere.
    Off,
    /// Beside the rows.
    Inline,
    /// In a pane of its own.
    Pane,
}

impl App {
    /// t: the next column of times.
    pub(in crate::app) fn next_times(&mut self) {
        self.times = self.times.next();
        self.say(match self.times {
            TimeColumn::Offset => "times since the run began",
            TimeColumn::Clock => "times of day",
            TimeColumn::Age => "how long ago",
            TimeColumn::Delta => "times since the row above",
        });
    }

    /// b: bars off, beside the rows, in a pane of their own.
    pub(in crate::app) fn next_bars(&mut self) {
        let pane = self.measured.bars_fit;
        let now = self.bars.unwrap_or(self.measured.bars);
        self.bars = Some(match now {
            Bars::Off => Bars::Inline,
            Bars::Inline if pane => Bars::Pane,
            Bars::Inline | Bars::Pane => Bars::Off,
        });
    }

    /// 4: the waterfall in a pane of its own, where there is room for one; else, or if it is there
    /// already, on the whole screen, and the next time as it was.
    pub(in crate::app) fn show_bars(&mut self) {
        if self.full == Some(Pane::Bars) {
            self.full = None;
            return;
        }
        let shown = self.bars.unwrap_or(self.measured.bars) == Bars::Pane;
        if self.measured.bars_fit && !shown && self.full.is_none() {
            self.bars = Some(Bars::Pane);
            return;
        }
        (self.focus, self.full) = (Pane::Tree, Some(Pane::Bars));
    }

    /// When the bars of open calls of the run on the screen are to have grown.
    pub(in crate::app) fn growth_due(&self) -> Option<Time> {
        let run = self
            .shown_run()
            .filter(|run| !self.away && self.is_live(*run))?;
        let waits = self
            .digest(run)
            .is_some_and(crate::analysis::Digest::is_waiting);
        waits.then(|| Time(self.now.0.saturating_add(1_000_000_000)))
    }

    /// The part of a run's time that the axis shows, and all of it.
    pub fn axis_window(&self, run: NodeId) -> Option<(Window, Window)> {
        let (first, to) = self.digest(run)?.extent()?;
        // From the beginning of the run, unless its first event came much later.
        let started = self.store.run(run)?.started_at;
        let near = |started: &Time| {
            let waited = first.0.saturating_sub(started.0);
            waited >= 0 && waited <= to.0.saturating_sub(first.0) / 10
        };
        let more = self.loads.get(&run).is_some_and(|load| load.more.is_some());
        let from = started
            .filter(|started| more && *started < first || near(started))
            .unwrap_or(first);
        let ended = self.store.run(run)?.ended_at.filter(|_| more);
        let to = ended.map_or(to, |ended| ended.max(to));
        // A call that is open goes on to now, while the run does.
        let to = if self.is_live(run) {
            to.max(self.now)
        } else {
            to
        };
        let whole = Window::new(from, to);
        let shown = match self.zoom {
            Some((of, window)) if of == run => Window::zoom(window, whole),
            _ => whole,
        };
        Some((shown, whole))
    }

    /// The stretches of a run whose events are not loaded: before the first and after the last of those
    /// that are.
    pub fn unloaded(&self, run: NodeId) -> Vec<(Time, Time)> {
        let more = self.loads.get(&run).is_some_and(|load| load.more.is_some());
        let extent = self.digest(run).and_then(crate::analysis::Digest::extent);
        let (Some((_, whole)), Some((first, last)), true) = (self.axis_window(run), extent, more)
        else {
            return Vec::new();
        };
        [(whole.from(), first), (last, whole.to())]
            .into_iter()
            .filter(|(from, to)| from < to)
            .collect()
    }

    /// Z: the axis shows what is selected and what is below it, and the next time everything again.
    pub(in crate::app) fn zoom(&mut self) -> Vec<Effect> {
        let Some((run, node)) = self
            .selected
            .and_then(|node| Some((self.run_of(node)?, node)))
        else {
            self.say("no run is selected");
            return Vec::new();
        };
        if self.zoom.take_if(|(of, _)| *of == run).is_some() {
            self.say("the axis shows the whole run");
            return Vec::new();
        }
        let Some((from, to)) = self.extent_of(node) else {
            self.say("nothing is known of when this was");
            return Vec::new();
        };
        // A moment is shown with what is around it.
        let whole = self.axis_window(run).map_or(0, |(_, whole)| whole.nanos());
        let least = i64::try_from((whole / 100).min(1_000_000_000)).unwrap_or(i64::MAX);
        let wider = least.saturating_sub(to.0.saturating_sub(from.0)).max(0) / 2;
        let (from, to) = (from.0.saturating_sub(wider), to.0.saturating_add(wider));
        self.zoom = Some((run, Window::new(Time(from), Time(to))));
        self.say("the axis shows this row only: Z shows all again");
        Vec::new()
    }

    /// ( and ): half and twice as much of the time, around the selected row.
    pub(in crate::app) fn scale(&mut self, larger: bool) {
        let around = self
            .selected
            .and_then(|node| self.extent_of(node))
            .map(|(from, _)| from);
        self.set_window(|shown, whole| {
            if larger {
                shown.grow(around, whole)
            } else {
                shown.shrink(around, whole)
            }
        });
    }

    /// , and .: the axis half a window earlier or later.
    pub(in crate::app) fn scroll_axis(&mut self, halves: i32) {
        self.set_window(|shown, whole| shown.scroll(halves, whole));
    }

    fn set_window(&mut self, change: impl Fn(Window, Window) -> Window) {
        let Some(run) = self.selected.and_then(|node| self.run_of(node)) else {
            return;
        };
        let Some((shown, whole)) = self.axis_window(run) else {
            return;
        };
        let window = change(shown, whole);
        self.zoom = (window != whole).then_some((run, window));
    }

    /// When a row began and ended, with what is below it.
    pub fn extent_of(&self, node: NodeId) -> Option<(Time, Time)> {
        match self.store.sort(node) {
            Sort::Run => self.digest(node)?.extent(),
            Sort::Step => {
                let step = self.store.step(node)?;
                let run = self.run_of(node)?;
                let told = self
                    .digest(run)
                    .and_then(|digest| digest.step_extent(&step.id));
                let from = step.started_at.or(told.map(|(from, _)| from))?;
                let to = step.ended_at.or(told.map(|(_, to)| to)).unwrap_or(from);
                Some((from, to))
            }
            Sort::Event => {
                let operation = self.operation(node)?;
                let repeat = operation
                    .repeat
                    .as_ref()
                    .filter(|repeat| repeat.first == node);
                let from = operation.started.or(operation.ended)?;
                let to = match repeat.and_then(|repeat| repeat.took) {
                    Some(took) => Time(from.0.saturating_add(nanos(took))),
                    None => operation.ended.unwrap_or(self.now),
                };
                Some((from, to))
            }
            Sort::Note => self.gap(node).map(|gap| (gap.from, gap.to)),
            Sort::Context | Sort::Mission | Sort::Group => None,
        }
    }
}
