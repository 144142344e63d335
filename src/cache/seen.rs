//! Which runs and missions were in lists lately, so that a shell can complete their ids without asking anybody:
//! a small file of JSON lines, masked before it is written, for its owner alone, put in place as a whole.
//! What cannot be read or written is as if it had never been seen.

use std::{
    collections::HashMap,
    fs,
    io::{BufWriter, Write as _},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{access, name, state::Key};
use crate::{
    guard::Masking,
    model::{Mission, Run, RunStatus},
};

/// The file.
pub(super) const NAME: &str = "seen.ndjson";
/// So many runs, and so many missions, are remembered; the newest.
const MOST: usize = 1_000;
/// Characters of a title.
const TITLE: usize = 120;
/// Larger files are not ours.
const LONGEST: u64 = 4 * 1024 * 1024;

/// A run or a mission that was in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glance {
    /// The context's name.
    pub context: String,
    /// The mission's id.
    pub mission_id: String,
    /// The run's id; none of a mission.
    pub run_id: Option<String>,
    /// What it is called, masked.
    pub title: String,
    /// The run's state in a word.
    pub status: String,
    /// When it began, in nanoseconds since 1970; 0 where that is not known.
    pub at: i64,
}

/// What one context's lists said while sortie ran.
#[derive(Default)]
pub(super) struct Seen {
    runs: HashMap<Key, Glance>,
}

impl Seen {
    /// A run was in a list, or something is known of it now.
    pub fn hear(&mut self, run: &Run) {
        let key = (run.mission_id.clone(), run.id.clone());
        let known = self.runs.entry(key).or_default();
        if !run.title.is_empty() {
            known.title.clone_from(&run.title);
        }
        if run.status != RunStatus::Unknown || known.status.is_empty() {
            run.status.word().clone_into(&mut known.status);
        }
        known.at = run.started_at.map_or(known.at, |at| at.0);
    }

    /// Writes it beside what was seen before, below that folder.
    pub fn write(
        self,
        below: &Path,
        context: &str,
        missions: &HashMap<String, Mission>,
        mut masking: Masking,
    ) {
        let mut now = Vec::new();
        for ((mission_id, run_id), glance) in self.runs {
            // What is addressed by a secret is not offered to anybody.
            if is_plain(&mission_id, &mut masking) && is_plain(&run_id, &mut masking) {
                now.push(Glance {
                    context: context.to_owned(),
                    mission_id,
                    run_id: Some(run_id),
                    title: cut(&glance.title, &mut masking),
                    ..glance
                });
            }
        }
        for mission in missions.values() {
            if is_plain(&mission.id, &mut masking) {
                let at = mission.updated_at.or(mission.created_at);
                now.push(Glance {
                    context: context.to_owned(),
                    mission_id: mission.id.clone(),
                    title: cut(&mission.name, &mut masking),
                    at: at.map_or(0, |at| at.0),
                    ..Glance::default()
                });
            }
        }
        if now.is_empty() {
            return;
        }
        let is_known = |old: &Glance| now.iter().any(|new| same(new, old));
        let old: Vec<Glance> = read(below)
            .into_iter()
            .filter(|old| !is_known(old))
            .collect();
        now.extend(old);
        // Whoever cannot write it completes less.
        let _ = put(below, now);
    }
}

/// The beginning of the first line of a title, masked.
fn cut(title: &str, masking: &mut Masking) -> String {
    let title = masking.text(title);
    let line = title.lines().next().unwrap_or_default();
    line.chars().take(TITLE).collect()
}

/// Whether an id is none that has to be masked.
fn is_plain(id: &str, masking: &mut Masking) -> bool {
    masking.id(id) == id
}

fn same(one: &Glance, other: &Glance) -> bool {
    one.context == other.context && one.mission_id == other.mission_id && one.run_id == other.run_id
}

fn put(below: &Path, mut all: Vec<Glance>) -> std::io::Result<()> {
    all.sort_by_key(|glance| std::cmp::Reverse(glance.at));
    access::make(below)?;
    let file = tempfile::Builder::new()
        .prefix(name::UNFINISHED)
        .tempfile_in(below)?;
    let mut out = BufWriter::new(file);
    let (mut runs, mut missions) = (0, 0);
    for glance in &all {
        let count = if glance.run_id.is_some() {
            &mut runs
        } else {
            &mut missions
        };
        *count += 1;
        if *count <= MOST {
            serde_json::to_writer(&mut out, glance)?;
            out.write_all(b"\n")?;
        }
    }
    let file = out
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?;
    file.persist(below.join(NAME))
        .map_err(|fault| fault.error)?;
    Ok(())
}

/// What was seen, the newest first.
pub(super) fn read(below: &Path) -> Vec<Glance> {
    let path = below.join(NAME);
    let is_small = fs::metadata(&path).is_ok_and(|told| told.len() <= LONGEST);
    if !is_small || !access::is_own_file(&path) {
        return Vec::new();
    }
    let text = fs::read_to_string(&path).unwrap_or_default();
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::{guard::Redactor, model::Time};

    fn run(id: &str, title: &str, at: i64) -> Run {
        Run {
            id: id.to_owned(),
            mission_id: "m".to_owned(),
            title: title.to_owned(),
            status: RunStatus::Running,
            started_at: Some(Time(at)),
            ..Run::default()
        }
    }

    fn hear(below: &Path, context: &str, runs: &[Run]) {
        let mut seen = Seen::default();
        for run in runs {
            seen.hear(run);
        }
        seen.write(
            below,
            context,
            &HashMap::new(),
            Redactor::default().masking(),
        );
    }

    #[test]
    fn what_was_seen_is_kept_once_the_newest_first_and_masked() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("sortie");
        hear(
            &below,
            "a",
            &[
                run("r1", "first", 1),
                run("r2", "password: hunter2-correct-horse", 3),
            ],
        );
        hear(&below, "b", &[run("r1", "of another", 2)]);
        hear(
            &below,
            "a",
            &[run("r1", "first, renamed", 4), run("r1", "", 4)],
        );
        let seen = read(&below);
        let told: Vec<(&str, &str)> = seen
            .iter()
            .map(|one| (one.context.as_str(), one.title.as_str()))
            .collect();
        assert_eq!(
            (told[0], told[2]),
            (("a", "first, renamed"), ("b", "of another"))
        );
        assert!(
            !seen.iter().any(|one| one.title.contains("hunter2")),
            "{seen:?}"
        );
        assert_eq!(seen.len(), 3);
        let mode = fs::metadata(below.join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(&below).unwrap().count(), 1);
    }

    #[test]
    fn what_is_damaged_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("sortie");
        hear(&below, "a", &[run("r1", "first", 1)]);
        let path = below.join(NAME);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("no json\n{{\"context\":5}}\n{text}")).unwrap();
        assert_eq!(read(&below).len(), 1);
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(read(&below).is_empty());
    }
}
