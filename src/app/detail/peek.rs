//! What a narrow screen shows of the selected node below the tree: the beginning of what is to be read,
//! and of a call both sides, each on one line. Large payloads are not gone through for it.

use crate::{
    doc::Part,
    guard::{clean, redact::Masking, safe_json},
    text::json::{Scanner, Shape, Sort},
};

/// Characters of the peek: more than four lines of a narrow screen.
const PEEK: usize = 1200;
/// A larger payload is not gone through once more for its peek.
const PEEK_FROM: usize = 64 << 10;

/// The two sides of a call, each on one line.
pub(in crate::app) fn sides(body: &[Part], masking: &Masking) -> Vec<(&'static str, String)> {
    let mut sides: Vec<(&'static str, String)> = Vec::new();
    let mut parts: Vec<&Part> = Vec::new();
    let mut label = None;
    let mut take = |label: Option<&'static str>, parts: &mut Vec<&Part>| {
        let mut parts = std::mem::take(parts);
        // What a call says of itself stands in its row; its arguments do not.
        if label == Some("args") && parts.iter().any(|part| matches!(part, Part::Json(..))) {
            parts.retain(|part| matches!(part, Part::Json(..)));
        }
        let parts = parts.into_iter();
        let line = label.and_then(|label| Some((label, peek(parts, &mut masking.clone())?)));
        sides.extend(line.map(|(label, text)| (label, text.replace('\n', "  "))));
    };
    for part in body {
        match part {
            Part::Heading(heading) => {
                let side = match heading {
                    heading if heading.starts_with("request") => Some("args"),
                    heading if heading.starts_with("response") => Some("result"),
                    _ => None,
                };
                if side != label {
                    take(label, &mut parts);
                    label = side;
                }
            }
            Part::Folded(_) => {
                take(label, &mut parts);
                label = None;
            }
            part => parts.push(part),
        }
    }
    take(label, &mut parts);
    sides
}

/// The members of a value each on a line, as the detail has them; what they hold stands behind them. None of
/// what has no members, and of what is no JSON.
fn members(json: &str) -> Option<String> {
    let mut told = String::with_capacity(json.len());
    let (mut depth, mut before) = (0_usize, None);
    for token in Scanner::new(json.as_bytes()) {
        let token = token.ok()?;
        let part = json.get(token.start..token.end)?;
        let is_close = matches!(token.sort, Sort::Close(_));
        depth -= usize::from(is_close);
        let is_whole = depth == 0;
        match (before, token.sort) {
            (None, sort) => (sort == Sort::Open(Shape::Object)).then_some(())?,
            (_, Sort::Close(_)) | (Some(Sort::Open(_)), _) => {}
            (Some(Sort::Key), _) => told.push_str(": "),
            _ => told.push_str(if depth == 1 { "\n" } else { ", " }),
        }
        let name = part.trim_matches('"');
        match token.sort {
            Sort::Open(_) | Sort::Close(_) if is_whole => {}
            Sort::Key if !name.contains('\\') && !name.is_empty() => told.push_str(name),
            _ => told.push_str(part),
        }
        depth += usize::from(matches!(token.sort, Sort::Open(_)));
        before = Some(token.sort);
    }
    (!told.is_empty()).then_some(told)
}

/// The beginning of what is to be read without line breaks, masked and cleaned; what is folded is not.
pub(in crate::app) fn peek<'a>(
    body: impl Iterator<Item = &'a Part>,
    masking: &mut Masking,
) -> Option<String> {
    let mut lines = Vec::new();
    for part in body {
        match part {
            Part::Folded(_) => break,
            Part::Heading(_) | Part::Facts(_) | Part::Note(_) | Part::Fault(_) | Part::Bytes(_) => {
            }
            Part::Far(..) => return None,
            Part::Prose(text) | Part::Text(text, _) if text.len() > PEEK_FROM => return None,
            Part::Prose(text) | Part::Text(text, _) => {
                // Masked before it is cut: half a credential is no longer known for one.
                let masked = masking.text(text);
                let head: String = masked.chars().take(PEEK).collect();
                lines.push(clean::line(&head).into_owned());
            }
            Part::Json(payload, _) if payload.len() > PEEK_FROM => return None,
            Part::Json(payload, secrets) => {
                let masked = masking.json(payload.bytes(), *secrets);
                let whole =
                    safe_json(&masked).unwrap_or_else(|| clean::decode(&masked).into_owned());
                let told = members(&whole).unwrap_or(whole);
                let head: String = told.chars().take(PEEK).collect();
                let told = head.lines().map(|line| clean::line(line).into_owned());
                // What is to be read besides keeps the lines for itself.
                if lines.is_empty() {
                    lines.extend(told);
                } else {
                    lines.push(told.collect::<Vec<_>>().join("  "));
                }
            }
        }
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::members;

    #[test]
    fn members_stand_on_lines_of_their_own_and_what_they_hold_behind_them() {
        let json = r#"{"tool":"pay","error":{"code":402,"at":["a, b",{}]},"":1,"a\"b":null}"#;
        let told = members(json).unwrap();
        let lines: Vec<&str> = told.lines().collect();
        let expected = [
            r#"tool: "pay""#,
            r#"error: {code: 402, at: ["a, b", {}]}"#,
            r#""": 1"#,
            r#""a\"b": null"#,
        ];
        assert_eq!(lines, expected);
        for other in ["{}", "[1]", "7", "{\"a\":", "no json"] {
            assert_eq!(members(other), None, "{other}");
        }
    }
}
