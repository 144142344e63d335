//! What lies on the disk: how much, whose, damaged or not, and what becomes of whoever is killed while
//! writing.

use std::{process::Command, thread, time::Duration};

use super::*;

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
            .args(["cache::tests::disk::writes_where_it_is_told", "--exact"])
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
