//! Named views and filters, written down one change after the other. What cannot be written stays in memory
//! and is tried again with the next change.

use std::{io, path::PathBuf};

use crate::{
    app::views::{Change, Saved},
    config::{change_saved, read_saved},
};

/// The files of named views and filters.
pub(super) struct Drawer {
    folder: Option<PathBuf>,
    /// Changes to views that are written nowhere yet.
    pending: Vec<Change>,
}

impl Drawer {
    /// Of that folder; without one nothing outlives this sortie.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            pending: Vec::new(),
        }
    }

    /// Makes a change, with those that could not be written before, and says what is there then, where there
    /// is anything to say. Filters that were asked are told only to whoever asks for all: the screen knows its
    /// own, and loses nothing before it ends where they cannot be written.
    pub fn take(&mut self, change: Option<&Change>) -> Option<Saved> {
        let of_view = change.filter(|change| named(change).is_some());
        if let Some(change) = of_view {
            self.pending.retain(|old| named(old) != named(change));
        }
        let asked = change.filter(|change| named(change).is_none());
        let pending = std::mem::take(&mut self.pending);
        let mut written = Ok(());
        for change in pending.iter().chain(of_view).chain(asked) {
            if let Err(why) = self.write(change) {
                written = Err(why);
                if named(change).is_some() {
                    self.pending.push(change.clone());
                }
            }
        }
        let what = match (&written, change) {
            (Err(_), Some(Change::Save(view))) => {
                format!("view {} is kept only until sortie ends", view.name)
            }
            (Err(_), Some(Change::Remove(name))) => {
                format!("view {name} is gone only until sortie ends")
            }
            (Err(_), Some(Change::Asked(_))) => return None,
            (Ok(()), _) | (Err(_), None) => return self.saved(change.is_none()),
        };
        let why = written.err()?;
        Some(Saved {
            fault: Some(format!("{what}: {why}")),
            ..Saved::default()
        })
    }

    fn write(&self, change: &Change) -> io::Result<()> {
        let none = || io::Error::other("neither XDG_STATE_HOME nor HOME is set");
        change_saved(self.folder.as_deref().ok_or_else(none)?, change)
    }

    /// What is on disk, with what could not be written.
    fn saved(&self, whole: bool) -> Option<Saved> {
        let mut saved = read_saved(self.folder.as_deref()?);
        for change in &self.pending {
            saved
                .views
                .retain(|view| Some(&*view.name) != named(change));
            if let Change::Save(view) = change {
                saved.views.push(view.clone());
            }
        }
        saved.views.sort_by(|one, other| one.name.cmp(&other.name));
        if !whole {
            saved.asked = Vec::new();
        }
        Some(saved)
    }
}

/// The view that a change is about.
fn named(change: &Change) -> Option<&str> {
    match change {
        Change::Save(view) => Some(&view.name),
        Change::Remove(name) => Some(name),
        Change::Asked(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::RunSort,
        app::{arrange::Arrangement, views::View},
    };

    #[test]
    fn a_view_that_cannot_be_written_stays_until_it_can() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state");
        std::fs::write(&folder, "in the way").unwrap();
        let mut drawer = Drawer::new(Some(folder.clone()));
        let view = View {
            name: "oncall".to_owned(),
            query: "status:failed".to_owned(),
            by: Arrangement::Inbox,
            window: std::time::Duration::from_hours(1),
            order: RunSort::default(),
            columns: None,
        };
        let told = drawer.take(Some(&Change::Save(view.clone()))).unwrap();
        let fault = told.fault.unwrap();
        assert!(fault.starts_with("view oncall is kept only until sortie ends: "));
        assert!(told.views.is_empty());
        std::fs::remove_file(&folder).unwrap();
        let asked = Change::Asked("tool:x".to_owned());
        let told = drawer.take(Some(&asked)).unwrap();
        assert_eq!((told.views, told.fault), (vec![view.clone()], None));
        assert_eq!(read_saved(&folder).views, [view]);
    }
}
