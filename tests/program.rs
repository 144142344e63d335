//! The program itself, as a shell sees it: what it needs from the environment, where it writes, how it
//! ends. What its commands say is the matter of `tests/cli`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    os::unix::{fs::PermissionsExt as _, process::ExitStatusExt as _},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::Duration,
};

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// The program with nothing in its environment but a home.
    fn program(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sortie"));
        command
            .args(line.split(' ').filter(|word| !word.is_empty()))
            .env_clear()
            .env("HOME", self.path())
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> (Option<i32>, String, String) {
        told(&self.program(line).output().unwrap())
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn told(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn help_and_version_are_data() {
    let home = Home::new();
    let (code, out, err) = home.run("--help");
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.contains("Exit codes:"), "{out}");
    let version = concat!("sortie ", env!("CARGO_PKG_VERSION"));
    let (code, out, _) = home.run("-V");
    assert_eq!((code, out.trim_end()), (Some(0), version));
    let (code, out, _) = home.run("--version");
    let facts = out.trim_end().strip_prefix(version).unwrap();
    assert_eq!(code, Some(0));
    assert!(
        facts.starts_with(" (") && facts.contains(", rustc 1."),
        "{facts}"
    );
    for line in ["dance", "runs --status dance"] {
        let (code, out, err) = home.run(line);
        assert_eq!((code, out.as_str()), (Some(2), ""));
        assert!(err.contains("dance") && err.ends_with('\n'), "{err}");
    }
}

#[test]
fn without_a_terminal_the_screen_names_the_headless_commands() {
    for line in ["", "demo", "open some.jsonl"] {
        let (code, out, err) = Home::new().run(line);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{line}");
        assert!(
            err.contains("sortie runs") && err.lines().count() == 1,
            "{err}"
        );
    }
}

#[test]
fn without_any_context_it_says_what_it_looked_for() {
    let home = Home::new();
    for line in ["contexts", "missions", "runs", "events r", "show r"] {
        let (code, out, err) = home.run(line);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{line}");
        for part in [
            "TELNYX_API_KEY",
            "ELIZAOS_BASE_URL",
            ".config/sortie/config.toml",
            "sortie config init",
            "sortie demo",
        ] {
            assert!(err.contains(part), "{part}: {err}");
        }
        assert_eq!(err.lines().count(), 2, "{err}");
    }
}

#[test]
fn a_variable_makes_a_context_and_a_wrong_file_is_a_warning() {
    let home = Home::new();
    home.write(".config/sortie/config.toml", "[laod]\nevents = 1\n");
    let output = home
        .program("contexts -o jsonl")
        .env("ELIZAOS_BASE_URL", "http://127.0.0.1:9")
        .output()
        .unwrap();
    let (code, out, err) = told(&output);
    assert_eq!(code, Some(0));
    let expected = "{\"name\":\"elizaos\",\"provider\":\"elizaos\",\"base_url\":\"http://127.0.0.1:9\",\
                    \"credential_source\":null,\"ok\":true,\"error\":null}\n";
    assert_eq!(out, expected);
    assert!(
        err.contains("config.toml:1") && err.contains("did you mean `load`?"),
        "{err}"
    );
}

#[test]
fn only_a_context_that_was_named_can_be_a_fault_of_usage() {
    let home = Home::new();
    home.write(
        "c.toml",
        "[contexts.good]\nprovider = \"elizaos\"\nbase_url = \"http://127.0.0.1:9\"\n\
         [contexts.bad]\nprovider = \"elizaos\"\nbase_url = \"nonsense\"\n\
         [contexts.literal]\nprovider = \"telnyx\"\napi_key = \"KEY-hunter22\"\n",
    );
    for (line, expected) in [
        ("contexts", 0),
        ("contexts --context good", 0),
        ("contexts --context bad", 2),
        ("contexts --context good,nope", 2),
        ("runs --context literal", 3),
    ] {
        let (code, out, err) = home.run(&format!("--config c.toml {line}"));
        assert_eq!(code, Some(expected), "{line}: {err}");
        assert!(err.contains("c.toml:4"), "{err}");
        assert!(!format!("{out}{err}").contains("hunter22"), "{out}{err}");
    }
    let (code, _, err) = home.run("--config none.toml runs");
    assert_eq!(code, Some(2));
    assert!(err.contains("none.toml"), "{err}");
}

#[test]
fn watching_nothing_names_both_ways_to_watch() {
    let home = Home::new();
    let mut program = home.program("watch");
    let output = program
        .env("ELIZAOS_BASE_URL", "http://127.0.0.1:9")
        .output();
    let (code, _, err) = told(&output.unwrap());
    assert_eq!(code, Some(2));
    assert!(
        err.contains("sortie watch RUN") && err.contains("sortie watch --where QUERY"),
        "{err}"
    );
}

#[test]
fn config_says_what_it_is() {
    let home = Home::new();
    let (code, out, _) = home.run("config default");
    assert_eq!(
        (code, out.as_str()),
        (Some(0), include_str!("../assets/config.toml"))
    );
    let (code, out, _) = home.run("config path config");
    let path = home.path().join(".config/sortie/config.toml");
    assert_eq!((code, out.trim_end()), (Some(0), path.to_str().unwrap()));
    let (_, out, _) = home.run("config path");
    assert!(
        out.contains("config.toml (not there yet)") && out.contains("log     off"),
        "{out}"
    );
    assert_eq!(home.run("config check").0, Some(0));
    home.write(".config/sortie/config.toml", "start = 5\n");
    home.write(".config/sortie/keys.toml", "[no-such-mode]\n");
    let (code, out, _) = home.run("config check");
    assert_eq!(code, Some(2));
    assert!(
        out.contains("config.toml:1: ") && out.contains("keys.toml:1: "),
        "{out}"
    );
    // A view that nobody saved, as the screen says of it.
    let home = Home::new();
    home.write(".config/sortie/keys.toml", "");
    home.write(".config/sortie/config.toml", "\nstart = \"view:gone\"\n");
    let (code, out, _) = home.run("config check");
    assert_eq!(code, Some(2), "{out}");
    assert!(
        out.contains("config.toml:2: there is no view \"gone\""),
        "{out}"
    );
    let home = Home::new();
    home.write(".config/sortie/keys.toml/x", "");
    let (code, out, _) = home.run("config check");
    assert_eq!(code, Some(2));
    assert!(out.contains("keys.toml: it is a folder"), "{out}");
}

const EVENTS: &str = "\
{\"id\":\"e1\",\"run_id\":\"r1\",\"ts\":\"2026-11-20T08:00:00Z\",\"type\":\"message\",\"message\":\"hello\"}
not json at all
{\"id\":\"e3\",\"run_id\":\"r1\",\"ts\":\"2026-11-20T08:00:02Z\",\"type\":\"tool_call\",\"tool\":\"pay.refund\",\"data\":{\"amount\":12.90}}
";

#[test]
fn files_and_standard_input_are_contexts_too() {
    let home = Home::new();
    home.write("events.jsonl", EVENTS);
    let (code, out, err) = home.run("--from events.jsonl events r1 -o jsonl");
    assert_eq!(code, Some(0), "{err}");
    let lines: Vec<serde_json::Value> = out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3, "{out}");
    assert_eq!(
        (&lines[0]["context"], &lines[0]["provider"]),
        (&"file".into(), &"file".into())
    );
    assert!(
        out.contains("\"amount\":12.90"),
        "digits stay as sent: {out}"
    );
    // A line that names no run belongs to the run around it.
    let broken = &lines[1];
    assert_eq!(
        (&broken["raw"], &broken["kind"]),
        (&serde_json::Value::Null, &"unknown".into())
    );
    assert_eq!(broken["raw_base64"], "bm90IGpzb24gYXQgYWxs");
    let mut child = home
        .program("runs --from - -o jsonl")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(EVENTS.as_bytes())
        .unwrap();
    let (code, out, _) = told(&child.wait_with_output().unwrap());
    assert!(code == Some(0) && out.contains("\"id\":\"r1\""), "{out}");
    let (code, _, err) = home.run("runs --from none.jsonl");
    assert!(code == Some(2) && err.contains("none.jsonl"), "{err}");
}

fn waiting(home: &Home, listener: &TcpListener) -> Child {
    let url = format!("http://{}", listener.local_addr().unwrap());
    let child = home
        .program("runs")
        .env("ELIZAOS_BASE_URL", url)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It is at work once it has connected.
    listener
        .accept()
        .unwrap()
        .0
        .read_exact(&mut [0; 4])
        .unwrap();
    child
}

#[test]
fn an_interrupt_ends_it_with_130() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let child = waiting(&home, &listener);
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    let (code, out, _) = told(&child.wait_with_output().unwrap());
    assert_eq!((code, out.as_str()), (Some(130), ""));
}

/// Half a second for what it does, ten for a machine that is busy.
fn ended(mut child: Child) -> Option<i32> {
    for _ in 0..100 {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(
                status
                    .code()
                    .unwrap_or_else(|| status.signal().unwrap() + 128),
            );
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

#[test]
fn an_interrupt_ends_it_while_it_reads_what_is_typed() {
    let home = Home::new();
    for _ in 0..6 {
        let mut command = home.program("missions --from -");
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        // Kept open: nobody is done typing.
        let typed = child.stdin.take();
        std::thread::sleep(Duration::from_millis(300));
        let id = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        assert_eq!(ended(child), Some(130));
        drop(typed);
    }
}

#[test]
fn the_log_is_private_and_without_secrets() {
    let home = Home::new();
    let output = home
        .program("runs --log run.log")
        .env("ELIZAOS_BASE_URL", "http://127.0.0.1:9")
        .env("ELIZA_SERVER_AUTH_TOKEN", "hunter22-token")
        .env("SORTIE_LOG_FILTER", "trace")
        .output()
        .unwrap();
    let (code, _, err) = told(&output);
    assert_eq!(code, Some(4), "{err}");
    let log = fs::read_to_string(home.path().join("run.log")).unwrap();
    assert!(
        log.contains("sortie::fetch") && !log.contains("hunter22"),
        "{log}"
    );
    let mode = fs::metadata(home.path().join("run.log"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// A file of events of one run, of some bytes each.
fn events(home: &Home, count: usize, bytes: usize) {
    let pad = "x".repeat(bytes);
    let line = |nth: usize| {
        format!(
            "{{\"id\":\"e{nth}\",\"run_id\":\"r1\",\"type\":\"message\",\"message\":\"{pad}\"}}\n"
        )
    };
    let text: String = (0..count).map(line).collect();
    home.write("events.jsonl", &text);
}

#[test]
fn an_export_that_grows_too_large_leaves_nothing_and_says_so() {
    let home = Home::new();
    events(&home, 200, 1_000);
    let line = format!(
        "ulimit -f 16; exec {} --from events.jsonl export r1 --format json --output run.json",
        env!("CARGO_BIN_EXE_sortie")
    );
    let output = Command::new("sh")
        .args(["-c", &line])
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (code, out, err) = told(&output);
    assert_eq!((code, out.as_str()), (Some(7), ""), "{err}");
    assert!(
        err.contains("run.json would be larger than files may be here"),
        "{err}"
    );
    let left = fs::read_dir(home.path()).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["events.jsonl"]);
}

#[test]
fn a_header_comes_out_of_the_environment_and_is_never_told() {
    let home = Home::new();
    events(&home, 2, 10);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut head, mut piece) = (Vec::new(), [0; 4096]);
        while !head.windows(4).any(|four| four == b"\r\n\r\n") {
            let read = stream.read(&mut piece).unwrap();
            head.extend_from_slice(&piece[..read]);
        }
        let body = "no Bearer hunter2222 here";
        let reply = format!(
            "HTTP/1.1 403 Forbidden\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(reply.as_bytes()).unwrap();
        String::from_utf8_lossy(&head).into_owned()
    });
    let line = format!("--from events.jsonl export r1 --to {url} --header authorization=env:TOKEN");
    let output = home
        .program(&line)
        .env("TOKEN", "Bearer hunter2222")
        .output()
        .unwrap();
    let (code, out, err) = told(&output);
    assert_eq!((code, out.as_str()), (Some(3), ""), "{err}");
    assert!(err.contains("403") && err.contains("here"), "{err}");
    assert!(!err.contains("hunter2222"), "{err}");
    let head = asked.join().unwrap();
    assert!(head.contains("authorization: Bearer hunter2222"), "{head}");
    assert!(head.starts_with("POST /v1/traces "), "{head}");
}

#[test]
fn nothing_leaves_unmasked_unless_somebody_means_it() {
    let home = Home::new();
    home.write(
        "events.jsonl",
        "{\"id\":\"e1\",\"run_id\":\"r1\",\"data\":{\"password\":\"hunter2222\"}}\n",
    );
    let line = "--from events.jsonl export r1 --format json --no-mask";
    let (code, out, err) = home.run(line);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.contains("--yes"), "{err}");
    let (code, out, err) = home.run(&format!("{line} --yes"));
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("hunter2222") && err.contains("NOT MASKED"),
        "{err}"
    );
}
