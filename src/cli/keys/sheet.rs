//! `sortie keys --sheet`: the keys that hold on one page of Markdown, to be printed or pinned up. Made of the
//! key map and nothing else, so that it tells a person's own keys.

use std::fmt::Write as _;

use crate::{
    app::{
        action::Action,
        custom::Command,
        key::spell_short,
        keymap::{Keymap, Mode},
        topic::Topic,
    },
    guard::clean,
};

/// The modes whose keys are told, with what is said of those that hold there only.
const MODES: [(Mode, &str); 7] = [
    (Mode::Tree, ""),
    (Mode::Detail, "in the detail"),
    (Mode::List, "in a list"),
    (Mode::Preview, "before a call is copied"),
    (Mode::Export, "in the export menu"),
    (Mode::Review, "before an export"),
    (Mode::Empty, "without a context"),
];

/// The page; the keys of the commands are taken out of the map already.
pub(super) fn sheet(map: &Keymap, commands: &[Command]) -> String {
    let mut page = String::from("# Keys of sortie\n");
    for topic in Topic::ALL {
        let of_topic = Action::ALL.iter().filter(|action| action.topic() == topic);
        let told: Vec<String> = of_topic.filter_map(|action| entry(map, *action)).collect();
        if !told.is_empty() {
            // Writing to a text cannot fail.
            let _ = write!(page, "\n## {}\n\n{}\n", topic.title(), told.join(" ·\n"));
        }
    }
    let bound = commands.iter().filter(|own| !own.keys.is_empty());
    let told: Vec<String> = bound
        .map(|own| {
            let keys = code(&spell_short(&own.keys));
            format!("{keys} {}", clean::line(&own.name))
        })
        .collect();
    if !told.is_empty() {
        let _ = write!(page, "\n## Commands of your own\n\n{}\n", told.join(" ·\n"));
    }
    page
}

/// An action with its keys; none where another one tells it, or nothing is bound to it.
fn entry(map: &Keymap, action: Action) -> Option<String> {
    let is_twin = action.printed().is_some();
    if is_twin || action.levels().is_some_and(|levels| levels > 1) {
        return None;
    }
    let (keys, place) = MODES.iter().find_map(|(mode, place)| {
        let keys = keys(map, *mode, action);
        (!keys.is_empty()).then_some((keys, *place))
    })?;
    let twin = Action::ALL
        .iter()
        .find(|other| other.printed() == Some(action));
    let printed = twin.map(|twin| self::keys(map, Mode::Tree, *twin));
    let printed = printed.filter(|keys| !keys.is_empty());
    let printed = printed.map_or_else(String::new, |keys| format!(" ({keys} prints it)"));
    let place = if place.is_empty() {
        String::new()
    } else {
        format!(" ({place})")
    };
    let told = action.description().trim_end_matches('.');
    Some(format!("{keys} {}{place}{printed}", lower(told)))
}

/// All keys of an action in a mode.
fn keys(map: &Keymap, mode: Mode, action: Action) -> String {
    let of = map.hints(mode).into_iter();
    let mut of = of.filter(|(_, bound)| *bound == action);
    let spelled = of.next().map(|(keys, _)| keys).unwrap_or_default();
    let keys: Vec<String> = spelled
        .split(' ')
        .filter(|key| !key.is_empty())
        .map(code)
        .collect();
    keys.join(" ")
}

/// A key in the signs that Markdown leaves alone.
fn code(key: &str) -> String {
    if key.contains('`') {
        format!("`` {key} ``")
    } else {
        format!("`{key}`")
    }
}

/// A sentence inside of a line.
fn lower(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_lowercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::{defaults, merge};

    #[test]
    fn every_action_with_a_key_is_on_the_page_with_the_persons_own_keys() {
        let mut map = defaults();
        merge(
            &mut map,
            "[global]\n\"ctrl-e\" = \"error.next\"\n\"e\" = \"none\"\n",
        );
        let page = sheet(&map, &[]);
        assert!(
            page.contains("`ctrl-e` go to the next failed row"),
            "{page}"
        );
        assert!(
            page.contains("`yy` `c` copy the payload of the selected row (`py` prints it)"),
            "{page}"
        );
        for action in Action::ALL {
            let bound = MODES
                .iter()
                .any(|(mode, _)| map.key_for(*mode, *action).is_some());
            let told = lower(action.description().trim_end_matches('.'));
            let merged = action.printed().is_some() || action.levels().is_some_and(|n| n > 1);
            let is_told = page.lines().any(|line| {
                let line = line.trim_end_matches(" ·");
                line.ends_with(&format!(" {told}")) || line.contains(&format!(" {told} ("))
            });
            assert_eq!(is_told, bound && !merged, "{told}");
        }
        assert!(page.lines().count() < 150, "one page");
    }

    #[test]
    fn the_page_beside_the_key_map_is_that_of_the_built_in_keys() {
        let kept = include_str!("../../../assets/keys/sheet.md");
        assert_eq!(
            sheet(&defaults(), &[]),
            kept,
            "`sortie keys --sheet` writes it anew"
        );
    }
}
