//! Tool calls and single operations in full: what was asked and what came back, each as it was sent but
//! masked, laid out where it is JSON, also where the JSON comes inside a string.

use super::{
    course::Course,
    grid::arguments,
    one::section,
    pretty::pretty,
    record::Home,
    rows::Clock,
    spell::{offset, repeats},
    table::{Table, cut_lines, facts},
    text::{Sheet, ascii},
};
use crate::{
    analysis::{
        Call, OpKind, Operation, Rule,
        spelling::{pair, span},
    },
    guard::{Sort, clean},
    model::{Event, Kind, Run},
    text::json::unquote,
};

impl Sheet<'_> {
    /// Every tool call of a run with its arguments, its result and what became of it.
    pub(super) fn calls(&mut self, course: &Course<'_>, at: Clock) -> String {
        let mut out = String::new();
        for operation in course.operations() {
            if operation.kind != OpKind::Tool {
                continue;
            }
            if !out.is_empty() {
                out.push('\n');
            }
            self.call(course, &operation, at, &mut out);
        }
        out
    }

    /// Calls as a table, with their arguments on one line.
    pub fn call_table(&mut self, calls: &[Call]) -> String {
        let several = calls.windows(2).any(|two| match two {
            [one, other] => one.run != other.run,
            _ => false,
        });
        let mut table = Table::new(&["RUN", "#>", "VERDICT", "TOOL", "DUR>", "STEP", "ARGUMENTS"]);
        for call in calls {
            let arguments = arguments(call, self.masking).unwrap_or_default();
            let run = if several {
                self.line(&call.run)
            } else {
                String::new()
            };
            let number = call.number.map(|number| number.to_string());
            table.row([
                run,
                number.unwrap_or_default(),
                call.verdict.word().to_owned(),
                self.line(&call.tool),
                call.took.map(span).unwrap_or_default(),
                self.line(&call.step),
                ascii(&clean::line(&arguments), self.ascii).into_owned(),
            ]);
        }
        table.render(self.columns, self.ascii)
    }

    fn call(&mut self, course: &Course<'_>, operation: &Operation, at: Clock, out: &mut String) {
        let title = course.headline(operation).title;
        let tokens = operation.tokens.and_then(|tokens| tokens.sum());
        let parts = [
            course.name(operation.node),
            offset(at.origin, operation.at()),
            operation.verdict.word().to_owned(),
            title,
            pair(operation.why, self.ascii).to_owned(),
            operation.took.map(span).unwrap_or_default(),
            tokens
                .map(|sum| format!("{sum} tokens"))
                .unwrap_or_default(),
        ];
        let parts: Vec<&str> = parts
            .iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        let line = self.line(&parts.join("  "));
        out.push_str(&cut_lines(&format!("{line}\n"), self.columns));
        let list = [
            ("  reason", self.why_failed(course, operation)),
            ("  recovered by", self.recovered_by(course, operation)),
            ("  repeats", self.repeated(operation)),
        ];
        out.push_str(&cut_lines(&facts(&list), self.columns));
        for (name, event) in course.sides(operation) {
            self.part(name, event, out);
        }
    }

    fn part(&mut self, name: &str, event: Option<&Event>, out: &mut String) {
        let Some(event) = event else {
            return;
        };
        let text = match event.body {
            Some(body) => self.value(event.raw.part(body)),
            None if event.content.is_some() => "(not fetched)".to_owned(),
            None => "(nothing)".to_owned(),
        };
        let mut indented = format!("  {name}\n");
        for line in text.lines() {
            indented.push_str(format!("    {line}").trim_end());
            indented.push('\n');
        }
        out.push_str(&cut_lines(&indented, self.columns));
    }

    /// A JSON value laid out; text as text, and JSON in a string as what it is.
    pub(super) fn value(&mut self, bytes: &[u8]) -> String {
        if !bytes.starts_with(b"\"") {
            let masked = self.masking.json(bytes, Sort::Any);
            let text = pretty(&masked).unwrap_or_else(|| clean::bytes(&masked));
            return ascii(&text, self.ascii).into_owned();
        }
        let text = unquote(bytes);
        if text.trim_start().starts_with(['{', '[']) {
            let masked = self.masking.json(text.as_bytes(), Sort::Any);
            if let Some(text) = pretty(&masked) {
                return ascii(&text, self.ascii).into_owned();
            }
        }
        self.text(&text)
    }

    /// An operation with all its events.
    pub fn operation(
        &mut self,
        home: Home<'_>,
        run: &Run,
        course: &Course<'_>,
        operation: &Operation,
    ) -> String {
        let head = course.headline(operation);
        let why = operation.why.words();
        let early = if operation.early {
            "(result before its call)"
        } else {
            ""
        };
        let sure = operation.why.confidence().word();
        let pairing = [pair(operation.why, self.ascii), sure, why, early]
            .into_iter()
            .filter(|part| !part.is_empty());
        let numbers = operation.events.iter().map(|node| course.name(*node));
        let step = operation.step.as_deref().unwrap_or_default();
        let within = operation.parent.map(|node| course.name(node));
        let list = [
            ("operation", numbers.collect::<Vec<_>>().join(" ")),
            ("kind", operation.kind.word().to_owned()),
            ("title", self.line(&head.title)),
            ("summary", self.line(&head.summary)),
            ("verdict", operation.verdict.word().to_owned()),
            ("rule", operation.rule.map_or("", Rule::word).to_owned()),
            ("reason", self.why_failed(course, operation)),
            ("recovered by", self.recovered_by(course, operation)),
            (
                "pairing",
                match why {
                    "" => String::new(),
                    _ => pairing.collect::<Vec<_>>().join(" "),
                },
            ),
            ("started", self.instant(operation.started)),
            ("ended", self.instant(operation.ended)),
            ("dur", operation.took.map(span).unwrap_or_default()),
            ("repeats", self.repeated(operation)),
            ("step", self.line(step)),
            ("within", self.line(&within.unwrap_or_default())),
        ];
        let mut out = cut_lines(&facts(&list), self.columns);
        for node in &operation.events {
            let Some(event) = course.event(*node) else {
                continue;
            };
            let name = match event.kind {
                Kind::ToolCall => "call",
                Kind::ToolResult => "result",
                other => other.word(),
            };
            let text = self.event(home, run, course.number(*node), event);
            section(name, &text, &mut out);
        }
        out
    }

    fn why_failed(&mut self, course: &Course<'_>, operation: &Operation) -> String {
        let reason = course.reason(operation).unwrap_or_default();
        self.line(&reason)
    }

    fn recovered_by(&mut self, course: &Course<'_>, operation: &Operation) -> String {
        let by = operation.recovered_by.map(|node| course.name(node));
        self.line(&by.unwrap_or_default())
    }

    fn repeated(&mut self, operation: &Operation) -> String {
        let repeat = operation.repeat.as_ref().map(repeats);
        self.line(&repeat.unwrap_or_default())
    }
}
