//! What is said of a person's lines.

use super::super::{defaults, merge};
use super::*;

fn notes(text: &str) -> Vec<String> {
    let mut map = defaults();
    assert_eq!(merge(&mut map, text), []);
    let notes = check(&defaults(), &map, &[]);
    let told = |note: &Note| match note.line {
        Some(line) => format!("line {line}: {}", note.what),
        None => note.what.clone(),
    };
    notes.iter().map(told).collect()
}

#[test]
fn odd_lines_are_named() {
    for (text, told) in [
        (
            "[tree]\n\"ctrl-i\" = \"help\"\n",
            "line 2: `ctrl-i`: terminals send `tab` for it",
        ),
        (
            "[global]\n\"J\" = \"none\"\n",
            "line 2: `J` has nothing to lose in [global]: it stays what it is in [tree] ",
        ),
        (
            "[tree]\n\"ctrl-x\" = \"none\"\n",
            "line 2: `ctrl-x` does nothing without this line either",
        ),
        (
            "[global]\n\"h\" = \"help\"\n",
            "line 2: `h` is shadowed where a section has a line of its own: [tree] fold (built in)",
        ),
        (
            "[global]\n\"y\" = \"copy.value\"\n",
            "line 2: `y` waits 0.3 s before it acts, because `yy` begins with it",
        ),
        (
            "[tree]\n\"g\" = \"help\"\n\"g e\" = \"error.next\"\n",
            "line 2: `g` waits 0.3 s before it acts, because `ge` begins with it: error.next (line 3)",
        ),
        (
            "[global]\n\"F\" = \"none\"\n",
            "`follow` has no key any more",
        ),
        (
            "[global]\n\"j\" = \"none\"\n\"down\" = \"none\"\n",
            "`move.down` has no key any more in tree, detail",
        ),
        (
            "[tree]\n\"enter\" = \"none\"\n",
            "`open` has no key any more in tree",
        ),
        (
            "[global]\n\"x y\" = \"fold\"\n",
            "line 2: `x y` makes `x` wait 0.3 s before it acts",
        ),
        (
            "[global]\n\"z a b\" = \"fold\"\n",
            "line 2: `z a b` makes `za` wait 0.3 s before it acts",
        ),
        (
            "[prompt]\n\"a\" = \"open\"\n",
            "line 2: `a` is a letter: in a line it is typed and does nothing else",
        ),
        (
            "[prompt]\n\"esc\" = \"none\"\n",
            "line 2: `esc` ends a line whatever is bound to it",
        ),
        (
            "[tree]\n\"ctrl-s\" = \"help\"\n",
            "line 2: `ctrl-s` may never come: many terminals",
        ),
    ] {
        let notes = notes(text);
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].starts_with(told), "{notes:?}");
    }
}

#[test]
fn a_plain_change_is_nothing_to_talk_about() {
    let text =
        "[tree]\n\"ctrl-e\" = \"error.next\"\n\"e\" = \"none\"\n[global]\n\"f5\" = \"refresh\"\n";
    assert_eq!(notes(text), [""; 0]);
}
