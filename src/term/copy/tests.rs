//! Every combination of surroundings, without a real clipboard; tmux for real.
use std::collections::HashSet;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use super::rungs::host;
use super::*;

impl<R: Rungs> Copier<R> {
    fn of(rungs: R) -> Self {
        Self::new(rungs, Wishes::default())
    }
}

fn routes(place: &Surroundings) -> Vec<Route> {
    super::routes(place, &Wishes::default())
}

/// Routes that fail as told, and remember what they got.
#[derive(Default)]
struct Fake {
    place: Surroundings,
    broken: HashSet<Route>,
    got: Vec<(Route, String)>,
    wrapped: bool,
    host: Option<String>,
}

impl Fake {
    fn take(&mut self, route: Route, text: &str) -> Result<(), String> {
        if self.broken.contains(&route) {
            return Err("broken".to_owned());
        }
        self.got.push((route, text.to_owned()));
        Ok(())
    }
}

impl Rungs for Fake {
    fn surroundings(&self, size: usize) -> Surroundings {
        Surroundings { size, ..self.place }
    }
    fn native(&mut self, text: &str) -> Result<(), String> {
        self.take(Route::Native, text)
    }
    fn tmux(&mut self, text: &str) -> Result<(), String> {
        self.take(Route::Tmux, text)
    }
    fn osc52(&mut self, text: &str, inside_tmux: bool) -> Result<(), String> {
        self.take(Route::Osc52, text)?;
        self.wrapped = inside_tmux;
        Ok(())
    }
    fn file(&mut self, text: &str) -> Result<PathBuf, String> {
        self.take(Route::File, text)?;
        Ok("/state/sortie/y/copy-1.txt".into())
    }
    fn host(&self) -> Option<String> {
        self.host.clone()
    }
}

fn places() -> impl Iterator<Item = Surroundings> {
    (0..64u32).map(|bits| Surroundings {
        ssh: bits & 1 != 0,
        tmux: bits & 2 != 0,
        wayland: bits & 4 != 0,
        x11: bits & 8 != 0,
        macos: bits & 16 != 0,
        terminal: Terminal::Other,
        size: if bits & 32 != 0 { 3_000_000 } else { 412 },
    })
}

#[test]
fn the_routes_hold_their_rules_in_every_surrounding() {
    for place in places() {
        let routes = routes(&place);
        let has = |route| routes.contains(&route);
        let display = place.wayland || place.x11 || place.macos;
        assert_eq!(routes.last(), Some(&Route::File), "{place:?}");
        assert_eq!(has(Route::Native), display && !place.ssh, "{place:?}");
        assert_eq!(has(Route::Osc52), place.size == 412, "{place:?}");
        let tmux_first = place.tmux && place.size == 412;
        assert_eq!(
            routes.first() == Some(&Route::Tmux),
            tmux_first,
            "{place:?}"
        );
        assert_eq!(has(Route::Tmux), tmux_first, "{place:?}");
    }
}

#[test]
fn the_cap_counts_base64() {
    let at = |size| {
        routes(&Surroundings {
            size,
            ..Surroundings::default()
        })
    };
    assert_eq!(at(55_500), [Route::Osc52, Route::File]);
    assert_eq!(at(55_501), [Route::File]);
    assert_eq!(at(usize::MAX), [Route::File]);
}

#[test]
fn a_copy_uses_the_first_route_that_works_and_says_so() {
    use Route::{File, Native, Osc52, Tmux};
    let (ssh, tmux, x11) = (true, true, true);
    let desktop = Surroundings {
        x11,
        ..Surroundings::default()
    };
    let remote = Surroundings {
        ssh,
        x11,
        ..Surroundings::default()
    };
    let both = Surroundings {
        ssh,
        tmux,
        ..Surroundings::default()
    };
    let local_tmux = Surroundings {
        tmux,
        x11,
        ..Surroundings::default()
    };
    let table: [(_, &[Route], &[Route], &str); 8] = [
        (desktop, &[], &[Native], "copied 412 B via clipboard"),
        (
            desktop,
            &[Native],
            &[Osc52],
            "sent 412 B to the terminal (OSC 52); clipboard: broken",
        ),
        (remote, &[], &[Osc52], "sent 412 B to the terminal (OSC 52)"),
        (
            both,
            &[],
            &[Tmux],
            "sent 412 B to the terminal (tmux + OSC 52)",
        ),
        (
            both,
            &[Tmux],
            &[Osc52],
            "sent 412 B to the terminal (OSC 52); tmux + OSC 52: broken",
        ),
        (
            local_tmux,
            &[],
            &[Tmux, Native],
            "copied 412 B via tmux + OSC 52 and clipboard",
        ),
        (
            local_tmux,
            &[Native],
            &[Tmux],
            "sent 412 B to the terminal (tmux + OSC 52); clipboard: broken",
        ),
        (
            remote,
            &[Osc52],
            &[File],
            "saved 412 B to /state/sortie/y/copy-1.txt — scp box:/state/sortie/y/copy-1.txt .; OSC 52: broken",
        ),
    ];
    for (place, broken, taken, told) in table {
        let broken = broken.iter().copied().collect();
        let host = place.ssh.then(|| "box".to_owned());
        let mut copier = Copier::of(Fake {
            place,
            broken,
            host,
            ..Fake::default()
        });
        let text = "x".repeat(412);
        let receipt = copier.copy(&text).unwrap();
        assert_eq!(receipt.to_string(), told);
        assert_eq!(receipt.routes, taken);
        let got: Vec<Route> = copier.rungs.got.iter().map(|(route, _)| *route).collect();
        assert_eq!(got, taken, "nothing else got the text");
        assert!(copier.rungs.got.iter().all(|(_, got)| *got == text));
        assert_eq!(
            receipt.sure,
            told.starts_with("copied") || told.starts_with("saved")
        );
    }
}

#[test]
fn in_every_surrounding_one_working_route_is_enough_and_none_is_told() {
    for place in places() {
        let open = routes(&place);
        for alone in &open {
            let broken = open
                .iter()
                .copied()
                .filter(|route| route != alone)
                .collect();
            let mut copier = Copier::of(Fake {
                place,
                broken,
                ..Fake::default()
            });
            let receipt = copier.copy(&"x".repeat(place.size)).unwrap();
            assert_eq!(receipt.routes, [*alone], "{place:?}");
            assert_eq!(receipt.path.is_some(), *alone == Route::File);
            let sent_inside_tmux = *alone == Route::Osc52 && place.tmux;
            assert_eq!(copier.rungs.wrapped, sent_inside_tmux, "{place:?}");
        }
        let broken = open.iter().copied().collect();
        let mut copier = Copier::of(Fake {
            place,
            broken,
            ..Fake::default()
        });
        let told = copier
            .copy(&"x".repeat(place.size))
            .unwrap_err()
            .to_string();
        assert_eq!(told.matches("broken").count(), open.len(), "{told}");
    }
}

#[test]
fn the_host_is_how_the_other_machine_knows_us() {
    assert_eq!(
        host(Some("10.0.0.9 5022 10.0.0.5 22")).as_deref(),
        Some("10.0.0.5")
    );
    assert_eq!(
        host(Some("fe80::9 5022 fe80::5 22")).as_deref(),
        Some("[fe80::5]")
    );
    assert_eq!(host(None), None);
}

#[test]
fn osc_52_is_sent_whole_and_inside_tmux_wrapped_too() {
    let mut out = Vec::new();
    let nowhere = Path::new("/nonexistent");
    let mut world = World::for_test(&mut out, nowhere, nowhere);
    world.osc52("hi", false).unwrap();
    world.osc52("hi", true).unwrap();
    let sent = String::from_utf8(out).unwrap();
    let plain = "\x1b]52;c;aGk=\x07";
    assert_eq!(
        sent,
        format!("{plain}{plain}\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\")
    );
}

#[test]
fn a_saved_copy_is_for_its_owner_only() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("state/sortie/y");
    let mut world = World::for_test(Vec::new(), Path::new("tmux"), &folder);
    let first = world.file("one").unwrap();
    let second = world.file("two").unwrap();
    assert_ne!(first, second);
    assert_eq!(fs::read_to_string(&first).unwrap(), "one");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&first), mode(&folder)), (0o600, 0o700));
    let mut world = World::for_test(Vec::new(), Path::new("tmux"), &first.join("no"));
    assert!(world.file("x").unwrap_err().contains("copy-"));
}

/// A program in place of tmux. A process that another test starts meanwhile may
/// still hold the file open for writing, and until then it cannot be run.
fn script(folder: &Path, body: &str) -> PathBuf {
    let path = folder.join("tmux");
    let text = format!("#!/bin/sh\n[ \"$1\" = ready ] && exit 0\n{body}\n");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    while Command::new(&path).arg("ready").status().is_err() {
        thread::sleep(Duration::from_millis(5));
    }
    path
}

#[test]
fn tmux_gets_the_text_on_its_standard_input() {
    let home = tempfile::tempdir().unwrap();
    let program = script(home.path(), "echo \"$@\" > \"$0.args\"; cat > \"$0.text\"");
    let mut world = World::for_test(Vec::new(), &program, home.path());
    world.tmux("one\ntwo").unwrap();
    let read = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();
    assert_eq!(read("tmux.args"), "load-buffer -w -\n");
    assert_eq!(read("tmux.text"), "one\ntwo");
}

#[test]
fn a_tmux_that_fails_or_hangs_gives_way() {
    let home = tempfile::tempdir().unwrap();
    let program = script(home.path(), "echo 'no server running' >&2; exit 1");
    let mut world = World::for_test(Vec::new(), &program, home.path());
    assert_eq!(world.tmux("x"), Err("no server running".to_owned()));
    let program = script(home.path(), "exec sleep 30");
    let mut world = World::for_test(Vec::new(), &program, home.path());
    let started = Instant::now();
    assert_eq!(world.tmux("x"), Err("no answer in 2 s".to_owned()));
    assert!(started.elapsed() < Duration::from_secs(10));
    let mut world = World::for_test(Vec::new(), Path::new("/nonexistent"), home.path());
    assert!(world.tmux("x").is_err());
}

/// Runs where tmux is installed; the fake program above stands in elsewhere.
#[test]
fn a_real_tmux_keeps_the_text() {
    let home = tempfile::tempdir().unwrap();
    let socket = home.path().join("socket");
    let tmux = |args: &[&str]| {
        Command::new("tmux")
            .arg("-S")
            .arg(&socket)
            .args(args)
            .output()
    };
    let Ok(started) = tmux(&["-f", "/dev/null", "new-session", "-d", "sleep 60"]) else {
        return;
    };
    assert!(started.status.success(), "{started:?}");
    let body = format!("exec tmux -S '{}' \"$@\"", socket.display());
    let program = script(home.path(), &body);
    let mut world = World::for_test(Vec::new(), &program, home.path());
    let copied = world.tmux("refund é\n42");
    let kept = tmux(&["show-buffer"]).unwrap();
    tmux(&["kill-server"]).unwrap();
    assert_eq!(copied, Ok(()));
    assert_eq!(String::from_utf8(kept.stdout).unwrap(), "refund é\n42");
}

#[test]
fn the_desk_answers_in_order_and_finishes_before_it_closes() {
    let desk = Desk::new(Copier::of(Fake::default()));
    let (told, heard) = channel();
    for size in [10, 60_000] {
        let told = told.clone();
        desk.copy("x".repeat(size), move |result| {
            told.send(result.unwrap().to_string()).unwrap();
        });
    }
    drop((desk, told));
    let heard: Vec<String> = heard.iter().collect();
    assert_eq!(
        heard,
        [
            "sent 10 B to the terminal (OSC 52)",
            "saved 60.0 KB to /state/sortie/y/copy-1.txt"
        ]
    );
}

#[test]
fn half_of_a_copy_does_not_stay_on_a_full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.txt");
    std::fs::write(&path, "half").unwrap();
    let full = || Err(io::Error::from(io::ErrorKind::StorageFull));
    let fault = super::rungs::kept(path.clone(), full()).unwrap_err();
    assert_eq!(fault.kind(), io::ErrorKind::StorageFull);
    assert!(!path.exists());
    // Where it cannot be removed it is said which file that is.
    let fault = super::rungs::kept(path, full()).unwrap_err();
    assert!(fault.to_string().contains("copy.txt is cut"), "{fault}");
}
