//! Columns of the lists: which facts and which values of payloads stand beside each row. What is typed
//! (`+tokens -started +refund:payload.amount`) says what differs from the usual columns. A column that
//! does not exist is refused with the nearest one; nothing is looked up here.

pub(super) mod cell;
mod facts;
pub(super) mod far;
mod shown;
pub(super) mod typing;

use std::{fmt, ops::Range};

pub use self::{
    cell::{Columns, value},
    facts::{Fact, RowFacts, row_value, run_value},
    far::Probe,
    typing::TypingColumns,
};
use crate::app::query::{Fault, PayloadPath};

/// Columns that can be added to a list.
const MOST: usize = 12;

/// A list that has columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// Runs.
    Runs,
    /// What happened in a run, as operations.
    Events,
    /// The same, event by event.
    Records,
}

/// What a column shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Shows {
    /// A fact.
    Fact(Fact),
    /// A value in the payload.
    Path(PayloadPath),
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What stands above it.
    pub name: String,
    /// What it shows.
    pub shows: Shows,
}

/// How a list differs from its usual columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Set {
    /// Usual columns that are not shown.
    pub hidden: Vec<Fact>,
    /// Columns besides the usual ones, in the order in which they stand.
    pub added: Vec<Column>,
}

/// The columns of all lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sets {
    /// Of the lists of runs.
    pub runs: Set,
    /// Of what happened in a run.
    pub events: Set,
}

impl Sets {
    /// Those of a list.
    pub fn of(&self, list: List) -> &Set {
        match list {
            List::Runs => &self.runs,
            List::Events | List::Records => &self.events,
        }
    }

    pub(in crate::app) fn of_mut(&mut self, list: List) -> &mut Set {
        match list {
            List::Runs => &mut self.runs,
            List::Events | List::Records => &mut self.events,
        }
    }
}

impl List {
    /// In a word or two.
    pub fn word(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Events | Self::Records => "events",
        }
    }

    /// The facts that it can show.
    pub fn facts(self) -> &'static [Fact] {
        match self {
            Self::Runs => facts::OF_RUNS,
            Self::Events => facts::OF_EVENTS,
            Self::Records => facts::OF_RECORDS,
        }
    }

    /// The facts that it shows unless it is told otherwise.
    pub fn usual(self) -> &'static [Fact] {
        match self {
            Self::Runs => &[Fact::Mission, Fact::Context, Fact::Started, Fact::Duration],
            Self::Events | Self::Records => {
                &[Fact::Number, Fact::Time, Fact::Duration, Fact::Tokens]
            }
        }
    }

    fn is_usual(self, word: &str) -> bool {
        self.usual().iter().any(|fact| fact.word() == word)
    }

    fn fact(self, word: &str) -> Option<Fact> {
        let mut facts = self.facts().iter().copied();
        facts.find(|fact| fact.word() == word || fact.record() == word)
    }

    /// The words of its columns.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        self.facts().iter().map(|fact| fact.word())
    }

    /// One column: `tokens`, `payload.amount`, `refund:payload.amount`.
    fn column(self, text: &str, begin: usize) -> Result<Column, Fault> {
        let path = |text: &str, at: usize| {
            PayloadPath::read(text).map_err(|fault| fault.moved(begin + at))
        };
        if PayloadPath::begins(text) {
            // As it is told, so that what is told can be read again.
            let path = path(text, 0)?;
            let name = path.to_string();
            let shows = Shows::Path(path);
            return Ok(Column { name, shows });
        }
        let (name, rest) = match text.split_once(':') {
            Some((name, rest)) => (Some(name), rest),
            None => (None, text),
        };
        let at = text.len() - rest.len();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        if let Some(name) = name.filter(|name| name.is_empty() || !name.chars().all(is_name)) {
            let told = "a name of letters, digits, _ and - in front of the :";
            return Err(Fault::new(begin..begin + name.len().max(1), told));
        }
        let shows = match self.fact(rest) {
            Some(fact) => Shows::Fact(fact),
            None if PayloadPath::begins(rest) => Shows::Path(path(rest, at)?),
            None => return Err(self.unknown(rest, begin + at)),
        };
        let name = match (name, &shows) {
            (Some(name), _) => name.to_owned(),
            (None, Shows::Fact(fact)) => fact.word().to_owned(),
            (None, Shows::Path(path)) => path.to_string(),
        };
        Ok(Column { name, shows })
    }

    fn unknown(self, word: &str, begin: usize) -> Fault {
        let told = format!("a column: none of {} is called {word:?}", self.word());
        Fault::new(begin..begin + word.len(), told).near(word, self.words())
    }

    /// Columns, each with a comma or a blank behind it: `id,status,refund:payload.amount`.
    pub fn columns(self, text: &str) -> Result<Vec<Column>, Fault> {
        let mut columns: Vec<Column> = Vec::new();
        for at in words(text) {
            let column = self.column(text.get(at.clone()).unwrap_or_default(), at.start)?;
            if columns.iter().any(|known| known.name == column.name) {
                let told = format!("a name of its own: {:?} is there already", column.name);
                return Err(Fault::new(at, told));
            }
            columns.push(column);
        }
        if columns.is_empty() {
            return Err(Fault::new(0..text.len(), "a column"));
        }
        Ok(columns)
    }

    /// What is typed: `+tokens -started +refund:payload.amount`; a column without a sign is added.
    pub fn set(self, text: &str) -> Result<Set, Fault> {
        let mut set = Set::default();
        for at in words(text) {
            let word = text.get(at.clone()).unwrap_or_default();
            if let Some(name) = word.strip_prefix('-') {
                self.hide(&mut set, name, at)?;
                continue;
            }
            let plain = word.strip_prefix('+').unwrap_or(word);
            let column = self.column(plain, at.end - plain.len())?;
            let usual = match &column.shows {
                Shows::Fact(fact) if *fact.word() == column.name => {
                    set.hidden.retain(|hidden| hidden != fact);
                    self.is_usual(fact.word())
                }
                _ => false,
            };
            if usual || set.added.contains(&column) {
                continue;
            }
            if set.added.len() >= MOST {
                return Err(Fault::new(at, format!("no more than {MOST} columns")));
            }
            set.added.push(column);
        }
        Ok(set)
    }

    fn hide(self, set: &mut Set, name: &str, at: Range<usize>) -> Result<(), Fault> {
        let before = set.added.len();
        set.added.retain(|column| column.name != name);
        if set.added.len() < before {
            return Ok(());
        }
        let fact = self.fact(name);
        if let Some(fact) = fact.filter(|fact| self.is_usual(fact.word())) {
            if !set.hidden.contains(&fact) {
                set.hidden.push(fact);
            }
            return Ok(());
        }
        let usual = self.usual().iter().map(|fact| fact.word());
        let known: Vec<&str> = usual.clone().collect();
        let told = format!("a column that is shown: {}", known.join(", "));
        Err(Fault::new(at.start + 1..at.end, told).near(name, usual))
    }
}

/// Where the words of a text are: blanks and commas part them, but not in quotes or brackets.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let (mut quoted, mut escaped, mut begin) = (false, false, None);
    for (at, c) in text.char_indices() {
        let parts = !quoted && (c.is_whitespace() || c == ',');
        match (parts, begin) {
            (true, Some(from)) => {
                words.push(from..at);
                begin = None;
            }
            (false, None) => begin = Some(at),
            _ => {}
        }
        quoted ^= c == '"' && !escaped;
        escaped = quoted && c == '\\' && !escaped;
    }
    words.extend(begin.map(|from| from..text.len()));
    words
}

impl Set {
    /// Whether a usual column is shown.
    pub fn shows(&self, fact: Fact) -> bool {
        !self.hidden.contains(&fact)
    }

    /// Whether the list has its usual columns.
    pub fn is_usual(&self) -> bool {
        self.hidden.is_empty() && self.added.is_empty()
    }

    /// The paths among its columns.
    pub fn paths(&self) -> impl Iterator<Item = &PayloadPath> {
        self.added.iter().filter_map(|column| match &column.shows {
            Shows::Path(path) => Some(path),
            Shows::Fact(_) => None,
        })
    }
}

impl Column {
    /// The columns of the screen that it takes, without the blanks in front of it.
    pub fn wide(&self) -> usize {
        let least = self.name.chars().count().min(14);
        match &self.shows {
            Shows::Fact(fact) => fact.wide().max(least),
            Shows::Path(_) => least.max(10),
        }
    }

    /// What it is called in records and tables for programs.
    pub fn record(&self) -> &str {
        match &self.shows {
            Shows::Fact(fact) if fact.word() == self.name => fact.record(),
            _ => &self.name,
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.shows {
            Shows::Fact(fact) => fact.word().to_owned(),
            Shows::Path(path) => path.to_string(),
        };
        if what == self.name {
            f.write_str(&what)
        } else {
            write!(f, "{}:{what}", self.name)
        }
    }
}

impl fmt::Display for Set {
    /// As it is typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = self.hidden.iter().map(|fact| format!("-{}", fact.word()));
        let added = self.added.iter().map(|column| format!("+{column}"));
        let words: Vec<String> = hidden.chain(added).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_and_told_again() {
        for (list, typed, told) in [
            (List::Runs, "", ""),
            (List::Runs, "+tokens -started", "-started +tokens"),
            (List::Runs, "tokens tokens", "+tokens"),
            (List::Runs, "+duration", ""),
            (List::Runs, "-duration +duration_ms", ""),
            (List::Runs, "+took:duration", "+took:duration"),
            (
                List::Runs,
                "+refund:payload.amount",
                "+refund:payload.amount",
            ),
            (
                List::Runs,
                "+payload[\"a b\"][0] +id",
                "+payload[\"a b\"][0] +id",
            ),
            (List::Runs, "+x:payload.a,+id -x", "+id"),
            (List::Runs, "+payload.items[*].sku", "+payload.items.*.sku"),
            (List::Events, "+payload[\"amount\"]", "+payload.amount"),
            (
                List::Events,
                "-number -time verdict",
                "-number -time +verdict",
            ),
        ] {
            let set = list.set(typed).unwrap();
            assert_eq!(set.to_string(), told, "{typed}");
            assert_eq!(list.set(told), Ok(set), "{typed}");
        }
    }

    #[test]
    fn what_is_no_column_is_refused_at_its_place_with_the_nearest_one() {
        for (list, typed, at, nearest) in [
            (List::Runs, "+tokens +duratoin", 9..17, Some("duration")),
            (List::Runs, "-refund", 1..7, None),
            (List::Runs, "+x:statsu", 3..9, Some("status")),
            (List::Runs, "+x:payload.", 11..11, None),
            (List::Runs, "+a b:id", 1..2, None),
            (List::Runs, "+:id", 1..2, None),
            (List::Events, "+mission", 1..8, None),
        ] {
            let fault = list.set(typed).unwrap_err();
            assert_eq!(fault.at, at, "{typed}: {fault}");
            if nearest.is_some() {
                assert_eq!(fault.nearest, nearest, "{typed}");
            }
        }
        let many: Vec<String> = (0..=MOST).map(|n| format!("payload.a{n}")).collect();
        assert!(List::Runs.set(&many.join(" ")).is_err());
        assert!(List::Runs.columns(" , ").is_err());
        assert_eq!(List::Runs.columns("a:id,a:status").unwrap_err().at, 5..13);
        assert_eq!(
            List::Runs.columns("id,took:duration").map(|all| all.len()),
            Ok(2)
        );
    }
}
