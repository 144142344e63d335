//! Where a value stands in a JSON text, said so that it holds when white space goes, keys repeat or other
//! values are replaced: for each level, how many values of the container come before it.

use std::ops::Range;

use super::{Scanner, Sort};

/// The place of the value that lies exactly at `span`; the whole text has an empty one. None where no value
/// lies there, or where the text breaks before its end.
pub fn place_of(text: &[u8], span: Range<usize>) -> Option<Vec<u32>> {
    let mut walk = Walk::new(text);
    while let Some(value) = walk.next_value() {
        if value.start > span.start {
            return None;
        }
        if value.start == span.start {
            let place = walk.before.clone();
            return (walk.end_of(value)? == span.end).then_some(place);
        }
        walk.enter(value);
    }
    None
}

/// Where the value of that place lies; none where there is none.
pub fn at_place(text: &[u8], place: &[u32]) -> Option<Range<usize>> {
    let mut walk = Walk::new(text);
    while let Some(value) = walk.next_value() {
        if walk.before == place {
            return Some(value.start..walk.end_of(value)?);
        }
        walk.enter(value);
    }
    None
}

/// A value that begins.
#[derive(Clone, Copy)]
struct Value {
    start: usize,
    end: usize,
    is_container: bool,
}

struct Walk<'a> {
    scanner: Scanner<'a>,
    /// Of each open container, how many values came before the current one.
    before: Vec<u32>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            scanner: Scanner::new(text),
            before: Vec::new(),
        }
    }

    /// The next value that begins. `enter` or `end_of` must follow.
    fn next_value(&mut self) -> Option<Value> {
        loop {
            let token = self.scanner.next()?.ok()?;
            let is_container = match token.sort {
                Sort::Key => continue,
                Sort::Close(_) => {
                    self.before.pop();
                    self.pass();
                    continue;
                }
                Sort::Open(_) => true,
                Sort::String | Sort::Number | Sort::Word => false,
            };
            return Some(Value {
                start: token.start,
                end: token.end,
                is_container,
            });
        }
    }

    /// Goes into a container, or past anything else.
    fn enter(&mut self, value: Value) {
        if value.is_container {
            self.before.push(0);
        } else {
            self.pass();
        }
    }

    fn pass(&mut self) {
        if let Some(count) = self.before.last_mut() {
            *count = count.saturating_add(1);
        }
    }

    fn end_of(&mut self, value: Value) -> Option<usize> {
        if !value.is_container {
            return Some(value.end);
        }
        let mut open = 1_usize;
        while open > 0 {
            let token = self.scanner.next()?.ok()?;
            match token.sort {
                Sort::Open(_) => open += 1,
                Sort::Close(_) => open -= 1,
                Sort::Key | Sort::String | Sort::Number | Sort::Word => {}
            }
            if open == 0 {
                return Some(token.end);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_place_holds_where_keys_repeat_and_blanks_go() {
        let text = br#"{ "a" : 1 , "a" : [ {} , { "b" : "x" } ] , "c" : "x" }"#;
        let tight = br#"{"a":1,"a":[{},{"b":"x"}],"c":"x"}"#;
        for (part, place) in [
            (&br#""x""#[..], &[1, 1, 0][..]),
            (br#"{ "b" : "x" }"#, &[1, 1]),
            (b"1", &[0]),
            (text, &[]),
        ] {
            let start = text.windows(part.len()).position(|at| at == part).unwrap();
            let found = place_of(text, start..start + part.len()).unwrap();
            assert_eq!(found, place);
            assert_eq!(at_place(text, &found), Some(start..start + part.len()));
        }
        assert_eq!(at_place(tight, &[1, 1, 0]), Some(20..23));
        assert_eq!(at_place(tight, &[1, 2]), None);
        assert_eq!(place_of(text, 1..4), None);
        assert_eq!(place_of(text, 0..4), None);
        assert_eq!(place_of(b"[1", 1..2), Some(vec![0]));
        assert_eq!(place_of(b"no json", 0..7), None);
    }

    proptest! {
        #[test]
        fn any_value_is_found_again(texts in proptest::collection::vec(any::<String>(), 1..6), pick in 0..6_usize) {
            let text = serde_json::json!({"n": [1, texts], "z": null}).to_string();
            let place = [0, 1, u32::try_from(pick).unwrap()];
            let found = at_place(text.as_bytes(), &place);
            prop_assert_eq!(found.is_some(), pick < texts.len());
            if let Some(range) = found {
                let told: String = serde_json::from_str(&text[range.clone()]).unwrap();
                prop_assert_eq!(&told, &texts[pick]);
                prop_assert_eq!(place_of(text.as_bytes(), range), Some(place.to_vec()));
            }
        }
    }
}
