//! What missions and runs are called, beside the store and in a form that a worker may look through
//! while the loop goes on: segments behind counts, of which a change copies one at most. As the service
//! sent it: who shows a name masks and cleans it.

use std::{collections::HashMap, sync::Arc};

use super::letters::Letters;
use crate::app::App;
use crate::model::{NodeId, Run, Sort, Store};

/// Names per segment.
const SEGMENT: usize = 1024;

/// Characters of a title that name a run; more of it is for reading.
const TITLE: usize = 64;

/// A mission or a run, and what it is called.
#[derive(Clone, Debug)]
pub struct Name {
    /// Which.
    pub node: NodeId,
    /// Title, id and mission of a run; name and id of a mission.
    pub text: Box<str>,
    /// The letters of it.
    pub(in crate::app) letters: Letters,
}

impl Name {
    /// What something is called.
    pub fn new(node: NodeId, text: impl Into<Box<str>>) -> Self {
        let text = text.into();
        let letters = Letters::of(&text);
        Self {
            node,
            text,
            letters,
        }
    }
}

/// All names, in the order in which they came.
#[derive(Debug, Default)]
pub(in crate::app) struct Names {
    parts: Vec<Arc<Vec<Name>>>,
    places: HashMap<NodeId, usize>,
}

/// The names as they were when it was taken.
#[derive(Clone, Debug, Default)]
pub struct Listed(Vec<Arc<Vec<Name>>>);

impl Listed {
    /// In segments, in order.
    pub fn parts(&self) -> impl Iterator<Item = &[Name]> {
        self.0.iter().map(|part| part.as_slice())
    }
}

impl FromIterator<Name> for Listed {
    fn from_iter<I: IntoIterator<Item = Name>>(names: I) -> Self {
        let mut own = Names::default();
        for name in names {
            own.put(name);
        }
        own.listed()
    }
}

impl Names {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// What a worker may look through.
    pub fn listed(&self) -> Listed {
        Listed(self.parts.clone())
    }

    /// Adds a name, or changes it.
    pub fn put(&mut self, name: Name) {
        if let Some(at) = self.places.get(&name.node) {
            let part = self.parts.get_mut(at / SEGMENT).map(Arc::make_mut);
            if let Some(old) = part.and_then(|part| part.get_mut(at % SEGMENT)) {
                *old = name;
            }
            return;
        }
        let at = self.places.len();
        self.places.insert(name.node, at);
        if at.is_multiple_of(SEGMENT) {
            self.parts.push(Arc::default());
        }
        if let Some(tail) = self.parts.last_mut() {
            Arc::make_mut(tail).push(name);
        }
    }
}

/// What a mission or a run is called; none for anything else.
pub(in crate::app) fn of(store: &Store, node: NodeId) -> Option<String> {
    match store.sort(node) {
        Sort::Mission => {
            let mission = store.mission(node)?;
            Some(joined([&mission.name, &mission.id]))
        }
        Sort::Run => {
            let run = store.run(node)?;
            let mission = mission_of(store, node);
            Some(joined([&title(run), &run.id, mission.unwrap_or_default()]))
        }
        Sort::Context | Sort::Step | Sort::Event | Sort::Note | Sort::Group => None,
    }
}

fn title(run: &Run) -> String {
    let line = run.title.split_whitespace();
    let mut words = String::new();
    for word in line {
        if words.len() > TITLE * 4 {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    match words.char_indices().nth(TITLE) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}

fn mission_of(store: &Store, run: NodeId) -> Option<&str> {
    let mut node = store.owner(run);
    while store.sort(node) == Sort::Run {
        node = store.owner(node);
    }
    store.mission(node).map(|mission| mission.name.as_str())
}

fn joined<const N: usize>(parts: [&str; N]) -> String {
    let mut text = String::new();
    for part in parts {
        if part.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push_str("  ");
        }
        text.push_str(part);
    }
    text
}

impl App {
    /// A mission or a run is there, or is called otherwise than before.
    pub(in crate::app) fn name(&mut self, node: NodeId) {
        if let Some(text) = of(&self.store, node) {
            self.names.put(Name::new(node, text));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_keeps_what_it_was_given_while_names_come_and_change() {
        let mut names = Names::default();
        for n in 0..2_500 {
            names.put(Name::new(NodeId(n), format!("run {n}")));
        }
        let before = names.listed();
        names.put(Name::new(NodeId(7), "another"));
        assert_eq!(names.len(), 2_500);
        let text = |listed: &Listed, n: usize| -> String {
            let all: Vec<_> = listed.parts().flatten().collect();
            all[n].text.to_string()
        };
        assert_eq!(text(&before, 7), "run 7");
        assert_eq!(text(&names.listed(), 7), "another");
        assert_eq!(text(&names.listed(), 2_499), "run 2499");
    }

    #[test]
    fn a_run_is_called_by_the_beginning_of_its_title() {
        let run = |title: &str| Run {
            title: title.to_owned(),
            ..Run::default()
        };
        assert_eq!(title(&run("two\n  words")), "two words");
        let long = title(&run(&"é ".repeat(100_000)));
        assert_eq!(long.chars().count(), TITLE + 1);
        assert!(long.ends_with('…'));
    }
}
