//! What somebody meets in a shell: completion at the TAB key of bash and zsh themselves, the pager, a first
//! start, files that are broken. What is offered where is tested beside the code; here it is whether shells
//! and terminals take it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "common/pty.rs"]
#[allow(dead_code, reason = "not every test needs all that it can do")]
mod pty;

use std::{fs, path::Path};

use pty::Pty;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sortie");
const PROMPT: &str = "ready> ";

/// A shell that knows `sortie`, with a home of two contexts and a view.
struct Shell {
    pty: Pty,
    _home: tempfile::TempDir,
}

impl Shell {
    fn start(argv: &[&str], name: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = home.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "config/sortie/config.toml",
            "[contexts.staging-east]\nprovider = \"elizaos\"\n[contexts.qa]\nprovider = \"elizaos\"\n",
        );
        write(
            "state/sortie/views.json",
            "{\"views\":[{\"name\":\"oncall\",\"where\":\"status:failed\"}]}",
        );
        let at = |name: &str| home.path().join(name).display().to_string();
        let path = format!(
            "{}:{}",
            Path::new(PROGRAM).parent().unwrap().display(),
            std::env::var("PATH").unwrap()
        );
        let (config, state, cache) = (at("config"), at("state"), at("cache"));
        let env = [
            ("PATH", path.as_str()),
            ("XDG_CONFIG_HOME", config.as_str()),
            ("XDG_STATE_HOME", state.as_str()),
            ("XDG_CACHE_HOME", cache.as_str()),
            ("PS1", PROMPT),
            ("ZDOTDIR", "/nowhere"),
            ("INPUTRC", "/dev/null"),
        ];
        let pty = Pty::start(argv, &env, 100, 30);
        pty.wait_for(PROMPT.trim());
        let shell = Self { pty, _home: home };
        let begin = match name {
            "zsh" => "autoload -Uz compinit; compinit -u -D; ",
            _ => "bind 'set bell-style none' 'set enable-bracketed-paste off'; ",
        };
        shell.does(
            &format!("{begin}source <(sortie completions {name}); echo is-${{?}}"),
            "is-0",
        );
        shell
    }

    /// Runs a line and waits for what it prints.
    fn does(&self, line: &str, prints: &str) {
        self.pty.type_keys(&format!("{line}\r"));
        self.pty.wait(prints, |screen| {
            let text = screen.contents();
            let mut lines = text.lines().map(str::trim_end);
            lines.any(|line| line == prints)
        });
    }

    /// Types the beginning of a line and TAB, and waits until the line is whole.
    fn becomes(&self, typed: &str, whole: &str) {
        self.pty.type_keys("\u{c}");
        self.pty.type_keys(&format!("{typed}\t"));
        let wanted = format!("{PROMPT}{whole}");
        self.pty.wait(whole, |screen| {
            let text = screen.contents();
            text.lines()
                .any(|line| line.trim_end() == wanted.trim_end())
        });
        // Drops the line.
        self.pty.type_keys("\u{15}\u{b}");
    }

    /// Types the beginning of a line and TAB twice, and waits until all these are listed.
    fn lists(&self, typed: &str, all: &[&str]) {
        self.pty.type_keys("\u{c}");
        self.pty.type_keys(&format!("{typed}\t\t"));
        self.pty.wait(all[0], |screen| {
            let text = screen.contents();
            all.iter().all(|part| text.contains(part))
        });
        self.pty.type_keys("\u{15}\u{b}\r");
    }
}

fn completes(shell: &Shell) {
    shell.becomes("sortie causes --vi", "sortie causes --view");
    shell.becomes("sortie causes --view on", "sortie causes --view oncall");
    shell.becomes("sortie --context sta", "sortie --context staging-east");
    shell.becomes(
        "sortie --context=qa,sta",
        "sortie --context=qa,staging-east",
    );
    shell.becomes("sortie contexts test q", "sortie contexts test qa");
    shell.becomes(
        "sortie runs --output=jsonl --st",
        "sortie runs --output=jsonl --status",
    );
    shell.becomes(
        "sortie runs --where status:can",
        "sortie runs --where status:cancelled",
    );
    shell.becomes(
        "sortie runs --where 'tool:x verd",
        "sortie runs --where 'tool:x verdict:",
    );
    shell.lists("sortie co", &["completions", "config", "contexts"]);
}

#[test]
fn bash_completes_at_the_tab_key() {
    let shell = Shell::start(&["bash", "--noprofile", "--norc", "-i"], "bash");
    completes(&shell);
    shell.does("touch some-file.jsonl; echo made", "made");
    shell.becomes("sortie open some-f", "sortie open some-file.jsonl");
    shell.becomes("sortie --log some-f", "sortie --log some-file.jsonl");
}

#[test]
fn zsh_completes_at_the_tab_key() {
    if std::process::Command::new("zsh")
        .arg("--version")
        .output()
        .is_err()
    {
        return;
    }
    let shell = Shell::start(&["zsh", "-f", "-i"], "zsh");
    completes(&shell);
    shell.lists(
        "sortie runs --where s",
        &["status:", "last activity then or later", "step:"],
    );
    shell.does("touch some-file.jsonl; echo made", "made");
    shell.becomes("sortie open some-f", "sortie open some-file.jsonl");
}

/// Events of a run, so many that they are longer than the terminal.
fn events(lines: usize) -> String {
    let one = |n: usize| {
        format!(
            "{{\"id\":\"e{n}\",\"run_id\":\"r1\",\"type\":\"message\",\"message\":\"line {n} of it\"}}\n"
        )
    };
    (1..=lines).map(one).collect()
}

#[test]
fn long_text_goes_through_the_pager_and_leaving_it_is_no_failure() {
    let home = tempfile::tempdir().unwrap();
    let (long, short) = (
        home.path().join("long.jsonl"),
        home.path().join("short.jsonl"),
    );
    fs::write(&long, events(2_000)).unwrap();
    fs::write(&short, events(3)).unwrap();
    let show = |file: &Path, more: &str| {
        format!(
            "{PROGRAM} --from {} events r1 {more}; echo ended-$?",
            file.display()
        )
    };
    // A pager that shows one line and leaves.
    let pager = [("PAGER", "head -n 1 | sed 's/^/paged: /'")];
    for (line, is_paged) in [
        (show(&long, ""), true),
        (show(&long, "--no-pager"), false),
        (show(&short, ""), false),
    ] {
        let pty = Pty::start(&["sh", "-c", &line], &pager, 100, 20);
        pty.wait_for("ended-0");
        let written = pty.written();
        assert_eq!(written.contains("paged: "), is_paged, "{line}");
        assert_eq!(written.contains("line 3 of it"), !is_paged, "{line}");
    }
    let piped = format!(
        "{} | tail -n 1",
        show(&long, "").replace("; echo ended-$?", "")
    );
    let pty = Pty::start(
        &["sh", "-c", &format!("{piped}; echo ended")],
        &pager,
        100,
        20,
    );
    pty.wait_for("ended");
    assert!(!pty.written().contains("paged: "));
}

#[test]
fn less_shows_the_beginning_and_goes_at_q() {
    if !["/usr/bin/less", "/bin/less"]
        .iter()
        .any(|at| Path::new(at).exists())
    {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("long.jsonl");
    fs::write(&file, events(2_000)).unwrap();
    let line = format!(
        "trap : INT; {PROGRAM} --from {} events r1; echo ended-$?",
        file.display()
    );
    let pty = Pty::start(&["sh", "-c", &line], &[], 100, 20);
    pty.wait_for("line 5 of it");
    assert!(!pty.written().contains("line 500 of it"));
    // An interrupt is the pager's.
    pty.type_keys("\u{3}");
    // The terminal drops what is typed together with one.
    pty.wait_until("the end", || {
        let is_there = pty.screen().contents().contains("line 2000 of it");
        if !is_there {
            pty.type_keys("G");
        }
        is_there
    });
    pty.type_keys("q");
    pty.wait_for("ended-0");
}

/// The program with a home of its own.
fn at_home(home: &Path, line: &str) -> Pty {
    let line = format!("{PROGRAM} {line}; echo ended-$?");
    let home = home.display().to_string();
    Pty::start(&["sh", "-c", &line], &[("HOME", &home)], 110, 40)
}

#[test]
fn somebody_who_has_nothing_gets_a_first_context_by_answering() {
    let home = tempfile::tempdir().unwrap();
    let screen = at_home(home.path(), "");
    screen.wait_for("sortie config init");
    screen.type_keys("q");
    screen.wait_for("ended-0");

    let asks = at_home(home.path(), "config init --no-test");
    for (question, answer) in [
        ("Number [1]", "4"),
        ("Its address [http://localhost:3000]", "http://127.0.0.1:9"),
        ("it wants no key", "4"),
        ("What to call it [elizaos]", "lab"),
    ] {
        asks.wait_for(question);
        asks.type_keys(&format!("{answer}\r"));
    }
    asks.wait_for("Wrote context lab");
    asks.wait_for("ended-0");
    let path = home.path().join(".config/sortie/config.toml");
    let text = fs::read_to_string(path).unwrap();
    assert!(
        text.starts_with("[contexts.lab]\nprovider = \"elizaos\"\n"),
        "{text}"
    );

    let again = at_home(home.path(), "contexts");
    again.wait_for("http://127.0.0.1:9");
    again.wait_for("ended-0");
}

#[test]
fn a_broken_configuration_opens_with_what_can_be_read_and_says_where_it_is_broken() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/sortie");
    fs::create_dir_all(&folder).unwrap();
    let text = "[contexts.fine]\nprovider = \"elizaos\"\nbase_url = \"http://127.0.0.1:9\"\n\
                [load]\nevents = many\n[contexts.fine-too]\nprovider = \"elizaos\"\n";
    fs::write(folder.join("config.toml"), text).unwrap();
    fs::write(folder.join("keys.toml"), "[tree]\n\"x\" = \"oppen\"\n").unwrap();
    let screen = at_home(home.path(), "");
    screen.wait_for("config.toml:5");
    screen.wait_for("fine-too");
    screen.type_keys("Q");
    screen.wait_for("ended-0");
    let check = at_home(home.path(), "config check");
    check.wait_for("ended-2");
    let told = check.screen().contents().replace('\n', "");
    assert!(
        told.contains("config.toml:5: ") && told.contains("keys.toml:2: "),
        "{told}"
    );
}

#[test]
fn the_manual_is_clean_for_groff() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().display().to_string();
    let man = |words: &[&str]| {
        std::process::Command::new(PROGRAM)
            .args(words)
            .output()
            .unwrap()
    };
    let told = man(&["man", &at]);
    assert!(told.status.success());
    let groff = std::process::Command::new("groff")
        .arg("--version")
        .output();
    for page in fs::read_dir(folder.path()).unwrap() {
        let page = page.unwrap().path();
        assert!(
            fs::read_to_string(&page).unwrap().starts_with(".TH "),
            "{page:?}"
        );
        if groff.is_ok() {
            let words = ["-man", "-Tutf8", "-ww", "-z", page.to_str().unwrap()];
            let read = std::process::Command::new("groff")
                .args(words)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&read.stderr);
            assert!(read.status.success() && said.is_empty(), "{page:?}: {said}");
        }
    }
    assert!(folder.path().join("sortie-config-init.1").is_file());
}
