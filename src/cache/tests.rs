//! What is kept and what is not.

mod disk;
mod whose;

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use bytes::Bytes;

use super::*;
use crate::{
    model::{Event, Kind, Order, Page, Payload, Run, RunStatus},
    provider::telnyx::Telnyx,
};

const BEGAN: Time = Time(1_795_166_597_000_000_000);
const SECRET: &str = "KEY0123456789abcdef";

fn place(context: &str, base_url: &str) -> Place {
    Place {
        context: context.to_owned(),
        provider: &Telnyx,
        base_url: base_url.to_owned(),
        who: [7; 32],
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
    of("m", run)
}

fn of(mission: &str, run: &str) -> RunRef {
    RunRef {
        mission: mission.into(),
        run: run.into(),
        room: None,
    }
}

fn run(id: &str, status: RunStatus) -> Run {
    Run {
        mission_id: "m".to_owned(),
        id: id.to_owned(),
        status,
        started_at: Some(BEGAN),
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

fn later(seconds: i64) -> Time {
    Time(BEGAN.0 + seconds * 1_000_000_000)
}

/// As the engine tells it, an hour after the run began.
fn tell(cache: &Cache, run: Run, events: Vec<Row>) {
    tell_at(cache, [later(3600); 3], run, events);
}

/// The same, where the run, its plan and its events were asked for at these times.
fn tell_at(cache: &Cache, asked: [Time; 3], run: Run, events: Vec<Row>) {
    let at = of(&run.mission_id, &run.id);
    let [own, plan, all] = asked;
    cache.take(
        &Ask::Run(at.clone()),
        own,
        vec![Row::Full(Record::Run(run))],
    );
    cache.take(&Ask::Steps(at.clone()), plan, Vec::new());
    let page = Page::default();
    cache.take(&Ask::Events { run: at, page }, all, events);
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut files = files(folder);
    files.retain(|file| file.extension().is_some_and(|ending| ending == "jsonl"));
    files
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
    let [file] = entries(folder.path()).try_into().unwrap();
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
        later(3600),
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
    let news = Run {
        ended_at: Time::from_millis(1_795_166_600_000),
        ..run("r", RunStatus::Succeeded)
    };
    let changed = cache(folder.path());
    changed.hear(&Record::Run(news.clone()));
    assert!(changed.find(&at("r"), false).is_none());
    let again = cache(folder.path());
    assert!(again.find(&at("r"), false).is_some());
    again.hear(&Record::Run(news));
    let found = again.find(&at("r"), false);
    assert!(found.is_none(), "also where it was read a moment ago");
    let rest = again.find(&at("r"), true);
    assert!(rest.is_some(), "who has the beginning gets the rest of it");
}

fn told(source: &Source, run: &RunRef) -> Vec<String> {
    let ask = Ask::Events {
        run: run.clone(),
        page: Page::default(),
    };
    let rows = source.answer(&ask).unwrap().rows;
    rows.iter()
        .map(|row| row.record().id().to_owned())
        .collect()
}

#[test]
fn what_may_lack_its_end_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let ended = || Run {
        ended_at: Some(later(1000)),
        ..run("r", RunStatus::Succeeded)
    };
    let is_kept = |asked: [i64; 3], run: Run, events: Vec<Row>| {
        let folder = tempfile::tempdir_in(folder.path()).unwrap();
        tell_at(&cache(folder.path()), asked.map(later), run, events);
        entries(folder.path()).len() == 1
    };
    assert!(is_kept([1060; 3], ended(), events(1)));
    assert!(!is_kept([1059; 3], ended(), events(1)), "just ended");
    assert!(!is_kept([1060, 1060, 1030], ended(), events(1)));
    // The events were read while it went on, and the run when it had ended.
    assert!(!is_kept([9000, 9000, 1100], ended(), events(1)));
    let last = Event {
        time: Some(later(1200)),
        ..Event::default()
    };
    let last = || vec![Row::Full(Record::Event(last.clone()))];
    assert!(!is_kept([1230; 3], ended(), last()));
    assert!(is_kept([1260; 3], ended(), last()));
    let timeless = Run {
        started_at: None,
        ..run("r", RunStatus::Succeeded)
    };
    assert!(!is_kept([9000; 3], timeless, Vec::new()));
    // A list tells of something that came while the parts were read.
    let own = cache(folder.path());
    own.hear(&Record::Run(Run {
        updated_at: Some(later(1500)),
        ..ended()
    }));
    tell_at(&own, [later(1510); 3], ended(), events(1));
    assert!(own.find(&at("r"), false).is_none());
    tell_at(&own, [later(1560); 3], ended(), events(1));
    assert!(own.find(&at("r"), false).is_some());
    let child = Run {
        parent_run_id: Some("p".to_owned()),
        ..run("c", RunStatus::Running)
    };
    let rows = vec![
        Row::Full(Record::Run(run("p", RunStatus::Succeeded))),
        Row::Full(Record::Run(child)),
    ];
    own.take(&Ask::Run(at("p")), later(3600), rows);
    own.take(&Ask::Steps(at("p")), later(3600), Vec::new());
    let page = Page::default();
    let all = Ask::Events { run: at("p"), page };
    own.take(&all, later(3600), events(1));
    assert!(own.find(&at("p"), false).is_none(), "its child goes on");
}

#[test]
fn a_mission_keeps_its_name_whatever_else_is_heard_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let kept = |named: bool| {
        let cache = cache(folder.path());
        let mission = |name: &str| Mission {
            id: "m".to_owned(),
            name: name.to_owned(),
            ..Mission::default()
        };
        if named {
            cache.hear(&Record::Mission(mission("Nightly")));
        }
        cache.hear(&Record::Mission(mission("")));
        let id = if named { "named" } else { "bare" };
        tell(&cache, run(id, RunStatus::Succeeded), events(3));
        let source = cache.find(&at(id), false).unwrap();
        let rows = source
            .answer(&Ask::Mission {
                mission: "m".into(),
            })
            .unwrap()
            .rows;
        match rows.first().map(Row::record) {
            Some(Record::Mission(mission)) => mission.name.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(kept(true), "Nightly");
    assert_eq!(kept(false), "m", "its id stands for it");
}
