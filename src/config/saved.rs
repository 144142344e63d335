//! Named views and the filters that were asked, on disk: two small files of JSON in the state folder, for
//! their owner alone, put in place as a whole. A file is read anew before it is changed, under a lock, so that
//! what another sortie keeps at the same time stays. Views that are not understood stay, and a file that
//! cannot be read is never written over.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use rustix::fs::{FlockOperation, flock};
use serde_json::{Map, Value, json};

use crate::{
    analysis::RunSort,
    app::{
        arrange::{Arrangement, WINDOW, read_window, window_words},
        views::{Change, Saved, View, is_name, remember},
    },
};

const VIEWS: &str = "views.json";
const FILTERS: &str = "filters.json";
/// Whoever has this one may change the others.
const LOCK: &str = "views.lock";

/// What is kept in that folder.
pub fn read_saved(folder: &Path) -> Saved {
    let mut faults = Vec::new();
    let mut read = |name: &str, member: &str| {
        let path = folder.join(name);
        entries(&path, member).unwrap_or_else(|fault| {
            faults.push(format!("{} cannot be read: {fault}", path.display()));
            Vec::new()
        })
    };
    let (views, asked) = (read(VIEWS, "views"), read(FILTERS, "filters"));
    let mut views: Vec<View> = views.iter().filter_map(view).collect();
    views.sort_by(|one, other| one.name.cmp(&other.name));
    views.dedup_by(|one, other| one.name == other.name);
    let asked = asked.iter().filter_map(Value::as_str);
    Saved {
        views,
        asked: asked.map(str::to_owned).collect(),
        fault: (!faults.is_empty()).then(|| faults.join("; ")),
    }
}

/// Makes a change in that folder.
pub fn change_saved(folder: &Path, change: &Change) -> io::Result<()> {
    let (name, member) = match change {
        Change::Save(_) | Change::Remove(_) => (VIEWS, "views"),
        Change::Asked(_) => (FILTERS, "filters"),
    };
    let _locked = lock(folder, LOCK)?;
    let path = folder.join(name);
    let mut kept = entries(&path, member)?;
    let is_called = |entry: &Value, name: &str| {
        let known = entry.get("name").and_then(Value::as_str);
        known == Some(name)
    };
    match change {
        Change::Save(view) => {
            kept.retain(|entry| !is_called(entry, &view.name));
            kept.push(json!({
                "name": view.name,
                "where": view.query,
                "arrangement": view.by.word(),
                "window": window_words(view.window),
                "order": view.order.to_string(),
                "columns": view.columns,
            }));
        }
        Change::Remove(name) => kept.retain(|entry| !is_called(entry, name)),
        Change::Asked(filter) => {
            let known = kept.iter().filter_map(Value::as_str);
            let mut asked: Vec<String> = known.map(str::to_owned).collect();
            remember(&mut asked, filter.clone());
            kept = asked.into_iter().map(Value::String).collect();
        }
    }
    put(folder, name, member, kept)
}

/// What a file lists; nothing where there is none.
fn entries(path: &Path, member: &str) -> io::Result<Vec<Value>> {
    let text = match fs::read(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    if text.trim_ascii().is_empty() {
        // What a machine that lost its power may leave.
        return Ok(Vec::new());
    }
    let mut whole: Map<String, Value> = serde_json::from_slice(&text)?;
    match whole.remove(member) {
        Some(Value::Array(entries)) => Ok(entries),
        None => Ok(Vec::new()),
        Some(_) => Err(io::Error::other(format!("`{member}` is no list"))),
    }
}

fn view(entry: &Value) -> Option<View> {
    let text = |member: &str| entry.get(member).and_then(Value::as_str);
    let name = text("name").filter(|name| is_name(name))?;
    Some(View {
        name: name.to_owned(),
        query: text("where").unwrap_or_default().to_owned(),
        by: text("arrangement")
            .and_then(Arrangement::of_word)
            .unwrap_or_default(),
        window: text("window").and_then(read_window).unwrap_or(WINDOW),
        order: text("order").and_then(RunSort::of_word).unwrap_or_default(),
        columns: text("columns").map(str::to_owned),
    })
}

/// Waits until nobody else changes what is in the folder, for as long as the file is held. Changes take a
/// moment, and where files cannot be locked one goes on without.
pub(super) fn lock(folder: &Path, name: &str) -> io::Result<File> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(0o600);
    let file = options.open(folder.join(name))?;
    let _ = flock(&file, FlockOperation::LockExclusive);
    Ok(file)
}

fn put(folder: &Path, name: &str, member: &str, entries: Vec<Value>) -> io::Result<()> {
    let whole = Map::from_iter([(member.to_owned(), Value::Array(entries))]);
    let file = spelled(folder, &whole)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
}

/// Puts a whole file in place. What is written every second is not waited for until it is on the disk.
pub(super) fn put_whole(folder: &Path, name: &str, whole: &Map<String, Value>) -> io::Result<()> {
    spelled(folder, whole)?.persist(folder.join(name))?;
    Ok(())
}

fn spelled(folder: &Path, whole: &Map<String, Value>) -> io::Result<tempfile::NamedTempFile> {
    // Made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut text = serde_json::to_vec_pretty(whole)?;
    text.push(b'\n');
    file.write_all(&text)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn named(name: &str, query: &str) -> View {
        View {
            name: name.to_owned(),
            query: query.to_owned(),
            by: Arrangement::Inbox,
            window: WINDOW * 7,
            order: RunSort::of_word("-tokens").unwrap(),
            columns: Some("-started +refund:payload.amount".to_owned()),
        }
    }

    #[test]
    fn views_are_read_again_by_their_owner_alone_and_what_is_not_understood_stays() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state").join("sortie");
        assert_eq!(read_saved(&folder), Saved::default());
        for view in [named("oncall", "status:failed"), named("b", "x")] {
            change_saved(&folder, &Change::Save(view)).unwrap();
        }
        let path = folder.join(VIEWS);
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replace("\"views\": [", "\"views\": [{\"later\": true},");
        fs::write(&path, text).unwrap();
        let changed = named("oncall", "status:failed \"é\\\"\" or /re/i");
        change_saved(&folder, &Change::Save(changed.clone())).unwrap();
        assert_eq!(
            read_saved(&folder).views,
            [named("b", "x"), changed.clone()]
        );
        change_saved(&folder, &Change::Remove("b".to_owned())).unwrap();
        assert_eq!(read_saved(&folder).views, [changed]);
        assert!(fs::read_to_string(&path).unwrap().contains("later"));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&path)), (0o700, 0o600));
    }

    #[test]
    fn what_several_keep_at_once_is_all_kept() {
        let home = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for one in ["a", "b", "c", "d"] {
                let folder = home.path();
                scope.spawn(move || {
                    for n in 0..8 {
                        let view = named(&format!("{one}{n}"), "");
                        change_saved(folder, &Change::Save(view)).unwrap();
                    }
                });
            }
        });
        assert_eq!(read_saved(home.path()).views.len(), 32);
    }

    #[test]
    fn a_file_that_cannot_be_read_is_told_and_left_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(VIEWS);
        for broken in ["{\"views\": [", "[]", "{\"views\": {}}", "\u{0}"] {
            fs::write(&path, broken).unwrap();
            let told = read_saved(home.path()).fault.unwrap();
            assert!(told.contains("views.json cannot be read"), "{told}");
            let change = Change::Save(named("a", ""));
            assert!(change_saved(home.path(), &change).is_err());
            assert_eq!(fs::read_to_string(&path).unwrap(), broken);
        }
    }

    #[test]
    fn filters_are_kept_once_each_and_the_oldest_are_forgotten() {
        let home = tempfile::tempdir().unwrap();
        for number in (0..120).chain([50]) {
            let change = Change::Asked(format!("dur:>{number}s"));
            change_saved(home.path(), &change).unwrap();
        }
        let asked = read_saved(home.path()).asked;
        assert_eq!(asked.len(), 100);
        assert_eq!(asked.first().unwrap(), "dur:>20s");
        assert_eq!(asked.last().unwrap(), "dur:>50s");
    }
}
