//! Folding, going, finding and paths, each against the plain walk.

use proptest::prelude::*;
use regex::bytes::Regex;

use super::{model::Row, *};
use crate::text::json::unquote;

/// The rows to be seen when these containers are folded.
fn visible(rows: &[Row], folded: &[bool], first: usize) -> Vec<usize> {
    let mut seen = Vec::new();
    let mut at = first;
    while at < rows.len() {
        seen.push(at);
        at = if folded[at] {
            rows[at].last + 1
        } else {
            at + 1
        };
    }
    seen
}

fn is_foldable(row: &Row, at: usize) -> bool {
    row.last > at
}

/// Folds as a plain walk does it; the row of the container concerned.
fn fold(rows: &[Row], folded: &mut [bool], at: usize, how: Fold, first: usize) -> Option<usize> {
    let own = if rows[at].closes {
        (0..at).find(|own| rows[*own].last == at && rows[*own].depth == rows[at].depth)?
    } else {
        at
    };
    let foldable = is_foldable(&rows[own], own);
    let target = match how {
        Fold::Close if !foldable || folded[own] => rows[own].parent?,
        _ if !foldable => return None,
        _ => own,
    };
    if target < first {
        return None;
    }
    let to = match how {
        Fold::Toggle => !folded[target],
        Fold::Close | Fold::CloseDeep => true,
        _ => false,
    };
    let deep = matches!(how, Fold::CloseDeep | Fold::OpenDeep);
    if folded[target] == to && !deep {
        return None;
    }
    let end = if deep { rows[target].last } else { target };
    for row in target..=end {
        folded[row] = to && is_foldable(&rows[row], row);
    }
    Some(target)
}

fn go(rows: &[Row], folded: &[bool], at: usize, to: Go, first: usize) -> Option<usize> {
    let row = &rows[at];
    let own = if row.closes {
        (0..at).find(|own| rows[*own].last == at && rows[*own].depth == row.depth)?
    } else {
        at
    };
    let siblings: Vec<usize> = (0..rows.len())
        .filter(|i| rows[*i].parent == row.parent && !rows[*i].closes && row.parent.is_some())
        .collect();
    let place = siblings.iter().position(|i| *i == own);
    let found = match to {
        Go::Parent if row.closes => Some(own),
        Go::Parent => row.parent,
        Go::Child => (!row.closes && is_foldable(row, at) && !folded[at]).then_some(at + 1),
        Go::Next => siblings.get(place? + 1).copied(),
        Go::Previous => siblings.get(place?.checked_sub(1)?).copied(),
        Go::First => siblings.first().copied(),
        Go::Last => siblings.last().copied(),
    };
    found.filter(|found| *found >= first)
}

const FOLDS: [Fold; 8] = [
    Fold::Toggle,
    Fold::Close,
    Fold::Open,
    Fold::CloseDeep,
    Fold::OpenDeep,
    Fold::CloseAll,
    Fold::OpenAll,
    Fold::Depth(2),
];
const WAYS: [Go; 6] = [
    Go::Parent,
    Go::Child,
    Go::Next,
    Go::Previous,
    Go::First,
    Go::Last,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn folds_and_ways_are_those_of_a_plain_walk(
        tree in tree(),
        is_line: bool,
        keys in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..8), 0..12),
    ) {
        let mode = if is_line { Mode::Line } else { Mode::Data };
        let mut json = read(&tree.text(), mode);
        let rows = tree.rows(mode);
        let first = usize::from(!is_line && rows.len() > 1);
        let mut folded = vec![false; rows.len()];
        for (at, how) in keys {
            let seen = visible(&rows, &folded, first);
            prop_assert_eq!(json.len(), seen.len());
            let (row, how) = (at.index(seen.len()), FOLDS[how]);
            let cursor = seen[row];
            for to in WAYS {
                let found = go(&rows, &folded, cursor, to, first);
                let found = found.map(|found| seen.iter().position(|row| *row == found).unwrap());
                prop_assert_eq!(json.go(row, to), found, "{:?}", to);
            }
            let all = match how {
                Fold::CloseAll => Some(1),
                Fold::Depth(levels) => Some(usize::from(levels)),
                Fold::OpenAll => Some(usize::MAX),
                _ => None,
            };
            let node = json.node(row).unwrap();
            let came = json.fold(row, how);
            if let Some(levels) = all {
                for (at, row) in rows.iter().enumerate() {
                    folded[at] = is_foldable(row, at) && row.depth >= levels;
                }
            } else {
                let target = fold(&rows, &mut folded, cursor, how, first);
                prop_assert_eq!(came.is_some(), target.is_some(), "{:?} at {}", how, cursor);
                if let Some(target) = target {
                    let seen = visible(&rows, &folded, first);
                    prop_assert_eq!(came, seen.iter().position(|row| *row == target));
                }
            }
            let seen = visible(&rows, &folded, first);
            let nodes: Vec<_> = (0..json.len()).map(|row| json.own(row).unwrap() as usize).collect();
            prop_assert_eq!(&nodes, &seen);
            // the node is where it was, or under what hides it
            let now = json.visible(&node);
            prop_assert!(seen[now] <= cursor && rows[seen[now]].last >= cursor);
        }
        // a hidden node is shown and hidden again
        let before = screen(&json);
        for row in first..rows.len() {
            let row = u32::try_from(row).unwrap();
            let (at, unfolded) = json.reveal(&json.node_of(row));
            prop_assert_eq!(json.own(at), Some(row));
            json.hide(&unfolded);
        }
        prop_assert_eq!(screen(&json), before);
    }

    #[test]
    fn what_is_found_is_what_says_it(tree in tree(), is_line: bool, pattern in prop::sample::select(vec!["a", "é", "id", "\\[", "long", "x", "\"", "[0-9]5", "n.*g", "^i", "l$", "\\bid\\b"])) {
        let mode = if is_line { Mode::Line } else { Mode::Data };
        let json = read(&tree.text(), mode);
        let matcher = Regex::new(pattern).unwrap();
        let says = |literal: &str| matcher.is_match(match literal.strip_prefix('"') {
            Some(_) => unquote(literal.as_bytes()).into_owned(),
            None => literal.to_owned(),
        }.as_bytes());
        let first = usize::from(json.first > 0);
        let plain: Vec<u32> = tree.rows(mode).iter().enumerate().skip(first)
            .filter(|(_, row)| {
                let is_atom = !row.closes && !row.value.starts_with(['{', '[']);
                row.key.as_deref().is_some_and(says) || is_atom && says(&row.value)
            })
            .map(|(at, _)| u32::try_from(at).unwrap())
            .collect();
        let mut finder = json.finder(matcher.clone(), 0);
        let mut found = Vec::new();
        loop {
            let hits = finder.run(100);
            found.extend(hits.rows);
            if hits.is_done {
                break;
            }
        }
        found.dedup();
        prop_assert_eq!(found, plain);
    }

    #[test]
    fn a_way_leads_back(value in value(), is_line: bool) {
        let mode = if is_line { Mode::Line } else { Mode::Data };
        let json = read(&value.to_string(), mode);
        for row in 0..json.len() {
            let own = json.table.row(json.own(row).unwrap()).unwrap();
            let own = match own.kind {
                Kind::Close(id) => json.table.container(id).unwrap().row,
                _ => own.row,
            };
            let way = json.way(row).unwrap();
            prop_assert_eq!(json.find(&way), Some(json.node_of(own)), "{:?}", way);
        }
    }

    #[test]
    fn filters_lead_to_the_value(value in value()) {
        let json = data(&value.to_string());
        for row in 0..json.len() {
            let sent = json.copy(row, Form::Sent).unwrap();
            let wanted: serde_json::Value = serde_json::from_slice(&sent).unwrap();
            let jq = String::from_utf8(json.copy(row, Form::Jq).unwrap()).unwrap();
            prop_assert_eq!(follow(&value, &jq), Some(&wanted), "{}", jq);
            let bracket = String::from_utf8(json.copy(row, Form::Bracket).unwrap()).unwrap();
            prop_assert_eq!(follow(&value, &bracket), Some(&wanted), "{}", bracket);
            for form in [Form::Pretty, Form::Line] {
                let other: serde_json::Value = serde_json::from_slice(&json.copy(row, form).unwrap()).unwrap();
                prop_assert_eq!(&other, &wanted);
            }
        }
    }
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<i32>().prop_map(Into::into)
    ];
    leaf.prop_recursive(4, 60, 6, |inner| {
        let key = prop_oneof![
            "[a-z_]{1,4}",
            "[0-9a]{1,2}",
            "[ -~é\n\"\\\\]{0,5}",
            Just("and".to_owned())
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// What a filter of names, strings and indices gives: as jq reads it, no more.
fn follow<'a>(value: &'a serde_json::Value, filter: &str) -> Option<&'a serde_json::Value> {
    let mut rest = filter
        .strip_prefix('.')
        .filter(|rest| rest.starts_with('[') || rest.is_empty())
        .unwrap_or(filter);
    let mut at = value;
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let mut step =
                serde_json::Deserializer::from_str(inside).into_iter::<serde_json::Value>();
            let key = step.next()?.ok()?;
            rest = inside.get(step.byte_offset()..)?.strip_prefix(']')?;
            at = match key {
                serde_json::Value::String(key) => at.get(key)?,
                index => at.get(usize::try_from(index.as_u64()?).ok()?)?,
            };
        } else {
            let name = rest.strip_prefix('.')?;
            let len = name.find(['.', '[']).unwrap_or(name.len());
            let first = name.chars().next()?;
            if first.is_ascii_digit()
                || !name[..len]
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || c == '_')
            {
                return None;
            }
            at = at.get(&name[..len])?;
            rest = &name[len..];
        }
    }
    Some(at)
}
