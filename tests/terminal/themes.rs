//! Themes and colours on a real terminal: what is chosen where, what reaches it, and that a broken theme
//! stops nothing.

use std::{fs, path::Path, process::Command};

use super::*;

/// A home with a configuration and themes beside it.
fn home(files: &[(&str, &str)]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/sortie");
    fs::create_dir_all(folder.join("themes")).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    home
}

/// What the demo writes until it is left, with these flags and this environment.
fn written(line: &str, home: &Path, env: &[(&str, &str)]) -> String {
    let home = home.to_str().unwrap();
    let env: Vec<_> = env.iter().copied().chain([("HOME", home)]).collect();
    let words = std::iter::once(PROGRAM).chain(line.split(' '));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let mut pty = Pty::start(&words, &env, 120, 40);
    pty.wait_for("nightly-billing");
    pty.type_keys("jQ");
    pty.exit_code();
    pty.written()
}

/// The background of `dark`, in as many colours as there are.
const FULL: &str = "48;2;29;32;39";
const TABLE: &str = "48;5;234";

#[test]
fn a_theme_is_taken_from_the_flag_and_the_configuration_in_the_colours_there_are() {
    let dark = home(&[("config.toml", "theme = \"dark\"\n")]);
    let bare = home(&[]);
    let (dark, bare) = (dark.path(), bare.path());
    let term = ("TERM", "xterm-256color");
    let full = [term, ("COLORTERM", "truecolor")];
    let none = [term, ("NO_COLOR", "1")];
    for (line, home, env, has, has_not) in [
        ("demo", dark, &full[..], FULL, TABLE),
        ("demo", dark, &[term], TABLE, FULL),
        ("--theme dark demo", bare, &[term], TABLE, FULL),
        ("--theme light demo", dark, &full, "48;2;250;250;250", FULL),
        ("--color truecolor demo", dark, &[term], FULL, TABLE),
        ("--color 256 demo", dark, &full, TABLE, FULL),
        ("--color 16 demo", dark, &full, "40m", TABLE),
        ("--color always demo", dark, &none, TABLE, FULL),
        ("demo", dark, &none, "\x1b[7m", "48;"),
        ("--color never demo", dark, &full, "\x1b[7m", "48;"),
    ] {
        let text = written(line, home, env);
        assert!(text.contains(has), "{line} {env:?}: no {has:?}");
        assert!(!text.contains(has_not), "{line} {env:?}: {has_not:?}");
    }
}

#[test]
fn a_theme_of_ones_own_is_shown_and_a_broken_one_is_named_and_stops_nothing() {
    let own = "base = \"dark\"\n[roles]\nplain = \"#010203 on #fdfeff\"\nfaild = \"red\"\n";
    let home = home(&[
        ("config.toml", "theme = \"mine\"\n"),
        ("themes/mine.toml", own),
    ]);
    let env = [
        ("HOME", home.path().to_str().unwrap()),
        ("COLORTERM", "truecolor"),
    ];
    let mut pty = Pty::start(&[PROGRAM, "demo"], &env, 120, 40);
    pty.wait_for("mine.toml:4: unknown role `roles.faild`");
    pty.type_keys("Q");
    pty.exit_code();
    assert!(pty.written().contains("48;2;253;254;255"));

    let run = |line: &str| {
        let out = Command::new(PROGRAM)
            .args(line.split(' '))
            .env_clear()
            .env("HOME", home.path())
            .env("AGENTEX_BASE_URL", "http://127.0.0.1:9")
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (out.status.code(), text(out.stdout), text(out.stderr))
    };
    let (code, out, _) = run("config check");
    assert_eq!(code, Some(2));
    assert!(out.contains("mine.toml:4: unknown role"), "{out}");
    let (code, _, err) = run("contexts");
    assert_eq!(code, Some(0));
    assert!(err.contains("mine.toml:4: unknown role"), "{err}");
    let (_, out, _) = run("doctor --theme mine");
    assert!(
        out.contains("mine, which paints its own background"),
        "{out}"
    );
}

#[test]
fn a_theme_that_is_not_there_is_told_with_those_that_are() {
    let home = home(&[("config.toml", "\ntheme = \"drak\"\n")]);
    let env = [("HOME", home.path().to_str().unwrap())];
    let mut pty = Pty::start(&[PROGRAM, "demo"], &env, 120, 40);
    pty.wait_for("config.toml:2: `theme`: there is no such theme; did you mean dark?");
    pty.type_keys("Q");
    assert_eq!(pty.exit_code(), 0);
}
