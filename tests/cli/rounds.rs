//! What was opened leaves again as it came, in each form that opens again.

use std::{fs, io::Read as _, path::Path};

use flate2::read::GzDecoder;

use crate::home::{Home, SERVICES, fine, lines};

/// What is written, without when.
fn told(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut text = String::new();
    GzDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .unwrap();
    let at = text.find("\"made_at\":\"").unwrap() + 11;
    let end = at + text[at..].find('"').unwrap();
    text.replace_range(at..end, "");
    text.into_bytes()
}

/// Exports a run of a file, opens what came out and exports that again, in each form.
fn round(home: &Home, from: &str, id: &str) {
    for form in ["json", "jsonl", "bundle"] {
        let mut source = from.to_owned();
        let mut written: Vec<Vec<u8>> = Vec::new();
        for nth in 0..2 {
            let to = home.path(&format!("round-{nth}.{form}"));
            let line = format!(
                "{source}export {id} --format {form} --force --output {}",
                to.display()
            );
            fine(home.program(&line).output().unwrap());
            written.push(told(&to));
            source = format!("--from {} ", to.display());
        }
        let [first, second] = written.try_into().unwrap();
        let at = first.iter().zip(&second).position(|(a, b)| a != b);
        let near = |text: &[u8]| {
            let at = at.unwrap_or(first.len().min(second.len()));
            let part = &text[at.saturating_sub(200).min(text.len())..(at + 200).min(text.len())];
            String::from_utf8_lossy(part).into_owned()
        };
        assert!(
            first == second,
            "{from}{id} as {form}:\n{}\n---\n{}",
            near(&first),
            near(&second)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_opened_leaves_again_byte_for_byte() {
    let home = Home::new();
    for (service, _) in SERVICES {
        let runs = home.ended(service);
        // Some with plans, with failures and with what their lists leave out.
        for id in runs.iter().take(3) {
            round(&home, "", id);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn captured_replies_leave_again_byte_for_byte() {
    let home = Home::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for path in [
        "telnyx/events.json",
        "telnyx/every_type.json",
        "vectara/events.json",
        "agentex/messages.json",
        "elizaos/run.json",
        "elizaos/events.json",
    ] {
        let from = format!("--from {} ", fixtures.join(path).display());
        let listed = home.bare(&format!("{from}runs -o jsonl")).output().unwrap();
        let runs = lines(&listed.stdout);
        round(&home, &from, runs[0]["id"].as_str().unwrap());
    }
}
