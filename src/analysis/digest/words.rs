//! Names that many events of a run share: tools, steps, agents.

use std::{collections::HashMap, sync::Arc};

/// A name's number; 0 is no name.
pub(super) type Word = u32;

/// All names of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, Word>,
}

impl Words {
    pub fn put(&mut self, name: Option<&str>) -> Word {
        let Some(name) = name.filter(|name| !name.is_empty()) else {
            return 0;
        };
        if let Some(known) = self.numbers.get(name) {
            return *known;
        }
        let name: Arc<str> = Arc::from(name);
        self.names.push(Arc::clone(&name));
        let word = u32::try_from(self.names.len()).unwrap_or(0);
        self.numbers.insert(name, word);
        word
    }

    pub fn name(&self, word: Word) -> Option<&str> {
        let at = (word as usize).checked_sub(1)?;
        self.names.get(at).map(AsRef::as_ref)
    }

    pub fn find(&self, name: &str) -> Option<Word> {
        self.numbers.get(name).copied()
    }
}
