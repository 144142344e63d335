//! `sortie keys`: the keys that hold, those of the person's own commands too, with where each was written, and
//! what is odd about the person's own files. Asks no service and needs no configuration.

mod own;
mod sheet;

use std::{
    io,
    path::{Path, PathBuf},
};

use own::Own;
use serde::Serialize;

use super::{
    exit::Exit,
    print::{Field, Outlet, json},
};
use crate::{
    app::{
        action::Action,
        custom::{self, Command},
        key::spell_sequence,
        keymap::{Binding, Keymap, Mode, NONE, Origin},
    },
    args::Format,
    config::{
        self, Env, Warning,
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
    /// `built-in`, `preset`, `file`, or `config` for a command.
    origin: &'static str,
    preset: Option<&'a str>,
    line: Option<usize>,
    /// The person's own command that the keys run.
    command: Option<&'a str>,
    /// The command that has the keys in rows and detail.
    taken_by: Option<&'a str>,
}

/// Something odd, for scripts.
#[derive(Serialize)]
struct NoteRecord<'a> {
    file: String,
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

    /// What is wrong or odd about the keys, by lines.
    fn notes(&self, commands: &[Command]) -> Vec<Note> {
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
        notes.extend(keys::check(&before, &self.map, commands));
        notes.sort_by_key(|note| note.line);
        notes
    }
}

pub(super) fn run(
    wanted: &Wanted<'_>,
    flag: Option<&Path>,
    env: &Env<'_>,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let path = flag.map_or_else(|| config::default_path(env), Path::to_path_buf);
    let read = Read::beside(&path);
    let preset = wanted.preset.and_then(keys::preset);
    // A preset is shown as it is.
    let own = if preset.is_some() && !wanted.check {
        Own::default()
    } else {
        Own::read(flag, env, outlet)?
    };
    if wanted.check {
        return check(&read, &own, wanted.format, outlet);
    }
    let map = preset.as_ref().unwrap_or(&read.map);
    if wanted.sheet {
        let mut map = map.clone();
        custom::lay(&own.commands, &mut map);
        let page = sheet::sheet(&map, &own.commands);
        outlet.out.write_all(page.as_bytes())?;
    } else if wanted.format == Format::Text {
        let text = table(map, &own).render(outlet.columns, outlet.ascii);
        outlet.out.write_all(text.as_bytes())?;
    } else {
        let items = map.bindings().map(|binding| record(binding, &own));
        let items = items.chain(own.bound().map(|(mode, own)| of_command(mode, own)));
        let items = items.map(|item| json(&item));
        let fields = [("items", Field::Many(items.collect::<io::Result<_>>()?))];
        let mut masking = Redactor::default().masking();
        outlet.records(wanted.format, "sortie.keys/1", &fields, &[], &mut masking)?;
    }
    if preset.is_none() {
        let own = own.faults.iter().map(ToString::to_string);
        let faults = read.faults();
        let faults = faults.iter().map(ToString::to_string);
        for fault in faults.chain(own) {
            writeln!(outlet.err, "sortie: {}", clean::text(&fault))?;
        }
    }
    Ok(Exit::Ok)
}

fn check(read: &Read, own: &Own, format: Format, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    let of_keys = read.notes(&own.commands).into_iter().map(|note| {
        let odd = Warning {
            file: read.path.display().to_string(),
            line: note.line,
            message: note.what,
        };
        (note.is_fault, odd)
    });
    let notes: Vec<(bool, Warning)> = of_keys.chain(own.notes(&read.map)).collect();
    if format == Format::Text {
        for (_, note) in &notes {
            writeln!(outlet.out, "{}", clean::line(&note.to_string()))?;
        }
        if notes.is_empty() {
            let told = format!("{}: nothing odd", read.path.display());
            writeln!(outlet.out, "{}", clean::line(&told))?;
        }
    } else {
        let items = notes.iter().map(|(is_fault, note)| {
            json(&NoteRecord {
                file: note.file.clone(),
                line: note.line,
                is_fault: *is_fault,
                message: &note.message,
            })
        });
        let fields = [("items", Field::Many(items.collect::<io::Result<_>>()?))];
        let mut masking = Redactor::default().masking();
        outlet.records(format, "sortie.key_notes/1", &fields, &[], &mut masking)?;
    }
    let is_wrong = notes.iter().any(|(is_fault, _)| *is_fault);
    Ok(if is_wrong { Exit::Usage } else { Exit::Ok })
}

fn table(map: &Keymap, own: &Own) -> Table {
    let mut table = Table::new(&["SECTION", "KEYS", "ACTION", "FROM", "WHAT IT DOES"]);
    for binding in map.bindings() {
        let told = binding.action.map_or("", Action::description);
        let taker = own.taker(binding.mode, &binding.keys);
        let told = match taker.filter(|_| binding.action.is_some()) {
            Some(command) if binding.mode == Mode::Global => {
                format!("{told} (tree and detail: runs \"{}\")", command.name)
            }
            Some(command) => format!("Nothing: the command \"{}\" has the key.", command.name),
            None => told.to_owned(),
        };
        table.row([
            binding.mode.name().to_owned(),
            spell_sequence(&binding.keys),
            binding.action.map_or(NONE, Action::name).to_owned(),
            from(binding.origin),
            clean::line(&told).into_owned(),
        ]);
    }
    for (mode, command) in own.bound() {
        table.row([
            mode.name().to_owned(),
            spell_sequence(&command.keys),
            clean::line(&format!("\"{}\"", command.name)).into_owned(),
            format!("config.toml:{}", command.line),
            "Run the command of your own.".to_owned(),
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

fn record<'a>(binding: &'a Binding, own: &'a Own) -> KeyRecord<'a> {
    let (origin, preset, line) = match binding.origin {
        Origin::BuiltIn => ("built-in", None, None),
        Origin::Preset(name) => ("preset", Some(name), None),
        Origin::Own(line) => ("file", None, Some(line)),
    };
    let taker = own.taker(binding.mode, &binding.keys);
    KeyRecord {
        mode: binding.mode.name(),
        keys: spell_sequence(&binding.keys),
        action: binding.action.map(Action::name),
        description: binding.action.map(Action::description),
        origin,
        preset,
        line,
        command: None,
        taken_by: taker.map(|command| command.name.as_str()),
    }
}

fn of_command(mode: Mode, command: &Command) -> KeyRecord<'_> {
    KeyRecord {
        mode: mode.name(),
        keys: spell_sequence(&command.keys),
        action: None,
        description: None,
        origin: "config",
        preset: None,
        line: Some(command.line),
        command: Some(&command.name),
        taken_by: None,
    }
}

#[cfg(test)]
mod tests;
