//! A JSON value as a plain tree of literals, and what its rows are by walking it.

use proptest::prelude::*;

use super::Mode;

#[derive(Clone, Debug)]
pub(super) enum Tree {
    Atom(String),
    Array(Vec<Tree>, String),
    Object(Vec<(String, Tree)>, String),
}

/// A row as it has to be.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) key: Option<String>,
    pub(super) value: String,
    pub(super) depth: usize,
    pub(super) ordinal: usize,
    pub(super) closes: bool,
    /// The row of the container around.
    pub(super) parent: Option<usize>,
    /// The last row in it.
    pub(super) last: usize,
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-z ,:\\[\\]{}é日]{0,12}".prop_map(|text| format!("\"{text}\"")),
        3 => Just(r#""\"\\\u00e9\n""#.to_owned()),
        1 => Just(format!("\"{}\"", "long ".repeat(1000))),
        2 => Just("\"id\"".to_owned()),
    ]
}

pub(super) fn tree() -> impl Strategy<Value = Tree> {
    let atom = prop_oneof![
        Just("true".to_owned()),
        Just("null".to_owned()),
        // none that could be the number of a card
        "-?[1-9]([0-9]{0,10}|[0-9]{19,22})(\\.[0-9]{1,8})?".prop_map(String::from),
        literal(),
    ];
    let space = prop::sample::select(vec!["", " ", "\n\t", "\r\n  "]);
    atom.prop_map(Tree::Atom)
        .prop_recursive(5, 120, 10, move |inner| {
            let space = space.clone().prop_map(str::to_owned);
            let members = prop::collection::vec((literal(), inner.clone()), 0..8);
            let elements = prop::collection::vec(inner, 0..14);
            prop_oneof![
                (elements, space.clone()).prop_map(|(list, space)| Tree::Array(list, space)),
                (members, space).prop_map(|(list, space)| Tree::Object(list, space)),
            ]
        })
}

impl Tree {
    pub(super) fn text(&self) -> String {
        match self {
            Self::Atom(text) => text.clone(),
            Self::Array(list, s) => {
                let list: Vec<String> = list.iter().map(Self::text).collect();
                format!("{s}[{s}{}{s}]", list.join(&format!("{s},{s}")))
            }
            Self::Object(list, s) => {
                let list: Vec<String> = list
                    .iter()
                    .map(|(key, value)| format!("{key}{s}:{s}{}", value.text()))
                    .collect();
                format!("{s}{{{s}{}{s}}}{s}", list.join(&format!("{s},{s}")))
            }
        }
    }

    pub(super) fn rows(&self, mode: Mode) -> Vec<Row> {
        let mut rows = Vec::new();
        self.walk(mode, None, (0, 0, None), &mut rows);
        rows
    }

    fn walk(
        &self,
        mode: Mode,
        key: Option<String>,
        (depth, ordinal, parent): (usize, usize, Option<usize>),
        rows: &mut Vec<Row>,
    ) {
        let at = rows.len();
        rows.push(Row {
            key,
            value: self.text().trim().to_owned(),
            depth,
            ordinal,
            closes: false,
            parent,
            last: at,
        });
        let count = match self {
            Self::Atom(_) => 0,
            Self::Array(list, _) => {
                for (i, child) in list.iter().enumerate() {
                    child.walk(mode, None, (depth + 1, i, Some(at)), rows);
                }
                list.len()
            }
            Self::Object(list, _) => {
                for (i, (key, child)) in list.iter().enumerate() {
                    child.walk(mode, Some(key.clone()), (depth + 1, i, Some(at)), rows);
                }
                list.len()
            }
        };
        if count > 0 && mode == Mode::Line {
            let value = if matches!(self, Self::Array(..)) {
                "]"
            } else {
                "}"
            };
            rows.push(Row {
                key: None,
                value: value.to_owned(),
                depth,
                ordinal,
                closes: true,
                parent,
                last: rows.len(),
            });
        }
        let last = rows.len() - 1;
        rows[at].last = last;
    }
}
