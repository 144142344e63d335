//! Facts about a build, for `sortie --version`: the commit, its day, the target and the compiler. What cannot
//! be found out is left out; a tree without git builds as well. Nothing is fetched and no clock is read, so
//! that the same tree gives the same program.

use std::{
    env,
    io::{self, Write as _},
    path::Path,
    process::Command,
};

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "cargo:rerun-if-changed=src/build.rs")?;
    let here = env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let here = Path::new(&here);
    let git = |words: &[&str]| said("git", words, here);
    let mut facts = Vec::new();
    // A tree that was unpacked inside a repository of something else has no commit of its own.
    let top = git(&["rev-parse", "--show-toplevel"]);
    let is_own =
        top.is_some_and(|top| Path::new(&top).canonicalize().ok() == here.canonicalize().ok());
    if is_own {
        facts.extend(git(&["rev-parse", "--short=9", "HEAD"]));
        facts.extend(git(&["log", "-1", "--format=%cs"]));
        // Every commit and every switch of branches is noted there.
        let log = git(&["rev-parse", "--git-path", "logs/HEAD"]).map(|log| here.join(log));
        if let Some(log) = log.filter(|log| log.is_file()) {
            writeln!(out, "cargo:rerun-if-changed={}", log.display())?;
        }
    }
    facts.extend(env::var("TARGET"));
    let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let version = said(&rustc, &["--version"], here);
    // "rustc 1.95.0 (59807616e 2026-04-14)"
    let version = version.and_then(|said| Some(said.split(' ').nth(1)?.to_owned()));
    facts.extend(version.map(|version| format!("rustc {version}")));
    writeln!(out, "cargo:rustc-env=SORTIE_BUILD={}", facts.join(", "))
}

/// What a program prints, on one line; none where it fails.
fn said(program: &str, words: &[&str], at: &Path) -> Option<String> {
    let output = Command::new(program)
        .args(words)
        .current_dir(at)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty() && !text.contains('\n')).then(|| text.to_owned())
}
