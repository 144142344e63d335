//! What is kept, what is not, and what becomes of whoever is killed while writing.

use std::{
    fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command, thread, time::Duration,
};

use bytes::Bytes;

use super::*;
use crate::{
    model::{Event, Kind, Order, Page, Payload, RunStatus},
    provider::telnyx::Telnyx,
};

const SECRET: &str = "KEY0123456789abcdef";

fn place(context: &str, base_url: &str) -> Place {
    Place {
        context: context.to_owned(),
        provider: &Telnyx,
        base_url: base_url.to_owned(),
    }
}

fn cache_at(folder: &Path, place: Place) -> Cache {
    let redactor = Redactor::new(vec![SECRET.into()]);
    Cache::new(Folder::new(folder, 1 << 30), place, redactor)
}

fn cache(folder: &Path) -> Cache {
    cache_at(folder, place("prod", "https://api.example"))
}

fn at(run: &str) -> RunRef {
    RunRef {
        mission: "m".into(),
        run: run.into(),
        room: None,
    }
}

fn run(id: &str, status: RunStatus) -> Run {
    Run {
        mission_id: "m".to_owned(),
        id: id.to_owned(),
        status,
        started_at: Time::from_millis(1_795_166_597_000),
        raw: payload(r#"{ "run_id": "r" }"#),
        ..Run::default()
    }
}

fn payload(text: &str) -> Payload {
    Payload::new(Bytes::copy_from_slice(text.as_bytes()))
}

fn events(count: usize) -> Vec<Row> {
    let event = |n: usize| Event {
        id: format!("e{n}"),
        kind: Kind::ToolResult,
        order: Order {
            at: i64::try_from(n).unwrap(),
            tie: 0,
        },
        raw: payload(&format!(
            "{{ \"n\": {n},\n \"password\": \"hunter22\", \"x\": \"{SECRET}\" }}"
        )),
        ..Event::default()
    };
    let rows = (0..count).map(|n| Row::Full(Record::Event(event(n))));
    rows.collect()
}

/// As the engine tells it.
fn tell(cache: &Cache, run: Run, events: Vec<Row>) {
    let of = at(&run.id);
    cache.take(&Ask::Run(of.clone()), vec![Row::Full(Record::Run(run))]);
    cache.take(&Ask::Steps(of.clone()), Vec::new());
    let page = Page::default();
    cache.take(&Ask::Events { run: of, page }, events);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                files(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

#[test]
fn what_has_ended_is_kept_as_it_was_sent_without_known_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let own = cache(folder.path());
    assert!(own.find(&at("r"), false).is_none());
    tell(&own, run("r", RunStatus::Failed), events(3));
    let found = cache(folder.path()).find(&at("r"), false).unwrap();
    let page = Page::default();
    let ask = Ask::Events { run: at("r"), page };
    let rows = found.answer(&ask).unwrap().rows;
    let Record::Event(event) = rows[1].record() else {
        panic!("no event")
    };
    let raw = String::from_utf8_lossy(event.raw.bytes()).into_owned();
    assert!(raw.starts_with("{ \"n\": 1,\n \"password\": "), "{raw}");
    assert_eq!(event.order, Order { at: 1, tie: 0 });
    let [file] = files(folder.path()).try_into().unwrap();
    let text = fs::read_to_string(&file).unwrap();
    assert!(!text.contains(SECRET) && !text.contains("hunter22"));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
}

#[test]
fn what_goes_on_or_is_not_known_to_have_ended_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let own = cache(folder.path());
    let hearsay = Run {
        hearsay: true,
        ..run("d", RunStatus::Succeeded)
    };
    for run in [
        run("a", RunStatus::Running),
        run("b", RunStatus::Unknown),
        run("c", RunStatus::Paused),
        hearsay,
    ] {
        tell(&own, run, events(1));
    }
    own.take(
        &Ask::Run(at("e")),
        vec![Row::Full(Record::Run(run("e", RunStatus::Failed)))],
    );
    assert_eq!(files(folder.path()), Vec::<PathBuf>::new());
}

#[test]
fn accounts_do_not_mix_and_news_counts() {
    let folder = tempfile::tempdir().unwrap();
    let own = cache(folder.path());
    tell(&own, run("r", RunStatus::Succeeded), events(1));
    let other = cache_at(folder.path(), place("prod", "https://other.example"));
    assert!(other.find(&at("r"), false).is_none());
    let other = cache_at(folder.path(), place("test", "https://api.example"));
    assert!(other.find(&at("r"), false).is_none());
    let again = cache(folder.path());
    assert!(
        again.find(&at("r"), true).is_none(),
        "who did not begin does not go on"
    );
    assert!(again.find(&at("r"), false).is_some());
    assert!(again.find(&at("r"), true).is_some());
    again.forget(&at("r"));
    assert!(again.find(&at("r"), false).is_none());
    tell(&again, run("r", RunStatus::Succeeded), events(2));
    assert!(again.find(&at("r"), false).is_some());
    let resumed = cache(folder.path());
    resumed.hear(&Record::Run(run("r", RunStatus::Running)));
    assert!(resumed.find(&at("r"), false).is_none());
    let later = Run {
        ended_at: Time::from_millis(1_795_166_600_000),
        ..run("r", RunStatus::Succeeded)
    };
    let changed = cache(folder.path());
    changed.hear(&Record::Run(later));
    assert!(changed.find(&at("r"), false).is_none());
}

#[test]
fn a_damaged_entry_is_ignored_and_named() {
    let folder = tempfile::tempdir().unwrap();
    tell(
        &cache(folder.path()),
        run("r", RunStatus::Failed),
        events(9),
    );
    let [file] = files(folder.path()).try_into().unwrap();
    let text = fs::read(&file).unwrap();
    fs::write(&file, &text[..text.len() - 200]).unwrap();
    assert!(cache(folder.path()).find(&at("r"), false).is_none());
    let own = Folder::new(folder.path(), 1 << 30);
    assert_eq!(own.stat().damaged, [file]);
    assert!(own.history(|_| true).is_empty());
    assert_eq!(own.clear().unwrap().runs, 1);
    assert_eq!(own.stat().runs, 0);
}

#[test]
fn the_oldest_go_when_there_are_too_many() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..4 {
        tell(
            &cache(folder.path()),
            run(&format!("r{n}"), RunStatus::Failed),
            events(9),
        );
        thread::sleep(Duration::from_millis(20));
    }
    let all = Folder::new(folder.path(), 1 << 30).stat();
    let limit = all.bytes / 2 + 10;
    let small = Folder::new(folder.path(), limit);
    small.prune();
    assert_eq!(small.stat().runs, 2);
    let kept = cache(folder.path());
    assert!(kept.find(&at("r3"), false).is_some() && kept.find(&at("r0"), false).is_none());
}

#[test]
fn what_is_kept_is_the_history_that_is_shown_offline() {
    let folder = tempfile::tempdir().unwrap();
    let own = cache(folder.path());
    for id in ["r1", "r2"] {
        tell(&own, run(id, RunStatus::Failed), events(3));
    }
    let history = Folder::new(folder.path(), 1 << 30).history(|told| told.context == "prod");
    let [source] = <[Source; 1]>::try_from(history).ok().unwrap();
    let runs = Ask::Runs {
        mission: "m".into(),
        status: None,
        page: Page::default(),
    };
    assert_eq!(source.answer(&runs).unwrap().rows.len(), 2);
    let page = Page::default();
    let ask = Ask::Events {
        run: at("r2"),
        page,
    };
    assert!(source.at_once(&ask).is_none(), "it has to be read first");
    assert_eq!(source.answer(&ask).unwrap().rows.len(), 3);
}

const TOLD: &str = "SORTIE_TEST_WRITES_BELOW";

/// Writes until it is killed, if it is told to.
#[test]
fn writes_where_it_is_told() {
    let Some(folder) = std::env::var_os(TOLD) else {
        return;
    };
    let own = cache(Path::new(&folder));
    for n in 0.. {
        tell(
            &own,
            run(&format!("r{}", n % 3), RunStatus::Failed),
            events(400),
        );
    }
}

#[test]
fn whoever_is_killed_leaves_whole_entries() {
    let folder = tempfile::tempdir().unwrap();
    let own = std::env::current_exe().unwrap();
    for round in 0..12_u64 {
        let mut writer = Command::new(&own)
            .args(["cache::tests::writes_where_it_is_told", "--exact"])
            .env(TOLD, folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while round == 0 && Folder::new(folder.path(), 1 << 30).stat().runs == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        thread::sleep(Duration::from_millis(40 + round * 7));
        writer.kill().unwrap();
        writer.wait().unwrap();
        let stat = Folder::new(folder.path(), 1 << 30).stat();
        assert_eq!(stat.damaged, Vec::<PathBuf>::new());
        assert!(stat.runs > 0);
    }
    for file in files(folder.path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            name.starts_with(folder::UNFINISHED) || source::entry(&file).is_some(),
            "{name}"
        );
    }
}
