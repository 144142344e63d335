//! Ids name things and leave as they are, however much they look drawn by lot; unless one is a credential in
//! use, or a key of a format that is known.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::Value;
use sortie::guard::Redactor;

use super::{
    MISSION, OWN, RUN, Server, clean, home, leave, screen, screens::search, secrets,
    service::answer_with_ids, settle,
};

/// All that is an id by the name of its member.
fn ids(value: &Value, out: &mut BTreeSet<String>) {
    let is_id = |name: &str| {
        let ends = ["id", "Id", "ID", "ids", "uuid"];
        ends.iter().any(|end| name.ends_with(end))
    };
    match value {
        Value::Array(items) => items.iter().for_each(|item| ids(item, out)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(id) if is_id(name) => {
                        out.insert(id.clone());
                    }
                    member => ids(member, out),
                }
            }
        }
        _ => {}
    }
}

fn files(folder: &Path, out: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            ids(&value, out);
        } else {
            let lines = text.lines().map(|line| line.trim_start_matches("data: "));
            let values = lines.filter_map(|line| serde_json::from_str::<Value>(line).ok());
            values.for_each(|value| ids(&value, out));
        }
    }
}

#[test]
fn ordinary_ids_leave_as_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = BTreeSet::new();
    for folder in ["telnyx", "vectara", "agentex", "elizaos", "verdicts"] {
        files(&root.join("tests/fixtures").join(folder), &mut all);
    }
    files(&root.join("assets/demo"), &mut all);
    assert!(all.len() > 500, "only {} ids", all.len());
    // As they are made elsewhere.
    all.extend(
        [
            "01J9ZQ4V7N8M3K2H5T6R1W0XYZ",
            "call_q7Zk2Vx9Lm4Tn8Rb6Yc3Wd5H",
            "toolu_01Hq7Zk2Vx9Lm4Tn8Rb6Yc3W",
            "chatcmpl-AbCdEf0123456789GhIjKlMnOpQr",
            "msg_01XFDUDYJgAACzvnptvVoYEL",
            "run_8Yc3Wd5Hf1Jg0Ps7Qa2Vx9Lm",
            "V1StGXR8_Z5jdHi6B-myT",
            "7n42DGM5Tflk9n8mt7Fhc7",
            "507f1f77bcf86cd799439011",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "4539148803436467",
            "ACTION_STARTED-1784739852767-53244cb1-2b68-4744-aab3-e10f0966cc5c",
        ]
        .map(str::to_owned),
    );
    let redactor = Redactor::new(vec![OWN.into()]);
    let touched: Vec<&String> = all
        .iter()
        .filter(|id| redactor.masking().id(id) != id.as_str())
        .collect();
    assert!(touched.is_empty(), "{touched:?}");
}

#[test]
fn an_id_that_is_a_secret_is_masked_the_same_everywhere() {
    let redactor = Redactor::new(vec![OWN.into()]);
    let mut masking = redactor.masking();
    let github = &secrets()[0].1;
    let ids = [
        OWN.to_owned(),
        format!("task-{OWN}-1"),
        github.clone(),
        secrets()[1].1.clone(),
    ];
    for id in &ids {
        let shown = masking.id(id).into_owned();
        assert!(shown.contains('‹') && !shown.contains(id), "{shown}");
        assert!(!shown.contains(OWN), "{shown}");
        assert_eq!(masking.id(id), shown, "the same again");
    }
    // Where everything is to be seen, the credentials in use are not.
    let mut open = redactor.open().masking();
    assert_eq!(open.id(github), github.as_str());
    assert!(!open.id(OWN).contains(OWN));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_whose_id_is_a_secret_is_copied_without_it_and_not_kept() {
    let server = Server::saying(answer_with_ids).await;
    let home = home(&server);
    for number in [5, 6] {
        let at = format!("sortie:canary/{MISSION}/{RUN}#{number}");
        let mut pty = screen(home.path(), &["open", &at], &[]);
        pty.wait_for("[3] detail");
        settle(&pty);
        for keys in ["yi", "yl", "yp", "yc", "yj", "ym", "yy", "pl", " ", "m"] {
            pty.type_keys(keys);
            settle(&pty);
        }
        leave(&mut pty);
        search(&pty, 4);
    }
    let kept = home.path().join(".state/sortie/kept.jsonl");
    clean(
        &fs::read_to_string(kept).unwrap_or_default(),
        "what is kept",
    );
}
