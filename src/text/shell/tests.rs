//! What the shells of this machine make of it.

use super::*;
use proptest::prelude::*;
use std::io::Write as _;
use std::process::{Command, Stdio};

fn text(text: &str) -> Piece {
    Piece::text(text)
}

fn named(name: &str) -> Piece {
    Piece::Variable(name.to_owned())
}

#[test]
fn words_are_quoted_as_little_as_can_be() {
    for (pieces, expected) in [
        (
            vec![text("https://h.example/v2/a%20b")],
            "https://h.example/v2/a%20b",
        ),
        (vec![text("")], "''"),
        (vec![text("a b?c&d=$HOME `x` !y")], "'a b?c&d=$HOME `x` !y'"),
        (vec![text("it's")], "'it'\\''s'"),
        (vec![text("a\tb")], "'a'\"$(printf '\\011')\"'b'"),
        (
            vec![text("Authorization: Bearer "), named("TELNYX_API_KEY")],
            "\"Authorization: Bearer $TELNYX_API_KEY\"",
        ),
        (vec![named("A"), text("b")], "\"${A}b\""),
        (vec![named("A"), text(":hello")], "\"${A}:hello\""),
        (vec![text("!"), named("A")], "'!'\"$A\""),
    ] {
        assert_eq!(word(&pieces), expected);
    }
}

#[test]
fn a_name_in_a_here_document_ends_where_a_letter_of_any_script_begins() {
    let (_, body) = here_document(&[named("A"), text("Ͱ b "), named("A"), text(" c")], "JSON");
    assert_eq!(body, "${A}Ͱ b $A c\nJSON\n");
}

#[test]
fn a_comment_means_nothing_to_a_shell() {
    let told = comment("grade A: it's $(rm -rf /) `x` & y; z! *?[\n'\" \u{1b}[2J");
    assert_eq!(told.lines().count(), 1);
    assert!(!told.contains([
        '$', '`', '(', '&', ';', '!', '*', '?', '[', '\'', '"', '\u{1b}'
    ]));
}

#[test]
fn variables_have_names_that_shells_take() {
    for (name, expected) in [
        ("api_key", "API_KEY"),
        ("x-api-key", "X_API_KEY"),
        ("3scale.token", "SECRET_3SCALE_TOKEN"),
        ("ключ", "SECRET"),
        ("user", "SECRET_USER"),
        ("Path", "SECRET_PATH"),
        ("ld-preload", "SECRET_LD_PRELOAD"),
        ("HTTPS_PROXY", "SECRET_HTTPS_PROXY"),
    ] {
        assert_eq!(variable(name), expected);
    }
}

/// The shells of this machine; those that are not installed are not tried.
fn shells() -> Vec<&'static str> {
    let there = |name: &&str| Command::new(name).args(["-c", ":"]).status().is_ok();
    ["bash", "zsh", "dash", "sh"]
        .into_iter()
        .filter(there)
        .collect()
}

fn run(shell: &str, script: &str) -> Vec<u8> {
    let mut command = Command::new(shell);
    if shell == "zsh" {
        command.arg("-f");
    }
    let mut child = command
        .env("SECRET", "s $`\\\"' é")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(script.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap().stdout
}

fn meant(pieces: &[Piece]) -> Vec<u8> {
    pieces
        .iter()
        .flat_map(|piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Variable(_) => "s $`\\\"' é".as_bytes().to_vec(),
        })
        .collect()
}

fn any_piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        4 => proptest::collection::vec(any::<u8>(), 0..40).prop_map(Piece::Text),
        4 => "[ -~\n\t'\"$`!éß\u{202e}\u{1b}\u{85}-]{0,40}".prop_map(|text: String| Piece::text(text)),
        1 => Just(Piece::Variable("SECRET".to_owned())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn every_shell_reads_back_the_same_bytes(all in proptest::collection::vec(
        proptest::collection::vec(any_piece(), 0..4), 1..12)) {
        // A zero byte has no place in a word; all others come back, in words and from printf.
        let words: Vec<Vec<Piece>> = all.iter().map(|pieces| pieces.iter().map(|piece| match piece {
            Piece::Text(text) => Piece::Text(text.iter().copied().filter(|b| *b != 0).collect()),
            variable @ Piece::Variable(_) => variable.clone(),
        }).collect()).collect();
        let mut script = String::new();
        let mut expected = Vec::new();
        for pieces in &words {
            script = script + "printf '%s|' " + &word(pieces) + "\n";
            expected.extend(meant(pieces));
            expected.push(b'|');
        }
        for pieces in &all {
            script = script + &printed(pieces) + "; printf '|'\n";
            expected.extend(meant(pieces));
            expected.push(b'|');
        }
        for pieces in all.iter().filter(|pieces| is_plain(pieces)) {
            let (opening, lines) = here_document(pieces, "JSON");
            script = script + "cat " + &opening + "\n" + &lines;
            let mut bytes = meant(pieces);
            let last = pieces.last();
            if !matches!(last, Some(Piece::Text(text)) if text.last() == Some(&b'\n')) {
                bytes.push(b'\n');
            }
            expected.extend(bytes);
        }
        prop_assert!(script.chars().all(is_seen), "{script:?}");
        for shell in shells() {
            let got = run(shell, &script);
            prop_assert_eq!(
                String::from_utf8_lossy(&got), String::from_utf8_lossy(&expected),
                "{}: {}", shell, script
            );
        }
    }
}

#[test]
fn a_delimiter_does_not_occur_in_what_it_ends() {
    let (opening, lines) = here_document(&[text("a\nJSON\nb")], "JSON");
    assert_eq!(
        (opening.as_str(), lines.as_str()),
        ("<<'JSON_2'", "a\nJSON\nb\nJSON_2\n")
    );
}
