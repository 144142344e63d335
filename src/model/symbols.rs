//! Words that many records share (tool names, agents, step ids, types), kept once each.

use std::{collections::HashMap, sync::Arc};

/// A word's number. The default is "no word".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Symbol(u32);

/// All words met so far.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    words: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, Symbol>,
}

impl Symbols {
    /// The symbol of a word; new words get the next number.
    pub fn put(&mut self, word: Option<&str>) -> Symbol {
        let Some(word) = word else {
            return Symbol::default();
        };
        if let Some(known) = self.numbers.get(word) {
            return *known;
        }
        let word: Arc<str> = Arc::from(word);
        self.words.push(Arc::clone(&word));
        // Four billion distinct words would fill the memory long before this could overflow.
        let symbol = Symbol(u32::try_from(self.words.len()).unwrap_or(0));
        self.numbers.insert(word, symbol);
        symbol
    }

    /// The word of a symbol.
    pub fn word(&self, symbol: Symbol) -> Option<&str> {
        let index = (symbol.0 as usize).checked_sub(1)?;
        self.words.get(index).map(AsRef::as_ref)
    }
}
