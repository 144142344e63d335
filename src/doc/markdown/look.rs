//! Whether text that nobody called markdown is: only with signs of different kinds that hardly anything
//! else has. Logs, JSON, differences, traces and settings have single ones of them.

/// Lines that are looked at.
const LINES: usize = 400;
const LONGEST: usize = 64 << 10;

/// What was seen of each kind of sign.
#[derive(Default)]
struct Signs {
    headings: usize,
    items: usize,
    quotes: usize,
    fences: usize,
    tables: usize,
    inline: usize,
    /// Lines that are code, settings or a log.
    others: usize,
    lines: usize,
}

/// Whether a text looks like markdown.
pub fn looks_like_markdown(text: &str) -> bool {
    let head = text.get(..super::floor(text, LONGEST)).unwrap_or(text);
    let first = head.trim_start();
    if first.starts_with(['{', '<']) || (first.starts_with('[') && !first.contains("](")) {
        return false;
    }
    let mut signs = Signs::default();
    let mut fenced = false;
    let mut before = "";
    for line in head.lines().take(LINES) {
        let trimmed = line.trim();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
            signs.fences += 1;
        } else if !fenced && !trimmed.is_empty() {
            if is_forbidden(line) {
                return false;
            }
            signs.line(trimmed, before);
        }
        before = trimmed;
    }
    signs.decide()
}

impl Signs {
    fn line(&mut self, line: &str, before: &str) {
        self.lines += 1;
        if is_heading(line) {
            self.headings += 1;
        } else if let Some(item) = item(line) {
            self.items += 1;
            self.others += usize::from(is_setting(item) && !has_inline(item));
        } else if line.starts_with("> ") {
            self.quotes += 1;
        } else if is_rule_of_table(line) && before.contains('|') {
            self.tables += 1;
        } else if is_setting(line) || is_log(line) || line.ends_with([';', '{', '}']) {
            self.others += 1;
        }
        self.inline += usize::from(has_inline(line));
    }

    fn decide(&self) -> bool {
        if self.others * 3 > self.lines {
            return false;
        }
        let closed = self.fences >= 2;
        let kinds = [
            self.headings > 0,
            self.items > 1,
            self.quotes > 0,
            self.inline > 0,
            closed,
            closed,
            self.tables > 0,
            self.tables > 0,
        ];
        kinds.iter().filter(|seen| **seen).count() >= 2
    }
}

fn is_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    (1..=6).contains(&level) && text.starts_with(' ') && text.trim().len() > 1
}

/// What an item of a list says.
fn item(line: &str) -> Option<&str> {
    let bullet = ["- ", "* ", "+ "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark));
    if bullet.is_some() {
        return bullet;
    }
    let text = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - text.len();
    (1..=3)
        .contains(&digits)
        .then(|| text.strip_prefix(". ").or(text.strip_prefix(") ")))?
}

fn is_rule_of_table(line: &str) -> bool {
    line.contains('|')
        && line.contains("--")
        && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// A pair of marks around words, or a link.
fn has_inline(line: &str) -> bool {
    let pair = |mark: &str| {
        let mut parts = line.split(mark);
        parts.next();
        let inner = parts.next();
        parts.next().is_some() && inner.is_some_and(|text| !text.is_empty() && text == text.trim())
    };
    pair("**") || line.contains("](http") || (pair("`") && !line.contains("```"))
}

/// `name: value` or `name = value` with a name that is one word.
fn is_setting(line: &str) -> bool {
    let end = line.find([':', '=', ' ']).unwrap_or(0);
    let (name, rest) = line.split_at(end);
    let plain =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.');
    !name.is_empty()
        && name.chars().all(plain)
        && (rest.starts_with(':') && !rest.starts_with("://") || rest.trim_start().starts_with('='))
}

/// A line that begins with a time or a level.
fn is_log(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let time = matches!(
        (digits, line.as_bytes().get(digits)),
        (4, Some(b'-' | b'/')) | (2, Some(b':'))
    );
    let line = line.trim_start_matches('[');
    let level = ["INFO", "WARN", "ERROR", "DEBUG", "TRACE", "FATAL"];
    time || level.iter().any(|level| line.starts_with(level))
}

/// A line that no markdown has, and a difference or trace has.
fn is_forbidden(line: &str) -> bool {
    line.starts_with("diff --git ")
        || line.starts_with("@@ -")
        || line.starts_with("--- a/")
        || line.starts_with("+++ b/")
        || line.starts_with("Traceback (most")
        || line.starts_with("#!")
        || line.contains('\u{1B}')
        || (line.starts_with([' ', '\t'])
            && line.trim_start().starts_with("at ")
            && line.ends_with(')'))
}
