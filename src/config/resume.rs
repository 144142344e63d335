//! Where one was, on disk: one small file of JSON in the state folder, for its owner alone, put in place as
//! a whole. It is read anew before it is changed, under a lock, so that what another sortie kept of other runs
//! stays; where both were, the later counts. What a newer sortie wrote is let be; a file that is damaged is set
//! aside under another name before a new one takes its place.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::saved::{lock, put_whole};
use crate::{
    app::{
        arrange::{read_window, window_words},
        kept::Spot,
        resume::{Position, Session, same},
        shares::{ScreenMode, Splits},
    },
    model::{Look, Time},
};

const FILE: &str = "resume.json";
const LOCK: &str = "resume.lock";
/// What this sortie writes and understands.
const VERSION: u64 = 1;
/// How much room the pane with the keys has, in words.
const MODES: [(ScreenMode, &str); 3] = [
    (ScreenMode::Normal, "normal"),
    (ScreenMode::Half, "half"),
    (ScreenMode::Full, "full"),
];
/// Runs of which something is kept, the ones looked at last.
const RUNS: usize = 500;

/// What is kept in that folder, and why it could not be read, in a sentence.
pub fn read_session(folder: &Path) -> (Session, Option<String>) {
    let path = folder.join(FILE);
    let shown = path.display();
    match read(&path) {
        Ok(whole) => (session(&whole), None),
        Err(Unread::Newer) => (
            Session::default(),
            Some(format!(
                "{shown} is of a newer sortie: nothing of it is taken up, and it is let be"
            )),
        ),
        Err(Unread::Damaged(why)) => (
            Session::default(),
            Some(format!(
                "{shown} cannot be read ({why}): nothing of it is taken up, and it will be set aside"
            )),
        ),
        Err(Unread::Absent(why)) => (
            Session::default(),
            Some(format!("{shown} cannot be read: {why}")),
        ),
    }
}

/// Keeps a session in that folder, with what is kept there of other runs.
pub fn keep_session(folder: &Path, session: &Session) -> io::Result<()> {
    let _locked = lock(folder, LOCK)?;
    let path = folder.join(FILE);
    let mut whole = match read(&path) {
        Ok(whole) => whole,
        Err(Unread::Newer) => return Ok(()),
        Err(Unread::Damaged(_)) => {
            fs::rename(&path, aside(&path))?;
            Map::new()
        }
        Err(Unread::Absent(why)) => return Err(io::Error::other(why)),
    };
    whole.insert("version".to_owned(), VERSION.into());
    let mut position = member(&mut whole, "position");
    tell_position(&mut position, &session.position);
    whole.insert("position".to_owned(), position.into());
    let mut runs = match whole.remove("runs") {
        Some(Value::Array(runs)) => runs,
        _ => Vec::new(),
    };
    for (spot, look) in &session.runs {
        let known = runs
            .iter()
            .position(|entry| spot_of(entry).is_some_and(|other| same(&other, spot)));
        let mut entry = match known.map(|at| runs.remove(at)) {
            Some(Value::Object(entry)) => entry,
            _ => Map::new(),
        };
        tell_spot(&mut entry, spot);
        tell_look(&mut entry, look);
        entry.insert("at".to_owned(), time(session.at));
        runs.push(Value::Object(entry));
    }
    let over = runs.len().saturating_sub(RUNS);
    runs.drain(..over);
    whole.insert("runs".to_owned(), Value::Array(runs));
    put_whole(folder, FILE, &whole)
}

/// Why the file is not read.
enum Unread {
    /// It has a later version.
    Newer,
    /// It is not what any sortie writes.
    Damaged(String),
    /// It may be fine, but cannot be had.
    Absent(String),
}

fn aside(path: &Path) -> PathBuf {
    path.with_extension("json.damaged")
}

/// What the file says; nothing where there is none.
fn read(path: &Path) -> Result<Map<String, Value>, Unread> {
    let text = match fs::read(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(Map::new()),
        Err(fault) => return Err(Unread::Absent(crate::source::reason(&fault))),
        Ok(text) => text,
    };
    if text.trim_ascii().is_empty() {
        // What a machine that lost its power may leave.
        return Ok(Map::new());
    }
    let whole: Map<String, Value> =
        serde_json::from_slice(&text).map_err(|fault| Unread::Damaged(fault.to_string()))?;
    match whole.get("version").and_then(Value::as_u64) {
        Some(VERSION) => Ok(whole),
        Some(later) if later > VERSION => Err(Unread::Newer),
        _ => Err(Unread::Damaged("it has no version".to_owned())),
    }
}

fn session(whole: &Map<String, Value>) -> Session {
    let position = whole.get("position").cloned().unwrap_or_default();
    let runs = whole.get("runs").and_then(Value::as_array);
    let runs = runs.into_iter().flatten();
    Session {
        position: Position {
            screen: position.get("screen").and_then(spot_of),
            row: position.get("row").and_then(spot_of),
            filter: text(&position, "filter").unwrap_or_default(),
            only_failures: flag(&position, "only_failures"),
            window: text(&position, "window").as_deref().and_then(read_window),
            splits: splits_of(&position),
            theme: text(&position, "theme"),
        },
        runs: runs
            .filter_map(|entry| Some((spot_of(entry)?, look_of(entry))))
            .collect(),
        ..Session::default()
    }
}

fn splits_of(position: &Value) -> Splits {
    let splits = position.get("splits").cloned().unwrap_or_default();
    let part = |name: &str| {
        let part = splits.get(name)?.as_u64()?;
        u16::try_from(part).ok()
    };
    let said = text(&splits, "mode").unwrap_or_default();
    let mode = MODES.into_iter().find(|(_, word)| *word == said);
    Splits {
        two: part("two"),
        list: part("list"),
        detail: part("detail"),
        portrait: part("portrait"),
        peek: part("peek"),
        mode: mode.map(|(mode, _)| mode).unwrap_or_default(),
    }
}

fn text(entry: &Value, name: &str) -> Option<String> {
    entry.get(name)?.as_str().map(str::to_owned)
}

fn flag(entry: &Value, name: &str) -> bool {
    entry.get(name).and_then(Value::as_bool).unwrap_or_default()
}

fn texts(entry: &Value, name: &str) -> Vec<String> {
    let list = entry.get(name).and_then(Value::as_array);
    let list = list.into_iter().flatten();
    list.filter_map(|id| id.as_str().map(str::to_owned))
        .collect()
}

fn spot_of(entry: &Value) -> Option<Spot> {
    Some(Spot {
        context: text(entry, "context")?,
        provider: text(entry, "provider")?,
        mission: text(entry, "mission").unwrap_or_default(),
        run: text(entry, "run").unwrap_or_default(),
        room: text(entry, "room"),
        event: None,
    })
}

fn look_of(entry: &Value) -> Look {
    Look {
        mission: text(entry, "mission"),
        run: text(entry, "run"),
        cursor: text(entry, "cursor"),
        on_silence: flag(entry, "on_silence"),
        step: text(entry, "step"),
        child: text(entry, "child"),
        folded: texts(entry, "folded"),
        unfolded: texts(entry, "unfolded"),
        ..Look::default()
    }
}

/// Takes out a member that is an object; an empty one where it is none.
fn member(whole: &mut Map<String, Value>, name: &str) -> Map<String, Value> {
    match whole.remove(name) {
        Some(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

fn tell_position(members: &mut Map<String, Value>, position: &Position) {
    for (name, spot) in [("screen", &position.screen), ("row", &position.row)] {
        let mut known = member(members, name);
        if let Some(spot) = spot {
            tell_spot(&mut known, spot);
            members.insert(name.to_owned(), known.into());
        }
    }
    let window = position.window.map(window_words);
    members.insert("filter".to_owned(), position.filter.clone().into());
    members.insert("only_failures".to_owned(), position.only_failures.into());
    members.insert("window".to_owned(), window.into());
    members.insert("theme".to_owned(), position.theme.clone().into());
    let mut splits = member(members, "splits");
    tell_splits(&mut splits, position.splits);
    members.insert("splits".to_owned(), splits.into());
}

fn tell_splits(members: &mut Map<String, Value>, splits: Splits) {
    for (name, part) in [
        ("two", splits.two),
        ("list", splits.list),
        ("detail", splits.detail),
        ("portrait", splits.portrait),
        ("peek", splits.peek),
    ] {
        members.insert(name.to_owned(), part.into());
    }
    let mode = MODES.into_iter().find(|(mode, _)| *mode == splits.mode);
    members.insert("mode".to_owned(), mode.map(|(_, word)| word).into());
}

fn tell_spot(members: &mut Map<String, Value>, spot: &Spot) {
    for (name, id) in [
        ("context", Some(&spot.context)),
        ("provider", Some(&spot.provider)),
        ("mission", Some(&spot.mission)),
        ("run", Some(&spot.run)),
        ("room", spot.room.as_ref()),
    ] {
        members.insert(name.to_owned(), id.cloned().into());
    }
}

fn tell_look(members: &mut Map<String, Value>, look: &Look) {
    for (name, id) in [
        ("cursor", &look.cursor),
        ("step", &look.step),
        ("child", &look.child),
    ] {
        members.insert(name.to_owned(), id.clone().into());
    }
    members.insert("on_silence".to_owned(), look.on_silence.into());
    members.insert("folded".to_owned(), look.folded.clone().into());
    members.insert("unfolded".to_owned(), look.unfolded.clone().into());
}

fn time(at: Time) -> Value {
    let at = Timestamp::from_nanosecond(i128::from(at.0));
    at.map(|at| at.to_string()).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn spot(run: &str) -> Spot {
        Spot {
            context: "prod".to_owned(),
            provider: "telnyx".to_owned(),
            mission: "m".to_owned(),
            run: run.to_owned(),
            ..Spot::default()
        }
    }

    fn seen(run: &str, cursor: &str) -> (Spot, Look) {
        let look = Look {
            mission: Some("m".to_owned()),
            run: Some(run.to_owned()),
            cursor: Some(cursor.to_owned()),
            folded: vec!["s1".to_owned()],
            ..Look::default()
        };
        (spot(run), look)
    }

    fn told(screen: &str, runs: Vec<(Spot, Look)>) -> Session {
        Session {
            position: Position {
                screen: Some(spot(screen)),
                filter: "status:failed".to_owned(),
                window: Some(std::time::Duration::from_hours(7 * 24)),
                theme: Some("dark".to_owned()),
                splits: Splits {
                    two: Some(40),
                    mode: ScreenMode::Half,
                    ..Splits::default()
                },
                ..Position::default()
            },
            runs,
            at: Time(1_795_166_597_000_000_000),
        }
    }

    #[test]
    fn what_is_kept_is_read_again_by_its_owner_alone_and_what_is_not_understood_stays() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state").join("sortie");
        assert_eq!(read_session(&folder), (Session::default(), None));
        keep_session(&folder, &told("a", vec![seen("a", "e1"), seen("b", "e2")])).unwrap();
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replacen("\"cursor\"", "\"later\": [1], \"cursor\"", 1);
        let text = text.replacen("\"filter\"", "\"paths\": 3, \"filter\"", 1);
        fs::write(&path, text).unwrap();
        keep_session(&folder, &told("b", vec![seen("a", "e9")])).unwrap();
        let (session, fault) = read_session(&folder);
        assert_eq!(fault, None);
        assert_eq!(session.position, told("b", Vec::new()).position);
        assert_eq!(session.runs, [seen("b", "e2"), seen("a", "e9")]);
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("\"later\"") && text.contains("\"paths\""),
            "{text}"
        );
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&path)), (0o700, 0o600));
    }

    #[test]
    fn several_at_once_keep_the_runs_of_all_and_the_oldest_are_forgotten() {
        let home = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for one in ["a", "b", "c"] {
                let folder = home.path();
                scope.spawn(move || {
                    for n in 0..8 {
                        let run = format!("{one}{n}");
                        keep_session(folder, &told(&run, vec![seen(&run, "e")])).unwrap();
                    }
                });
            }
        });
        assert_eq!(read_session(home.path()).0.runs.len(), 24);
        let many = (0..490).map(|n| seen(&format!("r{n}"), "e")).collect();
        keep_session(home.path(), &told("r", many)).unwrap();
        let runs = read_session(home.path()).0.runs;
        assert_eq!((runs.len(), runs.last()), (500, Some(&seen("r489", "e"))));
    }

    #[test]
    fn a_newer_file_is_let_be_and_a_damaged_one_is_set_aside() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(FILE);
        let newer = "{\"version\": 2, \"runs\": {}}";
        fs::write(&path, newer).unwrap();
        let (session, fault) = read_session(home.path());
        assert_eq!(session, Session::default());
        assert!(fault.unwrap().contains("of a newer sortie"));
        keep_session(home.path(), &told("a", Vec::new())).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), newer);
        for damaged in ["{\"version\": 1, \"ru", "[]", "{}", "\u{0}"] {
            fs::write(&path, damaged).unwrap();
            let fault = read_session(home.path()).1.unwrap();
            assert!(fault.contains("resume.json cannot be read"), "{fault}");
            keep_session(home.path(), &told("a", Vec::new())).unwrap();
            assert_eq!(fs::read_to_string(aside(&path)).unwrap(), damaged);
            let (session, fault) = read_session(home.path());
            assert_eq!(session.position.screen, Some(spot("a")));
            assert_eq!(fault, None);
        }
    }
}
