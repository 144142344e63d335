//! How much of what is labelled a secret is masked, and how much of what is masked is one. The labels and
//! how they were made are described beside them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells its figures"
)]

use std::{fmt, fs, path::Path, sync::Arc};

use secrecy::SecretString;
use sortie::guard::{MaskJson, MaskText, Masking, Redactor, Rules, Sort, edits::applied};

/// A text with what is secret in it.
#[derive(serde::Deserialize)]
struct Row {
    class: String,
    why: String,
    text: String,
    secrets: Vec<String>,
}

fn rows(file: &str) -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/secrets");
    let text = fs::read_to_string(path.join(file))
        .unwrap()
        .replace('¦', "");
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// What masking did to a set.
#[derive(Default)]
struct Figures {
    known: (usize, usize),
    entropy: (usize, usize),
    /// Places masked that hold a secret, and all of them.
    right: (usize, usize),
    missed: Vec<String>,
    wrong: Vec<String>,
}

impl Figures {
    fn of(rows: &[Row]) -> Self {
        let mut figures = Self::default();
        for row in rows {
            figures.add(row);
        }
        figures
    }

    fn add(&mut self, row: &Row) {
        let mut masking = Redactor::default().masking();
        let shown = masking.json(row.text.as_bytes(), Sort::Any).into_owned();
        let shown = String::from_utf8(shown).unwrap();
        let class = if row.class == "entropy" {
            &mut self.entropy
        } else {
            &mut self.known
        };
        let mut hidden = 0;
        for secret in &row.secrets {
            let is_hidden = !shown.contains(secret.as_str());
            hidden += usize::from(is_hidden);
            class.1 += 1;
            if !is_hidden {
                self.missed.push(format!("{}: {}", row.why, row.text));
            }
        }
        class.0 += hidden;
        // a secret may stand in a text twice, or take two places
        let more = masking.masked().saturating_sub(row.secrets.len());
        if more > 0 {
            self.wrong
                .push(format!("{}: {}\n   -> {shown}", row.why, row.text));
        }
        self.right.0 += masking.masked() - more;
        self.right.1 += masking.masked();
    }
}

fn share((part, all): (usize, usize)) -> f64 {
    let count = |n: usize| f64::from(u32::try_from(n).unwrap());
    if all == 0 {
        1.0
    } else {
        count(part) / count(all)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |name: &str, of: (usize, usize)| {
            writeln!(
                f,
                "  {name:<24} {:>4} of {:>4}  {:.3}",
                of.0,
                of.1,
                share(of)
            )
        };
        line("recall, known formats", self.known)?;
        line("recall, entropy alone", self.entropy)?;
        line("precision", self.right)
    }
}

#[test]
fn what_is_a_secret_is_masked_and_little_else() {
    let all: Vec<Row> = rows("known.jsonl")
        .into_iter()
        .chain(rows("innocent.jsonl"))
        .chain(rows("later.jsonl"))
        .collect();
    let figures = Figures::of(&all);
    println!("own labels, {} texts\n{figures}", all.len());
    assert!(figures.known.1 + figures.entropy.1 >= 150);
    assert!(all.iter().filter(|row| row.class == "innocent").count() >= 300);
    let told = || format!("{:#?}\n{:#?}", figures.missed, figures.wrong);
    assert_eq!(figures.known.0, figures.known.1, "{}", told());
    assert!(share(figures.entropy) >= 0.9, "{}", told());
    assert!(share(figures.right) >= 0.95, "{}", told());
}

/// Reported, never asserted: nobody is to be tempted to make a rule for a line of it.
#[test]
fn labels_by_somebody_who_has_not_seen_the_rules() {
    let all = rows("blind.jsonl");
    println!("blind labels, {} texts\n{}", all.len(), Figures::of(&all));
}

/// A text as it is masked window by window.
fn in_windows(text: &[u8], window: usize, mut run: impl FnMut(&[u8], bool) -> usize) {
    let (mut at, mut size) = (0, window);
    while at < text.len() {
        let end = (at + size).min(text.len());
        let next = run(text.get(at..end).unwrap(), end == text.len());
        size = if next > at { window } else { 2 * size };
        at = next;
    }
}

fn open(redactor: &Redactor) -> Masking {
    redactor.masking()
}

#[test]
fn no_window_shows_what_another_hides() {
    let redactor = Redactor::default();
    let filler = "nothing of note happened here, step by step\n".repeat(60);
    for row in rows("known.jsonl") {
        let text = format!("{filler}{}\n{filler}", row.text);
        let record = serde_json::json!([filler, { "n": 1, "text": row.text }, filler]).to_string();
        // a secret that is cut is known where its text ends, and with that nothing ends here
        let whole = open(&redactor)
            .json(text.as_bytes(), Sort::Any)
            .into_owned();
        let whole = String::from_utf8(whole).unwrap();
        let secrets = row
            .secrets
            .iter()
            .filter(|secret| !whole.contains(secret.as_str()));
        let secrets: Vec<&String> = secrets.collect();
        for window in [700, 1500, 4096, 1 << 20] {
            let (mut mask, mut masking, mut edits) =
                (MaskText::default(), open(&redactor), Vec::new());
            in_windows(text.as_bytes(), window, |part, is_last| {
                mask.run(&mut masking, part, is_last, &mut edits);
                mask.at()
            });
            let shown = applied(text.as_bytes(), 0, &edits);
            let (mut mask, mut edits) = (MaskJson::new(Sort::Any), Vec::new());
            in_windows(record.as_bytes(), window, |part, is_last| {
                mask.run(&mut masking, part, is_last, &mut edits);
                mask.at()
            });
            let said = applied(record.as_bytes(), 0, &edits);
            for secret in &secrets {
                for shown in [&shown, &said] {
                    let shown = String::from_utf8_lossy(shown);
                    assert!(
                        !shown.contains(secret.as_str()),
                        "{window} {}: {}",
                        row.why,
                        row.text
                    );
                }
            }
        }
    }
}

#[test]
fn the_credentials_in_use_are_masked_in_every_text_even_where_all_else_is_shown() {
    let own = [
        "KEY0000demo0000demo",
        "hunter2-and-more",
        "c0rrect\"horse/battery",
    ];
    let redactor = Redactor::new(own.iter().map(|key| SecretString::from(*key)).collect());
    for redactor in [redactor.clone(), redactor.open()] {
        for row in rows("innocent.jsonl")
            .into_iter()
            .chain(rows("known.jsonl"))
        {
            for key in own {
                let plain = format!("{}{key} {}", row.text, row.text);
                let record =
                    serde_json::json!({ "a": [plain], key: 1, "b": { "c": plain } }).to_string();
                let spelt = serde_json::to_string(key).unwrap();
                let spelt = spelt.trim_matches('"');
                let shown = open(&redactor).text(&plain).into_owned();
                assert!(!shown.contains(key), "{shown}");
                let shown = open(&redactor)
                    .json(record.as_bytes(), Sort::Any)
                    .into_owned();
                let shown = String::from_utf8(shown).unwrap();
                assert!(!shown.contains(key) && !shown.contains(spelt), "{shown}");
            }
        }
    }
}

#[test]
fn the_same_secret_has_the_same_placeholder_wherever_it_stands() {
    let key = ["ghp_", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].concat();
    let sent = serde_json::json!({
        "headers": { "Authorization": format!("Bearer {key}") },
        "log": format!("pushed with {key}\nand \"{key}\""),
        "arguments": serde_json::json!({ "cmd": format!("GH_TOKEN={key} gh pr list") }).to_string(),
        "other": 7,
    });
    let mut masking = Redactor::default().masking();
    let shown = masking
        .json(sent.to_string().as_bytes(), Sort::Any)
        .into_owned();
    let shown = String::from_utf8(shown).unwrap();
    assert!(!shown.contains(&key), "{shown}");
    assert_eq!(shown.matches("‹Authorization#1›").count(), 4, "{shown}");
    assert!(!shown.contains("#2"), "{shown}");
    serde_json::from_str::<serde_json::Value>(&shown).unwrap();
}

#[test]
fn rules_are_switched_off_and_added_and_values_and_keys_let_through() {
    let mut rules = Rules::default();
    assert!(rules.switch_off("card-number") && !rules.switch_off("card-nubmer"));
    rules.allow_value("hunter2");
    rules.allow_key("session_token");
    rules.add("badge", "EMP-[0-9]{6}").unwrap();
    assert!(rules.add("broken", "EMP-[0-9").is_err());
    let redactor = Redactor::default().with(Arc::new(rules));
    let sent = r#"{"note":"EMP-123456, 4111 1111 1111 1111, password=hunter2 DB_PASSWORD=hunter3","session_token":"s-12345"}"#;
    let shown = open(&redactor)
        .json(sent.as_bytes(), Sort::Any)
        .into_owned();
    assert_eq!(
        String::from_utf8(shown).unwrap(),
        r#"{"note":"‹badge#1›, 4111 1111 1111 1111, password=hunter2 DB_PASSWORD=‹DB_PASSWORD#2›","session_token":"s-12345"}"#
    );
}
