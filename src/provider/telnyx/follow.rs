//! Following a run: the service pushes nothing, filters by no time and documents no order. A look
//! begins at the page where the known events end; that page tells which way the list runs, and the
//! list's own count whether there is more than is known. So a quiet run costs one small page, and a
//! list without any order is read whole only when its count has grown. A count may be larger than what
//! is known for ever (rows that came twice, rows that never come), so by itself it allows that only now
//! and then; news on the page that was read allow it at once.

use super::event::{Direction, Reading};
use super::page;
use super::reply::List;
use crate::model::{Ask, Known, Page, Request, RunRef};

/// Rows in a page of news.
const ROWS: u32 = 100;
/// How far, in nanoseconds, reading goes on behind what is known: clocks differ, and rows are late.
const OVERLAP: i64 = 10_000_000_000;
/// So many rows tell which way a list runs; fewer may lie in a row by chance.
const TELLING: usize = 8;
/// The plan is looked at every so many looks: a step may change without an event that says so.
const SLOW_BEAT: u32 = 8;
/// So often a list may be read whole although none of its news was met.
const WHOLE_BEAT: u32 = 8;
/// The mark of a look that may. It stands behind those of a page.
const MAY_READ_ALL: &str = "::::whole";
/// No look reads more pages than this.
const MOST_PAGES: u32 = 1_000;

/// What one look asks. The events bring the plan along where they say that it moved.
pub(super) fn looks(run: &RunRef, known: &Known) -> Vec<Ask> {
    let whole = known.ended || known.looks.is_multiple_of(WHOLE_BEAT);
    let page = Page {
        cursor: whole.then(|| MAY_READ_ALL.into()),
        after: known.newest,
        seen: known.newest.map_or(0, |_| known.events),
        ..Page::default()
    };
    let run = run.clone();
    let mut asks = vec![Ask::Run(run.clone())];
    if known.ended || known.looks % SLOW_BEAT == SLOW_BEAT - 1 {
        asks.push(Ask::Steps(run.clone()));
    }
    asks.push(Ask::Events { run, page });
    asks
}

/// Where a look is: the page, why it is read, what the one before held, how many events younger than
/// the known ones came so far, and whether it may read the whole list without having met any.
struct At {
    number: u64,
    phase: Phase,
    held: String,
    fresh: u64,
    whole: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Phase {
    /// The page where the known events end, were they the oldest.
    Tail,
    /// From there on to the end.
    Up,
    /// From the first page, newest first, down to what is known.
    Head,
    /// Everything.
    All,
}

const PHASES: [(Phase, &str); 4] = [
    (Phase::Tail, "tail"),
    (Phase::Up, "up"),
    (Phase::Head, "head"),
    (Phase::All, "all"),
];

impl At {
    fn of(page: &Page) -> Self {
        let cursor = page.cursor.as_deref().unwrap_or_default();
        let mut marks = cursor.split(':');
        let mut mark = || marks.next().unwrap_or_default();
        let (number, phase, held, fresh) = (mark(), mark(), mark(), mark());
        let whole = mark() == "whole";
        let tail = u64::from(page.seen.saturating_sub(1) / ROWS) + 1;
        let phase = PHASES.iter().find(|(_, word)| *word == phase);
        Self {
            number: number.parse().unwrap_or(tail),
            phase: phase.map_or(Phase::Tail, |(phase, _)| *phase),
            held: held.to_owned(),
            fresh: fresh.parse().unwrap_or(0),
            whole,
        }
    }

    fn cursor(&self) -> String {
        let word = PHASES.iter().find(|(phase, _)| *phase == self.phase);
        let word = word.map_or("tail", |(_, word)| word);
        let whole = if self.whole { "whole" } else { "" };
        let (number, held, fresh) = (self.number, &self.held, self.fresh);
        format!("{number}:{word}:{held}:{fresh}:{whole}")
    }
}

/// What to send for a page of news.
pub(super) fn request(events: Request, page: &Page) -> Request {
    events
        .with("page[number]", At::of(page).number)
        .with("page[size]", ROWS)
}

/// How many rows lie before this page in the whole list.
pub(super) fn rows_before(page: &Page, list: &List<'_>) -> u64 {
    let size = list.page_size().unwrap_or(u64::from(ROWS));
    At::of(page).number.saturating_sub(1).saturating_mul(size)
}

/// The page to read next; none when the news are read.
pub(super) fn next(page: &Page, list: &List<'_>, reading: &Reading) -> Option<Page> {
    let at = At::of(page);
    let look = Look {
        known: u64::from(page.seen),
        after: page.after?,
        fresh: at.fresh + reading.younger_than(page.after?),
        whole: at.whole,
        last: list.total_pages(),
        total: list.total_results(),
        full: reading.batch.rows.len() as u64 >= list.page_size().unwrap_or(u64::from(ROWS)),
        empty: reading.batch.rows.is_empty(),
        reading,
    };
    let held = page::fingerprint(&reading.batch.rows);
    let (number, phase) = look.after(&at)?;
    let repeats = phase == at.phase && held == at.held;
    if repeats || page.index + 1 >= MOST_PAGES {
        return None;
    }
    let at = At {
        number,
        phase,
        held,
        fresh: look.fresh,
        whole: at.whole,
    };
    Some(Page {
        cursor: Some(at.cursor().into()),
        index: page.index + 1,
        ..page.clone()
    })
}

/// What is known when a page of news was read.
struct Look<'a> {
    /// Events known before.
    known: u64,
    /// The youngest of them.
    after: i64,
    /// Younger ones that came.
    fresh: u64,
    /// Whether the whole list may be read although none came.
    whole: bool,
    last: Option<u64>,
    total: Option<u64>,
    full: bool,
    empty: bool,
    reading: &'a Reading,
}

impl Look<'_> {
    fn after(&self, at: &At) -> Option<(u64, Phase)> {
        match at.phase {
            Phase::Tail if self.empty => self.too_far(at.number),
            Phase::Tail => self.turn(at.number),
            Phase::Up | Phase::All => self.go_on(at.number, at.phase),
            Phase::Head if at.number == 1 => self.begin(),
            Phase::Head => self.down(at.number),
        }
    }

    /// There are fewer rows than are known: rows have gone, or some came twice.
    fn too_far(&self, number: u64) -> Option<(u64, Phase)> {
        match self.last {
            Some(last) if last < number => Some((last, Phase::Tail)),
            _ if number > 1 && self.whole => Some((1, Phase::All)),
            // Two empty pages in a row end the look.
            _ if number > 1 => Some((number - 1, Phase::Tail)),
            _ => None,
        }
    }

    /// The first page of a look tells the direction, if it holds enough.
    fn turn(&self, number: u64) -> Option<(u64, Phase)> {
        if number == 1 {
            return self.begin();
        }
        let sure = self.reading.batch.rows.len() >= TELLING;
        match self.direction() {
            Direction::Rising if sure => self.go_on(number, Phase::Up),
            Direction::Falling if self.total == Some(self.known) => None,
            Direction::Falling => Some((1, Phase::Head)),
            direction => {
                let up = self.go_on(number, Phase::Up);
                let up = up.filter(|_| direction != Direction::Mixed);
                up.or((self.missing() > 0).then_some((1, Phase::Head)))
            }
        }
    }

    /// The first page of the list.
    fn begin(&self) -> Option<(u64, Phase)> {
        match self.reading.direction {
            Direction::Falling => self.down(1),
            Direction::Rising if self.known > u64::from(ROWS) => None,
            Direction::Rising => self.go_on(1, Phase::Up),
            // News may be anywhere. Nobody looks for them through a list of which only the smaller
            // part is known.
            Direction::Mixed | Direction::Unclear => (1..=self.known.max(u64::from(ROWS)))
                .contains(&self.missing())
                .then_some(self.whole || self.fresh > 0)?
                .then(|| self.go_on(1, Phase::All))?,
        }
    }

    /// How many events the list counts that are neither known nor came; one where it does not count.
    fn missing(&self) -> u64 {
        self.total.map_or(1, |total| {
            total.saturating_sub(self.known.saturating_add(self.fresh))
        })
    }

    /// A page of one time is compared with what is known: were the list newest first, its later pages
    /// would be older than that.
    fn direction(&self) -> Direction {
        let direction = self.reading.direction;
        let newest = self.reading.newest;
        let older = newest.is_some_and(|newest| newest < self.after);
        match direction {
            Direction::Unclear if older => Direction::Falling,
            _ => direction,
        }
    }

    fn down(&self, number: u64) -> Option<(u64, Phase)> {
        let edge = self.after.saturating_sub(OVERLAP);
        let known = self.reading.oldest.is_some_and(|oldest| oldest < edge);
        if known {
            None
        } else {
            self.go_on(number, Phase::Head)
        }
    }

    fn go_on(&self, number: u64, phase: Phase) -> Option<(u64, Phase)> {
        let more = self.last.map_or(self.full, |last| number < last);
        (more && !self.empty).then_some((number.checked_add(1)?, phase))
    }
}
