//! What is kept, what is not, and what becomes of whoever is killed while writing.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

use bytes::Bytes;
use secrecy::SecretString;

use super::*;
use crate::{
    fetch::{Auth, Timeouts},
    model::{AuthScheme, Event, Kind, Order, Page, Payload, Run, RunStatus},
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

fn connection(auth: Auth, headers: Vec<(String, SecretString)>) -> Connection {
    Connection {
        name: "prod".to_owned(),
        provider: &Telnyx,
        base_url: "https://api.example/v2".parse().unwrap(),
        auth,
        headers,
        ca_file: None,
        insecure: false,
        timeouts: Timeouts::default(),
    }
}

fn key(secret: &str, account: Option<&str>) -> Auth {
    Auth::Key {
        scheme: AuthScheme::Bearer,
        secret: secret.into(),
        source: "$KEY".to_owned(),
        account_id: account.map(str::to_owned),
    }
}

fn client(id: &str) -> Auth {
    Auth::Client {
        client_id: id.to_owned(),
        client_secret: "shared".into(),
        token_url: "https://auth.example/token".parse().unwrap(),
        source: "$SECRET".to_owned(),
    }
}

#[test]
fn nobody_reads_what_another_credential_fetched() {
    let folder = tempfile::tempdir().unwrap();
    let tenant = |name: &str| vec![("x-tenant".to_owned(), SecretString::from(name))];
    let connections = [
        connection(key("one-secret", None), Vec::new()),
        connection(key("other-secret", None), Vec::new()),
        connection(key("one-secret", Some("a")), Vec::new()),
        connection(key("one-secret", Some("b")), Vec::new()),
        connection(client("one"), Vec::new()),
        connection(client("other"), Vec::new()),
        connection(Auth::None, Vec::new()),
        connection(Auth::None, tenant("one")),
        connection(Auth::None, tenant("other")),
    ];
    for (count, one) in connections.iter().enumerate() {
        let own = cache_at(folder.path(), Place::of(one));
        assert!(own.find(&at("r"), false).is_none(), "{count}");
        tell(&own, run("r", RunStatus::Failed), events(count + 1));
    }
    for (count, one) in connections.iter().enumerate() {
        let found = cache_at(folder.path(), Place::of(one)).find(&at("r"), false);
        assert_eq!(told(&found.unwrap(), &at("r")).len(), count + 1);
    }
    for file in files(folder.path()) {
        let bytes = fs::read(&file).unwrap();
        let text = format!("{} {}", file.display(), String::from_utf8_lossy(&bytes));
        assert!(!text.contains("one-secret") && !text.contains("other-secret"));
    }
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
fn an_entry_is_read_once_for_all_who_ask_at_once() {
    let folder = tempfile::tempdir().unwrap();
    tell(
        &cache(folder.path()),
        run("r", RunStatus::Failed),
        events(500),
    );
    let own = cache(folder.path());
    let found: Vec<Arc<Source>> = thread::scope(|scope| {
        let asked: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| own.find(&at("r"), false).unwrap()))
            .collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(found.iter().all(|one| Arc::ptr_eq(one, &found[0])));
}

#[test]
fn runs_of_one_id_in_two_missions_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let own = cache(folder.path());
    for (mission, count) in [("m", 1), ("n", 2)] {
        let run = Run {
            mission_id: mission.to_owned(),
            ..run("r", RunStatus::Failed)
        };
        tell(&own, run, events(count));
    }
    let history = Folder::new(folder.path(), 1 << 30).history(|_| true);
    let [history] = <[Source; 1]>::try_from(history).ok().unwrap();
    for (mission, count) in [("m", 1), ("n", 2)] {
        let at = of(mission, "r");
        let found = cache(folder.path()).find(&at, false).unwrap();
        assert_eq!(told(&found, &at).len(), count);
        assert_eq!(told(&history, &at).len(), count);
    }
    let other = Run {
        mission_id: "n".to_owned(),
        ..run("r", RunStatus::Running)
    };
    own.hear(&Record::Run(other));
    assert!(own.find(&of("n", "r"), false).is_none());
    assert!(own.find(&at("r"), false).is_some());
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
fn what_is_larger_than_all_that_may_be_kept_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let redactor = || Redactor::new(vec![SECRET.into()]);
    let place = || place("prod", "https://api.example");
    let small = Cache::new(Folder::new(folder.path(), 4000), place(), redactor());
    tell(&small, run("small", RunStatus::Failed), events(2));
    tell(&small, run("large", RunStatus::Failed), events(200));
    assert_eq!(
        entries(folder.path()).len(),
        1,
        "and takes no other's place"
    );
    assert!(small.find(&at("small"), false).is_some());
    assert!(small.find(&at("large"), false).is_none());
    assert!(small.state().too_large.len() == 1);
}

#[test]
fn only_what_sortie_put_there_is_taken_away() {
    let folder = tempfile::tempdir().unwrap();
    let own = cache(folder.path());
    tell(&own, run("r", RunStatus::Failed), events(3));
    let [entry] = entries(folder.path()).try_into().unwrap();
    let kept = entry.parent().unwrap();
    let runs = folder.path().join("runs");
    let precious = [
        kept.join("notes.txt"),
        runs.join("mine/r.jsonl"),
        runs.join("a.jsonl"),
    ];
    fs::create_dir(runs.join("mine")).unwrap();
    for path in &precious {
        fs::write(path, "precious").unwrap();
    }
    let elsewhere = folder.path().join("elsewhere-0123456789abcdef");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("x-0123456789abcdef.jsonl"), "precious").unwrap();
    let link = runs.join("link-0123456789abcdef");
    std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
    fs::write(kept.join(".unfinished-x"), "half").unwrap();
    let own = Folder::new(folder.path(), 1 << 30);
    let told = own.clear().unwrap();
    assert_eq!(
        (told.runs, told.foreign.len()),
        (1, 4),
        "{:?}",
        told.foreign
    );
    let mut left = files(&runs);
    left.sort();
    let mut expected = precious.to_vec();
    expected.push(link.join("x-0123456789abcdef.jsonl"));
    expected.sort();
    assert_eq!(left, expected);
    assert_eq!(own.stat().runs, 0);
}

#[test]
fn a_folder_that_is_a_link_is_not_used() {
    let folder = tempfile::tempdir().unwrap();
    let (real, below) = (folder.path().join("real"), folder.path().join("below"));
    tell(&cache(&real), run("r", RunStatus::Failed), events(3));
    fs::create_dir(&below).unwrap();
    std::os::unix::fs::symlink(real.join("runs"), below.join("runs")).unwrap();
    let own = Folder::new(&below, 1 << 30);
    let why = own.refusal().unwrap();
    assert!(why.contains("is a link to another place"), "{why}");
    assert!(cache(&below).find(&at("r"), false).is_none());
    tell(&cache(&below), run("s", RunStatus::Failed), events(3));
    assert!(own.history(|_| true).is_empty() && own.clear().is_err());
    assert_eq!(entries(&real).len(), 1, "nothing came and nothing went");
}

#[test]
fn a_damaged_entry_is_ignored_and_named() {
    let folder = tempfile::tempdir().unwrap();
    tell(
        &cache(folder.path()),
        run("r", RunStatus::Failed),
        events(9),
    );
    let [file] = entries(folder.path()).try_into().unwrap();
    let text = fs::read(&file).unwrap();
    let mut changed = text.clone();
    let at_digit = changed.iter().rposition(|b| *b == b'8').unwrap();
    changed[at_digit] = b'9';
    fs::write(&file, changed).unwrap();
    assert!(cache(folder.path()).find(&at("r"), false).is_none());
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
        let called = file.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            called.starts_with(name::UNFINISHED)
                || called == name::SALT
                || source::entry(&file).is_some(),
            "{called}"
        );
    }
}
