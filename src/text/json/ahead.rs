//! Reading a text from somewhere in its middle, ahead of whoever reads it from its beginning: which container
//! such a place is in shows by what follows, and once the other reader gets there it is known whether that
//! was so. It only guesses; nothing is taken for true before it is compared.

use super::{Came, Held, Next, Scanner, Shape, Sort, plain::string_end};

/// Tokens that have to be sound for a place to be one to begin at.
const SOUND: usize = 48;
/// Places that are tried.
const TRIED: usize = 256;

impl Held {
    /// A scan behind a value in a container of that shape; of those around it nothing is known.
    pub fn inside(shape: Shape) -> Self {
        let mut held = Self {
            next: Some(Next::CommaOrClose),
            ..Self::default()
        };
        held.levels.push(shape);
        held
    }

    /// Whether it stands behind a value in containers of these shapes, the innermost first.
    pub fn is_inside(&self, shapes: &[Shape]) -> bool {
        let is_behind = self.next == Some(Next::CommaOrClose);
        is_behind && self.levels.are_on_top(shapes)
    }

    /// Goes on where a scan ended that began here and closed so many containers that were open here.
    pub fn go_on(&mut self, closed: usize, later: &Self) {
        for _ in 0..closed {
            self.levels.pop();
        }
        // The first of them is the container that is open here, too.
        for shape in later.levels.iter().skip(1) {
            self.levels.push(shape);
        }
        self.next = match later.next {
            Some(Next::Nothing) if self.levels.len() > 0 => Some(Next::CommaOrClose),
            next => next,
        };
    }
}

impl Scanner<'_> {
    /// Behind the end of the outermost container that is known: it was in one of that shape.
    pub fn be_inside(&mut self, shape: Shape) {
        self.levels.push(shape);
        self.next = Next::CommaOrClose;
    }
}

/// What the container is that a place behind a value is in, by what follows; none where the text does not
/// say.
pub fn shape_around(text: &[u8], at: usize) -> Option<Shape> {
    let at = solid(text, at)?;
    match text.get(at)? {
        b'}' => Some(Shape::Object),
        b']' => Some(Shape::Array),
        b',' => {
            let at = solid(text, at + 1)?;
            if text.get(at)? != &b'"' {
                return Some(Shape::Array);
            }
            let behind = solid(text, string_end(text, at)?)?;
            Some(match text.get(behind)? {
                b':' => Shape::Object,
                _ => Shape::Array,
            })
        }
        _ => None,
    }
}

/// The first place in a part of a text at which a scan may begin, behind a container that another value
/// follows, and what it is in. Text in strings that looks the same seldom does so for long.
pub fn place_to_begin(text: &[u8]) -> Option<(usize, Shape)> {
    let ends = memchr::memchr2_iter(b'}', b']', text).map(|at| at + 1);
    let followed = |at: &usize| solid(text, *at).is_some_and(|at| text.get(at) == Some(&b','));
    let mut places = ends.filter(followed).take(TRIED);
    places.find_map(|at| {
        let shape = shape_around(text, at)?;
        is_sound(text.get(at..)?, shape).then_some((at, shape))
    })
}

fn is_sound(text: &[u8], shape: Shape) -> bool {
    let mut scanner = Scanner::resume(text, Held::inside(shape));
    for _ in 0..SOUND {
        match scanner.come(false) {
            Came::Token(token) => {
                if matches!(token.sort, Sort::Close(_)) && scanner.depth() == 0 {
                    return true;
                }
            }
            Came::More | Came::End => return true,
            Came::Fault(_) => return false,
        }
    }
    true
}

fn solid(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let space = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
    Some(at + rest.iter().position(|b| !space(b))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_tells_the_container() {
        for (text, shape) in [
            (" }", Some(Shape::Object)),
            ("\n]", Some(Shape::Array)),
            (r#", "a\"b" :1"#, Some(Shape::Object)),
            (r#","a","#, Some(Shape::Array)),
            (",1", Some(Shape::Array)),
            (",{", Some(Shape::Array)),
            (r#","a"#, None),
            (r#","a""#, None),
            ("", None),
            (":", None),
        ] {
            assert_eq!(shape_around(text.as_bytes(), 0), shape, "{text}");
        }
    }

    #[test]
    fn places_to_begin_are_not_in_strings() {
        let text = r#"id": "x},{\"a\":1},{\"b\":2}"}, {"c": [1], "d": 2}]"#;
        let at = text.find("}, {").unwrap() + 1;
        assert_eq!(place_to_begin(text.as_bytes()), Some((at, Shape::Array)));
        assert_eq!(place_to_begin(b"1,2,3,4"), None);
    }
}
