//! `sortie schema [NAME]`: what the output of each command looks like, and the configuration and the key map,
//! as JSON Schema of 2020-12. New fields may come with any version, so no output is closed to them; the
//! configuration is, as a key that is unknown there is a fault.

use std::io;

use serde_json::{Map, Value, json};

use super::{
    exit::{Exit, Stop},
    print::Outlet,
};
use crate::{
    app::{action::Action, keymap::Mode, theme::Role},
    args::Format,
    config::{keys::PRESETS, nearest},
    guard::Redactor,
};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";
const OUTPUT: &str = include_str!("../../assets/schema/output.json");
const CONFIG: &str = include_str!("../../assets/schema/config.json");

pub(super) fn run(name: Option<&str>, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    let Some(name) = name else {
        for (name, about) in names() {
            writeln!(outlet.out, "{name:<18}{about}")?;
        }
        return Ok(Exit::Ok);
    };
    if let Some(schema) = schema(name) {
        writeln!(outlet.out, "{schema:#}")?;
        return Ok(Exit::Ok);
    }
    let known = names();
    let known: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
    let meant = nearest(name, &known).map(|name| format!("; did you mean {name}?"));
    let meant = meant.unwrap_or_else(|| ".".to_owned());
    let stop = Stop::Usage(format!(
        "there is no schema {name}{meant} There are: {}",
        known.join(", ")
    ));
    outlet.stop(Format::Text, &stop, &mut Redactor::default().masking())?;
    Ok(Exit::Usage)
}

/// What there is, and what each is about.
pub fn names() -> Vec<(String, String)> {
    let own = [
        ("config", "config.toml"),
        ("keys", "keys.toml, with every action"),
        ("theme", "a theme in the folder themes, with every role"),
    ];
    let own = own.map(|(name, about)| (name.to_owned(), about.to_owned()));
    let all = definitions();
    let told = all.iter().filter_map(|(name, schema)| {
        let about = schema.get("description")?.as_str()?;
        Some((name.clone(), about.to_owned()))
    });
    own.into_iter().chain(told).collect()
}

/// One of them.
pub fn schema(name: &str) -> Option<Value> {
    match name {
        "config" => serde_json::from_str(CONFIG).ok(),
        "keys" => Some(keys()),
        "theme" => Some(theme()),
        name => {
            let all = definitions();
            all.get(name)?;
            let mut needed = Vec::new();
            collect(name, &all, &mut needed);
            let defs = all.into_iter().filter(|(name, _)| needed.contains(name));
            let defs: Map<String, Value> = defs.collect();
            Some(json!({
                "$schema": DRAFT,
                "$ref": format!("#/$defs/{name}"),
                "$defs": defs,
            }))
        }
    }
}

/// Every output and every record, by name.
fn definitions() -> Map<String, Value> {
    let whole: Value = serde_json::from_str(OUTPUT).unwrap_or_default();
    let defs = whole.get("$defs").and_then(Value::as_object);
    defs.cloned().unwrap_or_default()
}

/// A definition and all that it refers to.
fn collect(name: &str, all: &Map<String, Value>, needed: &mut Vec<String>) {
    if needed.iter().any(|known| known == name) {
        return;
    }
    needed.push(name.to_owned());
    let mut rest: Vec<&Value> = all.get(name).into_iter().collect();
    while let Some(value) = rest.pop() {
        match value {
            Value::Object(object) => {
                let to = object.get("$ref").and_then(Value::as_str);
                if let Some(name) = to.and_then(|to| to.strip_prefix("#/$defs/")) {
                    collect(name, all, needed);
                }
                rest.extend(object.values());
            }
            Value::Array(items) => rest.extend(items),
            _ => {}
        }
    }
}

/// The key map: a section for each mode, an action for each key.
fn keys() -> Value {
    let actions = Action::ALL
        .iter()
        .map(|action| json!({"const": action.name(), "description": action.description()}));
    let none = json!({"const": "none", "description": "Takes the key away."});
    let actions: Vec<Value> = actions.chain([none]).collect();
    let section = json!({
        "type": "object",
        "description": "Keys, as `j`, `shift-g`, `ctrl-e`, or one after the other, `y y`; what each does.",
        "additionalProperties": {"$ref": "#/$defs/action"},
    });
    let modes = Mode::ALL
        .into_iter()
        .map(|mode| (mode.name().to_owned(), section.clone()));
    let presets = PRESETS.iter().map(|(name, _)| *name);
    let presets: Vec<&str> = presets.collect();
    let general = [
        (
            "preset",
            json!({"description": "What lies below this file.", "enum": presets}),
        ),
        (
            "counts",
            json!({"description": "Whether digits are counts.", "type": "boolean"}),
        ),
    ];
    let general = general.map(|(name, schema)| (name.to_owned(), schema));
    let all: Map<String, Value> = general.into_iter().chain(modes).collect();
    json!({
        "$schema": DRAFT,
        "title": "keys.toml of sortie",
        "type": "object",
        "properties": all,
        "additionalProperties": false,
        "$defs": {"action": {"oneOf": actions}},
    })
}

/// A theme: how each role looks.
fn theme() -> Value {
    let roles = Role::ALL.iter().map(|role| {
        let schema = json!({"description": role.told(), "$ref": "#/$defs/look"});
        (role.name().to_owned(), schema)
    });
    let roles: Map<String, Value> = roles.collect();
    let mark = json!({"type": "boolean"});
    json!({
        "$schema": DRAFT,
        "title": "a theme of sortie",
        "type": "object",
        "properties": {
            "base": {"description": "The theme whose roles it takes over.", "type": "string"},
            "paint_background": {
                "description": "Whether the screen is painted in the colours of plain.",
                "type": "boolean",
            },
            "roles": {"type": "object", "properties": roles, "additionalProperties": false},
        },
        "additionalProperties": false,
        "$defs": {
            "colour": {
                "description": "A name like red or bright-red, a number to 255, #rrggbb, or two with a slash \
                                between, the second for terminals of 16 colours.",
                "type": ["string", "integer"],
            },
            "look": {
                "anyOf": [
                    {"description": "As `red bold` or `black on #ffcc00 underline`.", "type": "string"},
                    {
                        "type": "object",
                        "properties": {
                            "fg": {"$ref": "#/$defs/colour"},
                            "bg": {"$ref": "#/$defs/colour"},
                            "bold": mark,
                            "dim": mark,
                            "italic": mark,
                            "underline": mark,
                            "reverse": mark,
                        },
                        "additionalProperties": false,
                    },
                ],
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use toml::{Table, Value as Toml};

    use super::*;
    use crate::{
        analysis::{OpKind, Verdict},
        config,
        model::{Kind, RunStatus},
    };

    #[test]
    fn closed_sets_are_those_of_the_program() {
        let all = definitions();
        for (name, words) in [
            ("run-status", RunStatus::ALL.map(RunStatus::word).to_vec()),
            ("event-kind", Kind::ALL.map(Kind::word).to_vec()),
            ("operation-kind", OpKind::ALL.map(OpKind::word).to_vec()),
            ("verdict", Verdict::ALL.map(Verdict::word).to_vec()),
        ] {
            let known: BTreeSet<&str> = all[name]["enum"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(Value::as_str)
                .collect();
            assert_eq!(
                known,
                words.into_iter().collect::<BTreeSet<&str>>(),
                "{name}"
            );
        }
    }

    #[test]
    fn every_document_holds_all_that_it_refers_to() {
        for (name, about) in names() {
            let whole = schema(&name).unwrap();
            assert!(about.len() > 5 && whole["$schema"] == DRAFT, "{name}");
            let text = whole.to_string();
            for piece in text.split("\"$ref\":\"#/$defs/").skip(1) {
                let to = piece.split('"').next().unwrap();
                assert!(whole["$defs"].get(to).is_some(), "{name} refers to {to}");
            }
        }
        assert!(schema("nothing").is_none());
    }

    /// Paths of keys of a configuration; what people name is `*`.
    fn keys_of(table: &Table, at: &str, found: &mut BTreeSet<String>) {
        for (key, value) in table {
            let named = matches!(at, "contexts" | "tools" | "rules.tools" | "mask.rules")
                || at.ends_with(".headers");
            let path = match (at, named) {
                ("", _) => key.clone(),
                (at, true) => format!("{at}.*"),
                (at, false) => format!("{at}.{key}"),
            };
            match value {
                Toml::Table(inner) => keys_of(inner, &path, found),
                _ => drop(found.insert(path)),
            }
        }
    }

    fn schema_keys(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
        let below = |key: &str| match at {
            "" => key.to_owned(),
            at => format!("{at}.{key}"),
        };
        let known = schema.get("properties").and_then(Value::as_object);
        for (key, inner) in known.into_iter().flatten() {
            schema_keys(inner, &below(key), found);
        }
        let others = schema
            .get("additionalProperties")
            .filter(|more| more.is_object());
        if let Some(inner) = others {
            schema_keys(inner, &below("*"), found);
        }
        if known.is_none() && others.is_none() {
            found.insert(at.to_owned());
        }
    }

    #[test]
    fn the_configuration_has_the_keys_of_its_schema_and_no_other() {
        let is_line = |line: &&str| {
            let word = line.split(" = ").next().unwrap_or_default();
            let is_key = line.contains(" = ")
                && word
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
            line.starts_with('[') || is_key
        };
        let lines = config::DEFAULT
            .lines()
            .map(|line| line.strip_prefix("# ").unwrap_or(line));
        let mut shown = BTreeSet::new();
        // A section may be shown twice.
        for section in lines
            .filter(is_line)
            .collect::<Vec<_>>()
            .join("\n")
            .replace("\n[", "\n\0[")
            .split('\0')
        {
            let table: Table =
                toml::from_str(section).unwrap_or_else(|fault| panic!("{section}: {fault}"));
            keys_of(&table, "", &mut shown);
        }
        let mut known = BTreeSet::new();
        schema_keys(&schema("config").unwrap(), "", &mut known);
        // The file shows one rule of a tool, and these of the client's secret, for all that there are.
        known.retain(|key| !key.starts_with("rules.tools.*") || shown.contains(key));
        for word in ["file", "command"] {
            known.remove(&format!("contexts.*.client_secret_{word}"));
        }
        assert_eq!(shown, known);
    }

    #[test]
    fn every_key_of_a_context_is_in_the_schema() {
        let whole = schema("config").unwrap();
        let known = &whole["properties"]["contexts"]["additionalProperties"]["properties"];
        let known: BTreeSet<&str> = known
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(known, config::CONTEXT_KEYS.into_iter().collect());
        let top: BTreeSet<String> = whole["properties"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        assert_eq!(
            top,
            config::TOP_KEYS
                .iter()
                .map(|key| (*key).to_owned())
                .collect()
        );
    }
}
