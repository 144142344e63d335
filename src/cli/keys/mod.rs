//! `sortie keys`: the keys that hold, with where each was written, and what is odd about the person's own
//! file. Asks no service and needs no configuration.

mod sheet;

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    exit::Exit,
    print::{Field, Outlet, json},
};
use crate::{
    app::{
        action::Action,
        key::spell_sequence,
        keymap::{Binding, Keymap, NONE, Origin},
    },
    args::Format,
    config::{
        Warning,
        keys::{self, KeyFault, Note},
    },
    export::table::Table,
    guard::{Redactor, clean},
    source::reason,
};

/// What is asked of the keys.
pub(super) struct Wanted<'a> {
    pub check: bool,
    pub preset: Option<&'a str>,
    pub sheet: bool,
    pub format: Format,
}

/// The key map of a person, and what is wrong with their file.
pub(super) struct Read {
    path: PathBuf,
    map: Keymap,
    faults: Vec<KeyFault>,
    /// Why the file could not be read.
    unread: Option<String>,
}

/// A key, for scripts.
#[derive(Serialize)]
struct KeyRecord<'a> {
    mode: &'static str,
    keys: String,
    /// None where the key was taken away.
    action: Option<&'static str>,
    description: Option<&'static str>,
    /// `built-in`, `preset` or `file`.
    origin: &'static str,
    preset: Option<&'a str>,
    line: Option<usize>,
}

/// Something odd, for scripts.
#[derive(Serialize)]
struct NoteRecord<'a> {
    line: Option<usize>,
    is_fault: bool,
    message: &'a str,
}

impl Read {
    /// With the `keys.toml` beside a configuration; none need be there.
    pub(super) fn beside(config: &Path) -> Self {
        let path = config.with_file_name("keys.toml");
        let mut map = keys::defaults();
        let (faults, unread) = match std::fs::read_to_string(&path) {
            Ok(text) => (keys::merge(&mut map, &text), None),
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => (Vec::new(), None),
            Err(fault) => (Vec::new(), Some(reason(&fault))),
        };
        Self {
            path,
            map,
            faults,
            unread,
        }
    }

    /// The keys that hold.
    pub(super) fn map(&self) -> &Keymap {
        &self.map
    }

    /// What is wrong: lines that do nothing, or that none could be read.
    pub(super) fn faults(&self) -> Vec<Warning> {
        let warning = |line, message: &String| Warning {
            file: self.path.display().to_string(),
            line,
            message: message.clone(),
        };
        let lines = self.faults.iter();
        let lines = lines.map(|fault| warning(Some(fault.line), &fault.what));
        let unread = self.unread.iter().map(|why| warning(None, why));
        lines.chain(unread).collect()
    }

    /// What is wrong or odd, by lines.
    fn notes(&self) -> Vec<Note> {
        let faults = self.faults.iter().map(|fault| Note {
            line: Some(fault.line),
            is_fault: true,
            what: fault.what.clone(),
        });
        let unread = self.unread.iter().map(|why| Note {
            line: None,
            is_fault: true,
            what: why.clone(),
        });
        let before = self.map.preset.and_then(keys::preset);
        let before = before.unwrap_or_else(keys::defaults);
        let mut notes: Vec<Note> = unread.chain(faults).collect();
        notes.extend(keys::check(&before, &self.map));
        notes.sort_by_key(|note| note.line);
        notes
    }
}

pub(super) fn run(wanted: &Wanted<'_>, config: &Path, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    let read = Read::beside(config);
    if wanted.check {
        return check(&read, wanted.format, outlet);
    }
    let preset = wanted.preset.and_then(keys::preset);
    let map = preset.as_ref().unwrap_or(&read.map);
    if wanted.sheet {
        outlet.out.write_all(sheet::sheet(map).as_bytes())?;
    } else if wanted.format == Format::Text {
        let text = table(map).render(outlet.columns, outlet.ascii);
        outlet.out.write_all(text.as_bytes())?;
    } else {
        let items = map.bindings().map(|binding| json(&record(binding)));
        let fields = [("items", Field::Many(items.collect::<io::Result<_>>()?))];
        let mut masking = Redactor::default().masking();
        outlet.records(wanted.format, "sortie.keys/1", &fields, &[], &mut masking)?;
    }
    if preset.is_none() {
        for fault in read.faults() {
            writeln!(outlet.err, "sortie: {}", clean::text(&fault.to_string()))?;
        }
    }
    Ok(Exit::Ok)
}

fn check(read: &Read, format: Format, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    let notes = read.notes();
    let shown = read.path.display();
    if format == Format::Text {
        for note in &notes {
            let told = match note.line {
                Some(line) => format!("{shown}:{line}: {}", note.what),
                None => format!("{shown}: {}", note.what),
            };
            writeln!(outlet.out, "{}", clean::line(&told))?;
        }
        if notes.is_empty() {
            writeln!(
                outlet.out,
                "{}",
                clean::line(&format!("{shown}: nothing odd"))
            )?;
        }
    } else {
        let items = notes.iter().map(|note| {
            json(&NoteRecord {
                line: note.line,
                is_fault: note.is_fault,
                message: &note.what,
            })
        });
        let fields = [("items", Field::Many(items.collect::<io::Result<_>>()?))];
        let mut masking = Redactor::default().masking();
        outlet.records(format, "sortie.key_notes/1", &fields, &[], &mut masking)?;
    }
    let is_wrong = notes.iter().any(|note| note.is_fault);
    Ok(if is_wrong { Exit::Usage } else { Exit::Ok })
}

fn table(map: &Keymap) -> Table {
    let mut table = Table::new(&["SECTION", "KEYS", "ACTION", "FROM", "WHAT IT DOES"]);
    for binding in map.bindings() {
        table.row([
            binding.mode.name().to_owned(),
            spell_sequence(&binding.keys),
            binding.action.map_or(NONE, Action::name).to_owned(),
            from(binding.origin),
            binding.action.map_or("", Action::description).to_owned(),
        ]);
    }
    table
}

fn from(origin: Origin) -> String {
    match origin {
        Origin::BuiltIn => "built in".to_owned(),
        Origin::Preset(name) => format!("preset {name}"),
        Origin::Own(line) => format!("keys.toml:{line}"),
    }
}

fn record(binding: &Binding) -> KeyRecord<'_> {
    let (origin, preset, line) = match binding.origin {
        Origin::BuiltIn => ("built-in", None, None),
        Origin::Preset(name) => ("preset", Some(name), None),
        Origin::Own(line) => ("file", None, Some(line)),
    };
    KeyRecord {
        mode: binding.mode.name(),
        keys: spell_sequence(&binding.keys),
        action: binding.action.map(Action::name),
        description: binding.action.map(Action::description),
        origin,
        preset,
        line,
    }
}
