//! Where bookmarks and notes are written down: one file of JSON lines that only grows, so that two
//! sorties at once lose nothing of each other. A thread of its own writes, in order, and answers with all
//! that is kept. What could not be written is kept in memory and written with the next change. Named
//! views and filters go the same way to files of their own.

mod drawer;
mod line;

use std::{
    fs::{DirBuilder, File, OpenOptions, Permissions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    sync::mpsc::{Sender, channel},
    thread::{self, JoinHandle},
};

use tokio::sync::mpsc::UnboundedSender;

use crate::app::{
    Msg,
    kept::{Entry, Kept},
    views::Change,
};

use self::drawer::Drawer;

/// The file in the state folder.
const NAME: &str = "kept.jsonl";

/// What is to be written or told.
enum Order {
    Keep(Option<Entry>),
    Change(Option<Change>),
}

/// Takes what is to be kept.
pub struct Shelf {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Shelf {
    /// A shelf in that folder, which answers there. Without a folder nothing outlives this sortie.
    pub fn new(folder: Option<PathBuf>, news: UnboundedSender<Msg>) -> Self {
        let (orders, inbox) = channel::<Order>();
        let thread = thread::spawn(move || {
            let mut drawer = Drawer::new(folder.clone());
            let mut book = Book::new(folder);
            while let Ok(order) = inbox.recv() {
                let told = match order {
                    Order::Keep(entry) => {
                        let fault = entry.and_then(|entry| book.keep(entry));
                        let (kept, unread) = book.all();
                        let kept = Box::new(kept);
                        let fault = fault.or(unread);
                        Msg::Recalled { kept, fault }
                    }
                    Order::Change(change) => match drawer.take(change.as_ref()) {
                        Some(saved) => Msg::Saved(Box::new(saved)),
                        None => continue,
                    },
                };
                // The loop may have ended meanwhile.
                let _ = news.send(told);
            }
            book.write();
        });
        Self {
            orders: Some(orders),
            thread: Some(thread),
        }
    }

    /// Writes something down and tells what is kept.
    pub fn keep(&self, entry: Entry) {
        self.order(Order::Keep(Some(entry)));
    }

    /// Tells what is kept.
    pub fn recall(&self) {
        self.order(Order::Keep(None));
    }

    /// Makes a change to named views and filters, if there is one, and tells what is kept of them.
    pub fn change(&self, change: Option<Change>) {
        self.order(Order::Change(change));
    }

    fn order(&self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(order);
        }
    }
}

impl Drop for Shelf {
    /// Lets what is to be kept reach the disk.
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The file and what it lacks.
struct Book {
    path: Option<PathBuf>,
    /// Written nowhere yet.
    pending: Vec<Entry>,
    /// Whether it was told already that the file cannot be read.
    told: bool,
}

impl Book {
    fn new(folder: Option<PathBuf>) -> Self {
        Self {
            path: folder.map(|folder| folder.join(NAME)),
            pending: Vec::new(),
            told: false,
        }
    }

    /// Writes something down, with what could not be written before; says why it could not.
    fn keep(&mut self, entry: Entry) -> Option<String> {
        self.pending.push(entry);
        let fault = self.write()?;
        let shown = self.path.as_ref().map(|path| path.display().to_string());
        Some(format!(
            "kept only until sortie ends: {}: {fault}; the next bookmark or note tries again",
            shown.unwrap_or_else(|| "there is no state folder".to_owned()),
        ))
    }

    fn write(&mut self) -> Option<io::Error> {
        if self.pending.is_empty() {
            return None;
        }
        let Some(path) = &self.path else {
            return Some(io::Error::other("neither XDG_STATE_HOME nor HOME is set"));
        };
        let lines: String = self.pending.iter().map(line::spell).collect();
        let written = append(path, &lines);
        if written.is_ok() {
            self.pending.clear();
        }
        written.err()
    }

    /// Everything that is kept, and why what is on disk is not among it.
    fn all(&mut self) -> (Kept, Option<String>) {
        let mut kept = Kept::default();
        let read = self.path.as_deref().map_or_else(|| Ok(Vec::new()), read);
        let fault = match read {
            Ok(bytes) => {
                for line in bytes.split(|byte| *byte == b'\n') {
                    match line::read(line) {
                        Some(entry) => kept.take(entry),
                        None if line.trim_ascii().is_empty() => {}
                        None => kept.broken += 1,
                    }
                }
                None
            }
            Err(fault) => Some(fault),
        };
        for entry in &self.pending {
            kept.take(entry.clone());
        }
        let fault = fault.filter(|_| !std::mem::replace(&mut self.told, true));
        let fault = fault.zip(self.path.as_ref()).map(|(fault, path)| {
            let path = path.display();
            format!("the bookmarks and notes in {path} cannot be read: {fault}")
        });
        (kept, fault)
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    match std::fs::read(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read,
    }
}

/// One write for all of it, at the end wherever that is by then; behind a line that was cut off by a full
/// disk it begins with a new one.
fn append(path: &Path, lines: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    let start = if is_cut(&mut file)? { "\n" } else { "" };
    file.write_all(format!("{start}{lines}").as_bytes())?;
    file.sync_data()
}

fn is_cut(file: &mut File) -> io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::kept::{Deed, Spot};
    use crate::model::Time;

    fn entry(event: &str, deed: Deed) -> Entry {
        Entry {
            spot: Spot {
                context: "prod".to_owned(),
                provider: "telnyx".to_owned(),
                mission: "m".to_owned(),
                run: "r".to_owned(),
                room: None,
                event: Some(event.to_owned()),
            },
            title: "pay.refund  402".to_owned(),
            at: Time(1_795_166_597_761_000_000),
            deed,
        }
    }

    fn notes(kept: &Kept) -> Vec<String> {
        let items = kept.items().into_iter();
        let mut notes: Vec<_> = items.map(|item| item.note.clone()).collect();
        notes.sort();
        notes
    }

    fn note(text: &str) -> Deed {
        Deed::Note(text.to_owned())
    }

    #[test]
    fn two_sorties_at_once_lose_nothing_and_nobody_else_reads_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state").join("sortie");
        let mut one = Book::new(Some(folder.clone()));
        let mut other = Book::new(Some(folder.clone()));
        assert_eq!(one.keep(entry("a", note("one"))), None);
        assert_eq!(other.keep(entry("b", note("other"))), None);
        assert_eq!(one.keep(entry("c", Deed::Bookmark(true))), None);
        for book in [&mut one, &mut other] {
            assert_eq!(notes(&book.all().0), ["", "one", "other"]);
        }
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(NAME))), (0o700, 0o600));
    }

    #[test]
    fn a_line_that_was_cut_off_is_counted_and_spoils_no_other() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(NAME);
        let whole = line::spell(&entry("a", note("whole")));
        std::fs::write(&path, format!("{whole}{}", &whole[..40])).unwrap();
        let mut book = Book::new(Some(home.path().to_owned()));
        assert_eq!(book.keep(entry("b", note("next"))), None);
        let (kept, fault) = book.all();
        assert_eq!(
            (notes(&kept), kept.broken, fault),
            (vec!["next".to_owned(), "whole".to_owned()], 1, None)
        );
    }

    #[test]
    fn a_disk_that_takes_nothing_is_told_and_nothing_is_lost() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(
            home.path().join(NAME),
            line::spell(&entry("a", note("old"))),
        )
        .unwrap();
        let mut book = Book::new(Some(home.path().to_owned()));
        // Every write to it fails for want of room.
        book.path = Some(PathBuf::from("/dev/full"));
        let fault = book.keep(entry("b", note("new"))).unwrap();
        assert!(fault.contains("until sortie ends"), "{fault}");
        book.path = Some(home.path().join(NAME));
        assert_eq!(notes(&book.all().0), ["new", "old"]);
        assert_eq!(book.keep(entry("c", note("then"))), None);
        let mut fresh = Book::new(Some(home.path().to_owned()));
        assert_eq!(notes(&fresh.all().0), ["new", "old", "then"]);
    }
}
