//! The way to a value that lies somewhere in a JSON text, without rows: by reading the text up to it.

use super::{
    Form,
    path::{self, Step},
};
use crate::text::json::{Scanner, Sort, unquote};

/// The steps to the value that begins at `at`; none where no value begins there, or where the text breaks
/// before it. Takes time in proportion to what lies before it.
pub fn way_to(text: &[u8], at: usize) -> Option<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    for token in Scanner::new(text) {
        let token = token.ok()?;
        match token.sort {
            Sort::Key => {
                let said = unquote(text.get(token.start..token.end)?).into_owned();
                *steps.last_mut()? = Step::Key(said);
            }
            Sort::Close(_) => {
                steps.pop();
                next(&mut steps);
            }
            _ if token.start == at => return Some(steps),
            _ if token.start > at => return None,
            Sort::Open(_) => steps.push(Step::Index(0)),
            Sort::String | Sort::Number | Sort::Word => next(&mut steps),
        }
    }
    None
}

/// Past a value: what comes behind it in a list has the number behind its own.
fn next(steps: &mut [Step]) {
    if let Some(Step::Index(index)) = steps.last_mut() {
        *index = index.saturating_add(1);
    }
}

/// A way in one of the spellings that ways have; of its end the key. None for spellings of values, and for
/// the key of what has none.
pub fn way_spelled(way: &[Step], form: Form) -> Option<String> {
    Some(match form {
        Form::Dotted => path::dotted(way),
        Form::Bracket => path::bracketed(way),
        Form::Jq => path::jq(way),
        Form::Key => match way.last()? {
            Step::Key(key) => key.clone(),
            Step::Index(index) => index.to_string(),
            Step::Unwrapped => return None,
        },
        Form::Sent | Form::Pretty | Form::Line | Form::Unescaped => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_leads_to_where_the_value_lies() {
        let text = r#"{"a": [1, {"b c": "x"}, []], "a": {"d": null}, "e": [[2], [3, 4]]}"#;
        for (part, dotted, brackets) in [
            (r#"{"a": [1"#, ".", ""),
            (r#""x""#, r#".a[1]["b c"]"#, r#"["a"][1]["b c"]"#),
            ("[]", ".a[2]", r#"["a"][2]"#),
            ("null", ".a.d", r#"["a"]["d"]"#),
            ("4]", ".e[1][1]", r#"["e"][1][1]"#),
        ] {
            let way = way_to(text.as_bytes(), text.find(part).unwrap()).unwrap();
            assert_eq!(way_spelled(&way, Form::Dotted).unwrap(), dotted);
            assert_eq!(way_spelled(&way, Form::Bracket).unwrap(), brackets);
        }
        assert_eq!(way_to(text.as_bytes(), 1), None, "a key is no value");
        assert_eq!(way_to(b"{\"a\" 1}", 5), None);
    }
}
