//! The person's own commands, as far as `sortie keys` tells them: their keys, what they take, what is wrong.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::Outlet;
use crate::{
    app::{
        custom::{self, Command},
        key::Key,
        keymap::{Keymap, Mode},
    },
    config::{self, Config, Env, Warning},
    guard::clean,
};

/// The person's own commands, and what is wrong with their keys.
#[derive(Default)]
pub(super) struct Own {
    pub path: PathBuf,
    pub commands: Vec<Command>,
    pub faults: Vec<Warning>,
}

impl Own {
    /// Of the configuration; why it could not be read is told.
    pub fn read(flag: Option<&Path>, env: &Env<'_>, outlet: &mut Outlet<'_>) -> io::Result<Self> {
        let mut loaded = match Config::load(flag, env) {
            Ok(loaded) => loaded,
            Err(fault) => {
                writeln!(outlet.err, "sortie: {}", clean::text(&fault.to_string()))?;
                return Ok(Self::default());
            }
        };
        loaded.warnings.retain(config::commands::is_about_keys);
        Ok(Self {
            path: loaded.config.path.clone(),
            commands: loaded.config.commands.clone(),
            faults: loaded.warnings,
        })
    }

    /// The command that has keys in a section, or somewhere in it.
    pub fn taker(&self, mode: Mode, keys: &[Key]) -> Option<&Command> {
        let here = mode == Mode::Global || custom::MODES.contains(&mode);
        let mut all = self.commands.iter().filter(|_| here);
        all.find(|command| !command.keys.is_empty() && keys.starts_with(&command.keys))
    }

    /// Each command that has keys, where they hold.
    pub fn bound(&self) -> impl Iterator<Item = (Mode, &Command)> {
        let bound = self.commands.iter().filter(|own| !own.keys.is_empty());
        bound.flat_map(|own| custom::MODES.map(|mode| (mode, own)))
    }

    /// What is wrong or odd about their keys.
    pub fn notes(&self, map: &Keymap) -> Vec<(bool, Warning)> {
        let faults = self.faults.iter().map(|fault| (true, fault.clone()));
        let shown = self.path.display().to_string();
        let taken = config::commands::conflicts(&self.commands, map, &shown);
        let mut notes: Vec<_> = faults
            .chain(taken.into_iter().map(|odd| (false, odd)))
            .collect();
        notes.sort_by_key(|(_, note)| note.line);
        notes
    }
}
