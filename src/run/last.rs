//! What one start of the screen tells the next: a small file in the state folder, for its owner alone,
//! put in place as a whole. What cannot be read or written is as if it had never been kept.

use std::{
    fs::{self, DirBuilder},
    io::Write as _,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use crate::{
    analysis::RunSort,
    app::{arrange::Arrangement, msg::Memory},
    model::Time,
};

/// The lists that have columns, as the file calls them.
const COLUMNS: [&str; 2] = ["runs", "events"];

/// The file.
#[derive(Clone)]
pub(super) struct Last {
    path: PathBuf,
    /// What is to be written, until somebody has written it.
    next: Arc<Mutex<Option<Memory>>>,
    /// Held by whoever writes.
    turn: Arc<Mutex<()>>,
}

impl Last {
    /// `screen.json` in that folder.
    pub fn below(folder: &Path) -> Self {
        Self {
            path: folder.join("screen.json"),
            next: Arc::default(),
            turn: Arc::default(),
        }
    }

    /// What was kept last.
    pub fn read(&self) -> Memory {
        let text = fs::read(&self.path).unwrap_or_default();
        let kept: Value = serde_json::from_slice(&text).unwrap_or_default();
        let word = kept.get("arrangement").and_then(Value::as_str);
        let order = kept.get("order").and_then(Value::as_str);
        let visited = kept.get("causes_seen").and_then(Value::as_str);
        let visited = visited.and_then(|text| text.parse::<Timestamp>().ok());
        Memory {
            by: word.and_then(Arrangement::of_word).unwrap_or_default(),
            order: order.and_then(RunSort::of_word).unwrap_or_default(),
            columns: COLUMNS.map(|name| {
                let columns = kept.get("columns")?.get(name)?.as_str();
                columns.map(str::to_owned)
            }),
            visited: visited.and_then(|at| i64::try_from(at.as_nanosecond()).ok().map(Time)),
        }
    }

    fn slot(&self) -> MutexGuard<'_, Option<Memory>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps this, soon: nobody waits for it.
    pub fn write(&self, memory: Memory) {
        if self.slot().replace(memory).is_some() {
            // Somebody is about to write, and takes the latest.
            return;
        }
        let last = self.clone();
        spawn_blocking(move || {
            // Two at once would not know who is last.
            let _turn = last.turn.lock().unwrap_or_else(PoisonError::into_inner);
            let next = last.slot().take();
            if let Some(memory) = next {
                let _ = put(&last.path, &memory);
            }
        });
    }
}

fn put(path: &Path, memory: &Memory) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let visited = memory
        .visited
        .and_then(|at| Timestamp::from_nanosecond(i128::from(at.0)).ok())
        .map(|at| at.to_string());
    let columns = COLUMNS.into_iter().zip(memory.columns.clone());
    let columns: Value = columns.collect();
    let text = json!({
        "arrangement": memory.by.word(),
        "order": memory.order.to_string(),
        "columns": columns,
        "causes_seen": visited,
    });
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{text}")?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_kept_is_read_again_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let kept = Last::below(&state.join("sortie"));
        assert_eq!(kept.read(), Memory::default());
        let memory = Memory {
            by: Arrangement::Causes,
            order: RunSort::of_word("-tokens").unwrap(),
            columns: [Some("+refund:payload.amount".to_owned()), None],
            visited: Some(Time(1_795_166_597_000_000_000)),
        };
        put(&kept.path, &memory).unwrap();
        put(&kept.path, &memory).unwrap();
        assert_eq!(kept.read(), memory);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&kept.path), 0o600);
        assert_eq!(mode(kept.path.parent().unwrap()), 0o700);
        fs::write(&kept.path, "[1, {").unwrap();
        assert_eq!(kept.read(), Memory::default());
    }
}
