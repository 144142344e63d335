//! Files that sortie wrote come back as what they were made of, whole or cut.

mod made;

use self::made::{
    HOME, bundle_with, child, document, events, gz, mission, offline, open, run, steps,
};
use super::*;
use crate::{export::record, guard::Redactor};

fn at() -> RunRef {
    RunRef {
        mission: "m".into(),
        run: "r".into(),
        room: None,
    }
}

fn records(source: &Source, ask: &Ask) -> Vec<Record> {
    let batch = source.answer(ask).unwrap();
    batch.rows.iter().map(|row| row.record().clone()).collect()
}

fn all_events(source: &Source) -> Vec<Event> {
    let ask = Ask::Events {
        run: at(),
        page: Page::default(),
    };
    let records = records(source, &ask).into_iter();
    let events = records.map(|record| match record {
        Record::Event(event) => event,
        other => panic!("{other:?}"),
    });
    events.collect()
}

#[test]
fn a_bundle_comes_back_as_what_it_was_made_of() {
    let opened = open("a.sortie", &gz(&bundle_with(None)));
    assert_eq!(opened.notes, Vec::<String>::new());
    let [source] = opened.sources.as_slice() else {
        panic!("one context")
    };
    assert_eq!(source.offline(), &offline());
    let page = Page::default();
    let missions = records(source, &Ask::Missions { page });
    assert_eq!(missions, [Record::Mission(mission())]);
    let runs = records(
        source,
        &Ask::Runs {
            mission: "m".into(),
            status: None,
            page: Page::default(),
        },
    );
    assert_eq!(runs, [Record::Run(run())]);
    let told = records(source, &Ask::Run(at()));
    assert_eq!(told, [Record::Run(run()), Record::Run(child())]);
    let plan = records(source, &Ask::Steps(at()));
    assert_eq!(
        plan,
        steps().into_iter().map(Record::Step).collect::<Vec<_>>()
    );
    assert_eq!(all_events(source), events());
    let of_child = RunRef {
        run: "child".into(),
        ..at()
    };
    assert_eq!(
        records(source, &Ask::Run(of_child.clone())),
        [Record::Run(child())]
    );
    assert_eq!(records(source, &Ask::Steps(of_child)), []);
}

#[test]
fn what_a_newer_sortie_wrote_is_kept_for_the_next_writing() {
    let left = Left {
        members: [
            (("event", "e1".to_owned()), r#"{"mood":[1,2]}"#.to_owned()),
            (("run", "r".to_owned()), r#"{"cost":1.50}"#.to_owned()),
            (("mission", "m".to_owned()), r#"{"team":"x"}"#.to_owned()),
            (
                ("event.kept", "e1".to_owned()),
                r#"{"weight":3}"#.to_owned(),
            ),
        ]
        .into(),
        records: vec![r#"{"record":"smell","of":"r"}"#.to_owned()],
    };
    let written = bundle_with(Some(&left));
    let opened = open("a.sortie", &written);
    assert_eq!(opened.notes, Vec::<String>::new());
    let source = only(opened);
    assert_eq!(source.left("m", "r"), Some(left.clone()));
    assert_eq!(all_events(&source), events(), "and is not shown");
    assert_eq!(bundle_with(source.left("m", "r").as_ref()), written);
    let newer = String::from_utf8(written).unwrap();
    let newer = newer.replace("sortie.bundle/1", "sortie.bundle/2");
    let newer = newer.replacen("\"notes\":", "\"zoom\":[1,2.50],\"notes\":", 1);
    let newer = newer.replacen("\"made_at\":", "\"signed\":\"by x\",\"made_at\":", 1);
    let opened = open("a.sortie", newer.as_bytes());
    assert!(
        opened.notes[0].contains("a newer sortie"),
        "{:?}",
        opened.notes
    );
    assert_eq!(all_events(&opened.sources[0]).len(), 2);
    let look = &opened.sources[0].offline().looks[0];
    assert_eq!(look.left.as_deref(), Some(r#"{"signed":"by x"}"#));
    assert_eq!(look.left_of_view.as_deref(), Some(r#"{"zoom":[1,2.50]}"#));
    let again = made::bundle_of(opened.sources[0].offline(), Some(&left));
    let again = String::from_utf8(again).unwrap();
    let header: serde_json::Value = serde_json::from_str(again.lines().next().unwrap()).unwrap();
    assert_eq!(header["signed"], "by x");
    assert_eq!(header["view"]["zoom"][1].to_string(), "2.5");
}

#[test]
fn a_cut_bundle_shows_what_is_whole_and_where_it_broke() {
    let lines = bundle_with(None);
    let cut = lines.len() - 150;
    let opened = open("a.sortie", &lines[..cut]);
    let [note] = opened.notes.as_slice() else {
        panic!("{:?}", opened.notes)
    };
    assert!(
        note.starts_with("a.sortie: the bundle breaks off"),
        "{note}"
    );
    let (source, name) = (only(opened), "e1");
    let events = all_events(&source);
    assert_eq!(events[0].id, name);
    assert_eq!(events.len(), 2);
    let title = events[1].title.as_deref().unwrap();
    assert!(
        title.starts_with("record 8 is not JSON: it ends in the middle at byte "),
        "{title}"
    );
    let packed = gz(&lines);
    let opened = open("a.sortie", &packed[..packed.len() - 40]);
    assert_eq!(opened.notes.len(), 2, "{:?}", opened.notes);
    assert!(opened.notes[0].contains("gzip data is cut off at byte"));
    assert!(!all_events(&only(opened)).is_empty());
}

#[test]
fn of_a_bundle_with_a_changed_byte_nothing_is_shown_that_nobody_wrote() {
    let lines = bundle_with(None);
    let packed = gz(&lines);
    let mut damaged = 0;
    for at in packed.len() / 2..packed.len() * 9 / 10 {
        let mut packed = packed.clone();
        packed[at] ^= 0x10;
        let opened = open("a.sortie", &packed);
        // Packed otherwise it may be the same text.
        if opened.notes.is_empty() {
            assert!(!opened.is_damaged, "byte {at}");
            continue;
        }
        damaged += 1;
        assert!(
            opened.notes[0].starts_with("a.sortie: the gzip data is "),
            "byte {at}: {:?}",
            opened.notes
        );
        // A changed byte may ask for more than there is, as if the end were cut off: the last line is shown.
        let most = usize::from(opened.notes[0].contains("cut off"));
        let files = opened.sources.iter().flat_map(|source| &source.files);
        let runs = files.flat_map(|file| &file.runs);
        let titles = runs
            .flat_map(|kept| kept.events(0, usize::MAX).0)
            .filter_map(|event| event.title);
        let broken = titles.filter(|title| title.contains("is not JSON"));
        assert!(broken.count() <= most, "byte {at}: {:?}", opened.notes);
    }
    assert!(damaged > packed.len() / 4, "{damaged}");
}

/// As records say it: without what only a bundle keeps.
fn lines(source: &Source) -> Vec<String> {
    let mut masking = Redactor::default().masking();
    let (told, of) = (all_events(source), run());
    let mut lines: Vec<String> = told
        .iter()
        .enumerate()
        .map(|(i, event)| {
            let record = record::event(HOME, &of, Some(i + 1), event, &mut masking);
            record::line(&record).unwrap()
        })
        .collect();
    for record in records(source, &Ask::Run(at())) {
        if let Record::Run(run) = record {
            lines.push(record::line(&record::run(HOME, &run, &mut masking)).unwrap());
        }
    }
    for record in records(source, &Ask::Steps(at())) {
        if let Record::Step(step) = record {
            lines.push(record::line(&record::step("r", &step, &mut masking)).unwrap());
        }
    }
    lines
}

#[test]
fn documents_and_lines_of_records_say_the_same_again() {
    let document = document();
    let source = only(open("run.json", document.as_bytes()));
    assert_eq!((source.name(), source.provider()), ("prod", "telnyx"));
    let told = lines(&source);
    assert_eq!(told.len(), 5);
    for line in &told {
        assert!(document.contains(line.trim_end()), "{line}");
    }
    let bare = told.concat();
    let again = only(open("run.jsonl", bare.as_bytes()));
    assert_eq!(lines(&again), told);
    let listed = format!("[{document},{document}]");
    assert_eq!(lines(&only(open("run.json", listed.as_bytes()))), told);
}

#[test]
fn a_cut_document_shows_its_whole_records() {
    let document = document();
    let cut = document.find("\"errors\"").unwrap() - 60;
    let opened = open("run.json", &document.as_bytes()[..cut]);
    let note = opened.notes.concat();
    assert_eq!(
        note,
        format!(
            "run.json: the JSON breaks off at byte {cut} (line 10); 4 records before that are whole"
        )
    );
    assert_eq!(all_events(&only(opened)).len(), 1);
}

#[test]
fn bundles_of_one_context_are_one_context() {
    let folder = tempfile::tempdir().unwrap();
    let paths = ["a.sortie", "b.sortie", "c.jsonl"].map(|name| folder.path().join(name));
    let other = String::from_utf8(bundle_with(None)).unwrap();
    let other = other.replace("\"id\":\"r\"", "\"id\":\"r2\"");
    let other = other.replace("\"run_id\":\"r\"", "\"run_id\":\"r2\"");
    let other = other.replace("\"parent_run_id\":\"r\"", "\"parent_run_id\":\"r2\"");
    fs::write(&paths[0], bundle_with(None)).unwrap();
    fs::write(&paths[1], other).unwrap();
    fs::write(&paths[2], "{\"id\":\"x\"}\n").unwrap();
    let opened = Opened::open(&paths).unwrap();
    let names: Vec<_> = opened.sources.iter().map(Source::name).collect();
    assert_eq!(names, ["prod", "file"]);
    let ask = Ask::Runs {
        mission: "m".into(),
        status: None,
        page: Page::default(),
    };
    let ids: Vec<_> = records(&opened.sources[0], &ask)
        .iter()
        .map(|record| record.id().to_owned())
        .collect();
    assert_eq!(ids, ["r", "r2"]);
}

#[test]
fn bundles_one_behind_the_other_are_one() {
    let one = bundle_with(None);
    let other = String::from_utf8(one.clone()).unwrap();
    let other = other.replace("\"prod\"", "\"test\"").into_bytes();
    let opened = open("a.sortie", &[gz(&one), gz(&other)].concat());
    assert_eq!(opened.notes, Vec::<String>::new());
    let names: Vec<_> = opened.sources.iter().map(Source::name).collect();
    assert_eq!(names, ["prod", "test"]);
    let opened = open(
        "a.sortie",
        &[one.as_slice(), &other[..other.len() / 2]].concat(),
    );
    assert!(opened.is_damaged);
}
