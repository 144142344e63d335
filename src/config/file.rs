//! Reads `config.toml` line by line, as it were: a key that is unknown or whose value is wrong is
//! noted with its line and skipped, and the rest holds. Nothing is looked up here: no variable, no
//! file, no command.

use std::{path::Path, time::Duration};

use jiff::tz::TimeZone;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Broken, Context, Load, Start, Zone, columns, commands, copy,
    duration::parse_duration,
    fields::{Fields, named_context},
    mask, mend, notify,
    notify::Notify,
    rules, tools,
    warning::{Warning, Warnings, suggestion},
};
use crate::{
    analysis::rules::Switches, app::columns::Sets, app::custom::Command, export::curl::Tool,
    guard::Rules as Masks, term::copy::Wishes,
};

/// What a file says.
pub(super) struct FromFile {
    pub(super) contexts: Vec<Context>,
    pub(super) broken: Vec<Broken>,
    /// Services that the file has a context of, usable or not.
    pub(super) providers: Vec<&'static str>,
    pub(super) load: Load,
    pub(super) rules: Switches,
    pub(super) mask: Masks,
    pub(super) zone: Zone,
    pub(super) start: Option<Start>,
    pub(super) mouse: Option<bool>,
    pub(super) resume: Option<bool>,
    pub(super) title: Option<bool>,
    pub(super) hyperlinks: Option<bool>,
    pub(super) window: Option<Duration>,
    pub(super) read_on_above: Option<u64>,
    pub(super) cache: Option<u64>,
    pub(super) columns: Sets,
    /// The theme's name, and the line that has it.
    pub(super) theme: Option<(String, usize)>,
    /// The views that it names, with the lines that have them.
    pub(super) views: Vec<(String, usize)>,
    pub(super) commands: Vec<Command>,
    pub(super) copy: Wishes,
    pub(super) tools: Vec<Tool>,
    pub(super) notify: Notify,
    pub(super) warnings: Vec<Warning>,
}

/// What paths in the file are relative to.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    /// `~`.
    pub(super) home: &'a Path,
    /// The folder of the file.
    pub(super) folder: &'a Path,
}

pub(crate) const TOP: [&str; 19] = [
    "start",
    "theme",
    "mouse",
    "resume",
    "title",
    "hyperlinks",
    "commands",
    "inbox",
    "columns",
    "load",
    "cache",
    "detail",
    "time",
    "rules",
    "copy",
    "tools",
    "mask",
    "notify",
    "contexts",
];

/// Reads `text`, the content of `file`.
pub(super) fn read(file: &str, text: &str, places: Places<'_>) -> FromFile {
    let mut warnings = Warnings::of(file, text);
    let (text, taken) = mend::mended(text);
    for line in taken {
        warnings.add(line.at, format!("not TOML: {}", line.message));
    }
    let (root, faults) = DeTable::parse_recoverable(&text);
    for fault in faults {
        let at = fault.span().map_or(0, |span| span.start);
        warnings.add(at, format!("not TOML: {}", fault.message().trim()));
    }
    let mut found = FromFile {
        contexts: Vec::new(),
        broken: Vec::new(),
        providers: Vec::new(),
        load: Load::default(),
        rules: Switches::default(),
        mask: Masks::default(),
        zone: Zone::default(),
        start: None,
        mouse: None,
        resume: None,
        title: None,
        hyperlinks: None,
        window: None,
        read_on_above: None,
        cache: None,
        columns: Sets::default(),
        theme: None,
        views: Vec::new(),
        commands: Vec::new(),
        copy: Wishes::default(),
        tools: Vec::new(),
        notify: Notify::default(),
        warnings: Vec::new(),
    };
    for (key, value) in in_order(root.get_ref()) {
        let at = key.span().start;
        match key.get_ref().as_ref() {
            "start" => {
                found.start = start(value, &mut warnings);
                if let Some(Start::View(name)) = &found.start {
                    let line = warnings.line(value.span().start);
                    found.views.push((name.clone(), line));
                }
            }
            "mouse" => found.mouse = switch(value, "mouse", &mut warnings),
            "resume" => found.resume = switch(value, "resume", &mut warnings),
            "title" => found.title = switch(value, "title", &mut warnings),
            "theme" => match value.get_ref().as_str() {
                Some(name) => {
                    let line = warnings.line(value.span().start);
                    found.theme = Some((name.to_owned(), line));
                }
                None => warnings.add(
                    value.span().start,
                    "`theme` must be the name of a theme, in quotes",
                ),
            },
            "hyperlinks" => found.hyperlinks = switch(value, "hyperlinks", &mut warnings),
            "inbox" => section(value, "inbox", &["window"], &mut warnings, |_, value| {
                window(value).map(|window| found.window = Some(window))
            }),
            "columns" => columns::read(value, &mut found.columns, &mut warnings),
            "commands" => commands::read(value, &mut found.commands, &mut warnings),
            "load" => section(
                value,
                "load",
                &["events", "bytes"],
                &mut warnings,
                |key, value| load(&mut found.load, key, value),
            ),
            "cache" => section(value, "cache", &["max_mb"], &mut warnings, |_, value| {
                mebibytes(value).map(|bytes| found.cache = Some(bytes))
            }),
            "detail" => section(
                value,
                "detail",
                &["read_on_above"],
                &mut warnings,
                |_, value| bytes(value).map(|bytes| found.read_on_above = Some(bytes)),
            ),
            "time" => section(value, "time", &["zone"], &mut warnings, |_, value| {
                zone(&mut found.zone, value)
            }),
            "rules" => rules::read(value, &mut found.rules, &mut warnings),
            "copy" => copy::read(value, &mut found.copy, &mut warnings),
            "tools" => tools::read(value, &mut found.tools, &mut warnings),
            "mask" => mask::read(value, &mut found.mask, &mut warnings),
            "notify" => notify::read(value, &mut found.notify, &mut warnings),
            "contexts" => contexts(value, places, &mut found, &mut warnings),
            other => warnings.add(
                at,
                format!("unknown key `{other}`{}", suggestion(other, &TOP)),
            ),
        }
    }
    found.warnings = warnings.finish();
    found
}

/// The entries of a table as they stand in the file; the parser sorts them by name.
pub(super) fn in_order<'t, 'i>(
    table: &'t DeTable<'i>,
) -> Vec<(
    &'t Spanned<std::borrow::Cow<'i, str>>,
    &'t Spanned<DeValue<'i>>,
)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

fn start(value: &Spanned<DeValue<'_>>, warnings: &mut Warnings<'_>) -> Option<Start> {
    let start = value.get_ref().as_str().and_then(Start::of_word);
    if start.is_none() {
        let fault = "`start` must be \"missions\", \"inbox\", \"last\" or \"view:NAME\"";
        warnings.add(value.span().start, fault);
    }
    start
}

fn switch(value: &Spanned<DeValue<'_>>, name: &str, warnings: &mut Warnings<'_>) -> Option<bool> {
    let yes = value.get_ref().as_bool();
    if yes.is_none() {
        warnings.add(
            value.span().start,
            format!("`{name}` must be true or false"),
        );
    }
    yes
}

fn window(value: &DeValue<'_>) -> Result<Duration, &'static str> {
    let window = value.as_str().and_then(|text| parse_duration(text).ok());
    window
        .filter(|window| !window.is_zero())
        .ok_or("must be a span of time like \"24h\" or \"7d\"")
}

fn section(
    value: &Spanned<DeValue<'_>>,
    name: &str,
    known: &[&str],
    warnings: &mut Warnings<'_>,
    mut take: impl FnMut(&str, &DeValue<'_>) -> Result<(), &'static str>,
) {
    let Some(table) = value.get_ref().as_table() else {
        warnings.add(
            value.span().start,
            format!("`{name}` must be a section, `[{name}]`"),
        );
        return;
    };
    for (key, value) in in_order(table) {
        let word = key.get_ref().as_ref();
        if !known.contains(&word) {
            warnings.add(
                key.span().start,
                format!("unknown key `{name}.{word}`{}", suggestion(word, known)),
            );
        } else if let Err(fault) = take(word, value.get_ref()) {
            warnings.add(value.span().start, format!("`{name}.{word}` {fault}"));
        }
    }
}

fn load(load: &mut Load, key: &str, value: &DeValue<'_>) -> Result<(), &'static str> {
    if key == "events" {
        let number = whole(value).and_then(|number| u32::try_from(number).ok());
        load.events = number
            .filter(|number| *number > 0)
            .ok_or("must be a whole number above 0")?;
    } else {
        load.bytes = bytes(value)?;
    }
    Ok(())
}

pub(super) fn bytes(value: &DeValue<'_>) -> Result<u64, &'static str> {
    let size = whole(value).or_else(|| value.as_str().and_then(size));
    size.filter(|bytes| *bytes > 0)
        .ok_or("must be a number of bytes, or a text like \"64 MiB\"")
}

fn mebibytes(value: &DeValue<'_>) -> Result<u64, &'static str> {
    let size = whole(value).and_then(|count| count.checked_mul(1024 * 1024));
    size.ok_or("must be a whole number of MiB; 0 keeps nothing")
}

pub(super) fn whole(value: &DeValue<'_>) -> Option<u64> {
    let integer = value.as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim() {
        "" | "B" => 1,
        "KiB" | "K" => 1024,
        "MiB" | "M" => 1024 * 1024,
        "GiB" | "G" => 1024 * 1024 * 1024,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

fn zone(zone: &mut Zone, value: &DeValue<'_>) -> Result<(), &'static str> {
    let fault = "must be \"utc\", \"local\" or a name like \"Europe/Amsterdam\"";
    let name = value.as_str().ok_or(fault)?;
    *zone = match name {
        "utc" => Zone::default(),
        "local" => Zone(TimeZone::system()),
        name => Zone(TimeZone::get(name).map_err(|_| fault)?),
    };
    Ok(())
}

fn contexts(
    value: &Spanned<DeValue<'_>>,
    places: Places<'_>,
    found: &mut FromFile,
    warnings: &mut Warnings<'_>,
) {
    let Some(table) = value.get_ref().as_table() else {
        let message = "`contexts` must hold sections, `[contexts.NAME]`";
        warnings.add(value.span().start, message);
        return;
    };
    for (key, value) in in_order(table) {
        let at = key.span().start;
        let name = key.get_ref().as_ref();
        let Some(table) = value.get_ref().as_table() else {
            warnings.add(at, format!("`contexts.{name}` must be a section"));
            continue;
        };
        let fields = Fields::of(name, table, places, warnings);
        found.providers.extend(fields.provider_name());
        match named_context(name, fields, warnings, at) {
            Ok(context) => {
                let place = table.get("view").map(|value| value.span().start);
                let named = context.view.clone().zip(place);
                let named = named.map(|(view, at)| (view, warnings.line(at)));
                found.views.extend(named);
                found.contexts.push(context);
            }
            Err(reason) => {
                warnings.add(at, format!("context `{name}` is left out: {reason}"));
                let name = name.to_owned();
                found.broken.push(Broken { name, reason });
            }
        }
    }
}
