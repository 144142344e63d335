//! From the parser's events to rows. Tones are flat: code within a link within a heading is code.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{cleaned, push, table::Table};
use crate::{
    doc::{Tone, row::RowText},
    guard::clean,
    text::width,
};

/// Events of a text at most: tables are filled up with cells that nobody wrote.
const EVENTS: usize = 1 << 20;
/// Columns of an address that are shown.
const ADDRESS: usize = 300;

pub(super) struct Render {
    columns: usize,
    rows: Vec<RowText>,
    /// The text of the row being made, not cleaned yet.
    spans: Vec<(Tone, String)>,
    levels: Vec<Level>,
    /// Tones that are on, the last one shows.
    tones: Vec<Tone>,
    /// Where links and images go that are open, and where their text begins.
    links: Vec<Link>,
    code: bool,
    table: Option<Table>,
}

enum Level {
    Quote,
    /// The number of the next item, if they have numbers.
    List(Option<u64>),
    /// What stands before its first row, and its columns.
    Item(Option<String>, usize),
}

struct Link {
    to: String,
    text: String,
}

impl Render {
    pub fn new(columns: usize) -> Self {
        Self {
            columns,
            rows: Vec::new(),
            spans: Vec::new(),
            levels: Vec::new(),
            tones: Vec::new(),
            links: Vec::new(),
            code: false,
            table: None,
        }
    }

    /// All rows; none where there is too much to render.
    pub fn run(mut self, text: &str) -> Option<Vec<RowText>> {
        let options =
            Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
        for (nth, event) in Parser::new_ext(text, options).enumerate() {
            if nth > EVENTS {
                return None;
            }
            match event {
                Event::Start(tag) => self.start(tag),
                Event::End(tag) => self.end(tag),
                Event::Html(text) => self.lines(&text),
                Event::Code(text) | Event::InlineHtml(text) => self.text(&text, Tone::Code),
                Event::Text(text)
                | Event::InlineMath(text)
                | Event::DisplayMath(text)
                | Event::FootnoteReference(text) => self.words(&text),
                Event::SoftBreak => self.text(" ", self.tone()),
                Event::HardBreak if self.table.is_some() => self.text(" ", Tone::Prose),
                Event::HardBreak => self.flush(),
                Event::Rule => {
                    self.gap();
                    let rule = "─".repeat(self.columns.min(40));
                    self.text(&rule, Tone::Punct);
                    self.flush();
                }
                Event::TaskListMarker(done) => self.task(done),
            }
        }
        self.flush();
        Some(self.rows)
    }

    fn tone(&self) -> Tone {
        let quoted = self
            .levels
            .iter()
            .any(|level| matches!(level, Level::Quote));
        let plain = if quoted { Tone::Quote } else { Tone::Prose };
        self.tones.last().copied().unwrap_or(plain)
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Paragraph | Tag::HtmlBlock => self.gap(),
            Tag::Heading { level, .. } => {
                self.gap();
                self.text(marks(level), Tone::Punct);
                self.tones.push(Tone::Strong);
            }
            Tag::BlockQuote(_) => {
                self.gap();
                self.levels.push(Level::Quote);
            }
            Tag::CodeBlock(kind) => {
                self.gap();
                if let CodeBlockKind::Fenced(language) = kind
                    && !language.trim().is_empty()
                {
                    self.text(language.trim(), Tone::Note);
                    self.flush();
                }
                self.code = true;
            }
            Tag::List(first) => {
                if self.levels.is_empty() {
                    self.gap();
                }
                self.flush();
                self.levels.push(Level::List(first));
            }
            Tag::Item => self.item(),
            Tag::Table(sides) => {
                self.gap();
                self.table = Some(Table::new(sides));
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.row();
                }
            }
            Tag::Emphasis | Tag::Superscript | Tag::Subscript => self.tones.push(Tone::Emphasis),
            Tag::Strong => self.tones.push(Tone::Strong),
            Tag::Strikethrough => {
                self.text("~~", Tone::Punct);
                self.tones.push(self.tone());
            }
            Tag::Link { dest_url, .. } => self.link(&dest_url),
            Tag::Image { dest_url, .. } => {
                self.text("image: ", Tone::Note);
                self.link(&dest_url);
            }
            Tag::TableCell
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.tones.pop();
                self.flush();
            }
            TagEnd::CodeBlock => self.code = false,
            TagEnd::BlockQuote(_) | TagEnd::List(_) => {
                self.flush();
                self.levels.pop();
            }
            TagEnd::Item => {
                // an item without text has its mark all the same
                if matches!(self.levels.last(), Some(Level::Item(Some(_), _))) {
                    self.text("", Tone::Prose);
                }
                self.flush();
                self.levels.pop();
            }
            TagEnd::TableCell => {
                let spans = self.taken();
                if let Some(table) = &mut self.table {
                    table.cell(spans);
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    let (prefix, wide) = self.prefix();
                    for spans in table.rows(self.columns.saturating_sub(wide)) {
                        self.put(&prefix, wide, spans);
                    }
                }
            }
            TagEnd::Emphasis | TagEnd::Superscript | TagEnd::Subscript | TagEnd::Strong => {
                self.tones.pop();
            }
            TagEnd::Strikethrough => {
                self.tones.pop();
                self.text("~~", Tone::Punct);
            }
            TagEnd::Link | TagEnd::Image => self.unlink(),
            TagEnd::TableHead | TagEnd::TableRow => {}
            TagEnd::Paragraph
            | TagEnd::HtmlBlock
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => self.flush(),
        }
    }

    fn item(&mut self) {
        self.flush();
        let mark = match self.levels.last_mut() {
            Some(Level::List(Some(number))) => {
                let mark = format!("{number}. ");
                *number = number.saturating_add(1);
                mark
            }
            _ => "• ".to_owned(),
        };
        let wide = width::width(&mark);
        self.levels.push(Level::Item(Some(mark), wide));
    }

    fn task(&mut self, done: bool) {
        if let Some(Level::Item(Some(mark), wide)) = self.levels.last_mut() {
            mark.push_str(if done { "[x] " } else { "[ ] " });
            *wide += 4;
        }
    }

    fn link(&mut self, to: &str) {
        self.tones.push(Tone::Link);
        self.links.push(Link {
            to: to.to_owned(),
            text: String::new(),
        });
    }

    /// Says where a link goes, unless its text does.
    fn unlink(&mut self) {
        self.tones.pop();
        let Some(link) = self.links.pop() else {
            return;
        };
        let said = link.text.trim();
        if link.to.is_empty() || said == link.to || link.to.strip_prefix("mailto:") == Some(said) {
            return;
        }
        let to = cleaned(&link.to);
        let to = width::fit(&to, ADDRESS);
        self.text(&format!(" ({to})"), Tone::Note);
    }

    /// Adds text to the row being made.
    fn text(&mut self, text: &str, tone: Tone) {
        for link in &mut self.links {
            link.text.push_str(text);
        }
        match self.spans.last_mut() {
            Some((last, before)) if *last == tone => before.push_str(text),
            _ => self.spans.push((tone, text.to_owned())),
        }
    }

    /// Text of a paragraph or of a block of code.
    fn words(&mut self, text: &str) {
        if self.code {
            self.lines(text);
        } else {
            self.text(text, self.tone());
        }
    }

    /// Adds lines of code, which stay as they are.
    fn lines(&mut self, text: &str) {
        self.flush();
        let (mut prefix, mut wide) = self.prefix();
        if self.code {
            prefix.push_str("  ");
            wide += 2;
        }
        for line in text.lines() {
            let line = clean::columns(line, 0).into_owned();
            self.put(&prefix, wide, vec![(Tone::Code, line)]);
            prefix = self.prefix().0 + if self.code { "  " } else { "" };
        }
    }

    /// The cleaned text of the row being made.
    fn taken(&mut self) -> Vec<(Tone, String)> {
        let clean = |(tone, text): (Tone, String)| (tone, cleaned(&text).into_owned());
        self.spans.drain(..).map(clean).collect()
    }

    /// Ends the row being made.
    fn flush(&mut self) {
        if self.spans.is_empty() || self.table.is_some() {
            return;
        }
        let (prefix, wide) = self.prefix();
        let spans = self.taken();
        self.put(&prefix, wide, spans);
    }

    fn put(&mut self, prefix: &str, wide: usize, mut spans: Vec<(Tone, String)>) {
        for level in &mut self.levels {
            if let Level::Item(mark, _) = level {
                *mark = None;
            }
        }
        let columns = u16::try_from(wide).unwrap_or(0);
        let bare = prefix.trim().is_empty();
        if !bare {
            spans.insert(0, (Tone::Punct, prefix.to_owned()));
        }
        let row = RowText {
            indent: if bare { columns } else { 0 },
            hang: if bare { 0 } else { columns },
            spans,
            ..RowText::default()
        };
        push(row, &mut self.rows);
    }

    /// What stands before the next row, and its columns: a third of the pane at most.
    fn prefix(&self) -> (String, usize) {
        let mut prefix = String::new();
        for level in &self.levels {
            match level {
                Level::Quote => prefix.push_str("│ "),
                Level::List(_) => {}
                Level::Item(Some(mark), _) => prefix.push_str(mark),
                Level::Item(None, wide) => prefix.extend(std::iter::repeat_n(' ', *wide)),
            }
        }
        let over = prefix.chars().count().saturating_sub(self.columns / 3);
        if over > 0 {
            prefix = prefix.chars().skip(over).collect();
        }
        let wide = width::width(&prefix);
        (prefix, wide)
    }

    /// Parts a block from the one before, unless it is the first one of an item.
    fn gap(&mut self) {
        self.flush();
        let begins = matches!(self.levels.last(), Some(Level::Item(Some(_), _)));
        if !begins && self.rows.last().is_some_and(|row| !row.is_empty()) {
            self.rows.push(RowText::default());
        }
    }
}

fn marks(level: HeadingLevel) -> &'static str {
    match level {
        HeadingLevel::H1 => "# ",
        HeadingLevel::H2 => "## ",
        HeadingLevel::H3 => "### ",
        HeadingLevel::H4 => "#### ",
        HeadingLevel::H5 => "##### ",
        HeadingLevel::H6 => "###### ",
    }
}
