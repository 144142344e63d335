//! Who may know whom. The table says for each folder what it must never mention: siblings, crates,
//! the clock. Files are read as tokens, so that grouped imports and inline paths are caught and
//! comments, strings and test modules are not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "layers/scan.rs"]
mod scan;

use std::{
    fs,
    path::{Path, PathBuf},
};

use scan::{mentions, module};

/// Every module of the crate. One that is missing here fails the test, so that it gets a row below.
const MODULES: [&str; 22] = [
    "analysis",
    "app",
    "args",
    "cache",
    "cli",
    "config",
    "demo",
    "doc",
    "export",
    "fault",
    "fetch",
    "guard",
    "log",
    "model",
    "provider",
    "run",
    "send",
    "source",
    "term",
    "text",
    "ui",
    "unfinished",
];

/// Everything that does I/O or paints.
const WORLD: [&str; 6] = [
    "tokio",
    "reqwest",
    "ratatui",
    "crossterm",
    "arboard",
    "axum",
];
const SYSTEM: [&str; 4] = ["std::env", "std::fs", "std::net", "std::process"];
const CLOCK: [&str; 5] = [
    "Timestamp::now",
    "SystemTime::now",
    "Instant::now",
    "Zoned::now",
    "TimeZone::system",
];

struct Rule {
    folder: &'static str,
    /// Siblings that it may use; all others are forbidden.
    siblings: &'static [&'static str],
    /// Crates of `WORLD` that it may use.
    world: &'static [&'static str],
    /// Whether environment, files, network and processes are forbidden, and the clock.
    pure: bool,
}

const RULES: [Rule; 15] = [
    pure("text", &[]),
    pure("model", &["text"]),
    pure("analysis", &["model", "text"]),
    pure("guard", &["model", "text"]),
    pure("doc", &["model", "text", "guard"]),
    pure("provider", &["model", "text"]),
    pure("app", &["model", "analysis", "doc", "guard", "text"]),
    rim(
        "ui",
        &["app", "model", "analysis", "doc", "guard", "text"],
        &["ratatui"],
    ),
    rim(
        "fetch",
        &["provider", "model", "text", "source", "fault"],
        &["tokio", "reqwest"],
    ),
    rim("source", &["provider", "model", "text"], &["tokio"]),
    rim("send", &["export"], &["tokio", "reqwest"]),
    rim(
        "cache",
        &[
            "fetch",
            "source",
            "export",
            "guard",
            "provider",
            "model",
            "text",
            "unfinished",
        ],
        &[],
    ),
    rim(
        "term",
        &["app", "text", "fault", "unfinished"],
        &["crossterm", "arboard", "ratatui", "tokio"],
    ),
    rim("unfinished", &[], &[]),
    rim(
        "export",
        &["model", "analysis", "doc", "guard", "text"],
        &[],
    ),
];

/// `cli` may use every sibling but these, and neither paints nor reads keys.
const CLI_NEVER: [&str; 2] = ["ui", "term"];
const CLI_WORLD: [&str; 3] = ["tokio", "reqwest", "axum"];

/// What a folder may mention only of a sibling or crate, and phrases that are forbidden besides.
const NARROW: [(&str, &str); 6] = [
    ("ui", "&mut App"),
    ("ui", "TimeZone::system"),
    ("guard", "pulldown_cmark"),
    ("analysis", "pulldown_cmark"),
    ("doc", "vte"),
    ("analysis", "vte"),
];

/// Of `app`, `term` knows only keys.
const TERM_OF_APP: &str = "crate::app::key";

const fn pure(folder: &'static str, siblings: &'static [&'static str]) -> Rule {
    Rule {
        folder,
        siblings,
        world: &[],
        pure: true,
    }
}

const fn rim(
    folder: &'static str,
    siblings: &'static [&'static str],
    world: &'static [&'static str],
) -> Rule {
    Rule {
        folder,
        siblings,
        world,
        pure: false,
    }
}

fn forbidden(rule: &Rule) -> Vec<String> {
    let siblings = MODULES
        .iter()
        .filter(|module| **module != rule.folder && !rule.siblings.contains(module))
        .map(|module| format!("crate::{module}"));
    let world = WORLD.iter().filter(|name| !rule.world.contains(name));
    let system = SYSTEM.iter().chain(&CLOCK).filter(|_| rule.pure);
    let narrow = NARROW.iter().filter(|(folder, _)| *folder == rule.folder);
    siblings
        .chain(world.map(|name| (*name).to_owned()))
        .chain(system.map(|name| (*name).to_owned()))
        .chain(narrow.map(|(_, phrase)| (*phrase).to_owned()))
        .collect()
}

fn sources(at: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let file = at.with_extension("rs");
    if file.is_file() {
        files.push(file);
    }
    let entries = fs::read_dir(at).into_iter().flatten();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    files.retain(|file| {
        let inside = file
            .strip_prefix(env!("CARGO_MANIFEST_DIR"))
            .unwrap_or(file);
        let in_folder = inside.iter().any(|part| part == "tests");
        !in_folder && file.file_stem().is_none_or(|stem| stem != "tests")
    });
    files.sort();
    files.dedup();
    files
}

fn check(folder: &str, forbidden: &[String]) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = sources(&root.join("src").join(folder));
    assert!(!files.is_empty(), "{folder} has no files");
    let mut faults = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).unwrap();
        let shown = file.strip_prefix(root).unwrap().display().to_string();
        for (line, path) in mentions(&module(&shown), &source, forbidden) {
            faults.push(format!("{shown}:{line}: {folder} must not mention {path}"));
        }
    }
    faults
}

#[test]
fn nobody_knows_more_than_the_table_allows() {
    let mut faults = Vec::new();
    for rule in &RULES {
        faults.extend(check(rule.folder, &forbidden(rule)));
    }
    let cli = WORLD
        .iter()
        .filter(|name| !CLI_WORLD.contains(name))
        .map(|name| (*name).to_owned())
        .chain(CLI_NEVER.iter().map(|name| format!("crate::{name}")))
        .collect::<Vec<_>>();
    faults.extend(check("cli", &cli));
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn of_the_app_the_terminal_knows_only_keys() {
    let faults: Vec<String> = check("term", &["crate::app".to_owned()])
        .into_iter()
        .filter(|fault| !fault.contains(TERM_OF_APP))
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_module_has_a_row() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let known =
            MODULES.contains(&name.as_str()) || matches!(name.as_str(), "main" | "lib" | "build");
        assert!(known, "{name} stands in no row of tests/layers.rs");
    }
}

/// As written in `src/app/store.rs`.
fn lines(source: &str, never: &[&str]) -> Vec<(usize, String)> {
    let never: Vec<String> = never.iter().map(|name| (*name).to_owned()).collect();
    mentions("crate::app::store", source, &never)
}

#[test]
fn the_checker_catches_what_it_must() {
    let never = ["crate::fetch", "tokio", "Timestamp::now", "std::env"];
    for (source, expected) in [
        ("use crate::fetch;", (1, "crate::fetch")),
        (
            "\nuse crate::{\n  model::Time,\n  fetch::{Line, collect},\n};",
            (4, "crate::fetch::Line"),
        ),
        (
            "fn f() { let a = crate::fetch::collect(); }",
            (1, "crate::fetch::collect"),
        ),
        (
            "fn f(a: &tokio::sync::Mutex<()>) {}",
            (1, "tokio::sync::Mutex"),
        ),
        ("use tokio;", (1, "tokio")),
        (
            "let now = jiff::Timestamp::now();",
            (1, "jiff::Timestamp::now"),
        ),
        ("let c = '\"'; Timestamp::now();", (1, "Timestamp::now")),
        (
            "fn f<'a>(x: &'a str) { std::env::var(\"A\"); }",
            (1, "std::env::var"),
        ),
        ("use std::{fs, env as e};", (1, "std::env")),
        ("let s = r#\"a\"b\"#; tokio::spawn(x)", (1, "tokio::spawn")),
        ("pub(crate) use crate::fetch as other;", (1, "crate::fetch")),
    ] {
        let found = lines(source, &never);
        let expected = (expected.0, expected.1.to_owned());
        assert_eq!(found.first(), Some(&expected), "{source}");
    }
    assert_eq!(lines("fn f(app: &mut App) {}", &["&mut App"]).len(), 1);
}

#[test]
fn the_checker_leaves_the_rest_alone() {
    let never = ["crate::fetch", "tokio", "Timestamp::now"];
    for source in [
        "// crate::fetch and tokio::spawn\n/* tokio */ let a = \"crate::fetch\";",
        "/// [`crate::fetch`]\nfn fetch() {}",
        "use crate::fetcher::Thing; use tokio_util::x;",
        "let s = r#\"tokio::spawn()\"#;",
        "#[cfg(test)]\nmod tests { use crate::fetch; }",
        "let timestamp_now = my::now(Timestamp::UNIX_EPOCH);",
        "use crate::{model::fetch, text};",
        "use super::fetch;",
    ] {
        assert_eq!(lines(source, &never), [], "{source}");
    }
}
