//! The `[tools.NAME]` sections: how a tool is reached, for the curl that calls it again. A header that
//! holds a secret names the variable that has it; no variable is read here.

use toml::{Spanned, de::DeValue};
use url::Url;

use super::{
    context::is_variable,
    file::in_order,
    warning::{Warnings, suggestion},
};
use crate::{
    export::curl::{Tool, Transport},
    text::shell::Piece,
};

const KEYS: [&str; 4] = ["url", "transport", "method", "headers"];

/// Reads all of them, in the order of the file.
pub(super) fn read(
    value: &Spanned<DeValue<'_>>,
    tools: &mut Vec<Tool>,
    warnings: &mut Warnings<'_>,
) {
    let Some(table) = value.get_ref().as_table() else {
        let message = "`tools` must be sections, `[tools.NAME]`";
        warnings.add(value.span().start, message);
        return;
    };
    for (pattern, section) in in_order(table) {
        let mut tool = Tool {
            pattern: pattern.get_ref().to_string(),
            url: String::new(),
            method: "POST".to_owned(),
            transport: Transport::Http,
            headers: Vec::new(),
        };
        let at = pattern.span().start;
        let name = format!("tools.\"{}\"", tool.pattern);
        let Some(members) = section.get_ref().as_table() else {
            warnings.add(at, format!("`{name}` must be a section, `[{name}]`"));
            continue;
        };
        for (key, value) in in_order(members) {
            let word = key.get_ref().as_ref();
            if !KEYS.contains(&word) {
                let hint = suggestion(word, &KEYS);
                warnings.add(
                    key.span().start,
                    format!("unknown key `{name}.{word}`{hint}"),
                );
            } else if let Err(fault) = take(&mut tool, word, value.get_ref()) {
                warnings.add(value.span().start, format!("`{name}.{word}` {fault}"));
            }
        }
        if tool.url.is_empty() {
            warnings.add(
                at,
                format!("`{name}` has no usable `url`: the tool stays unknown"),
            );
        } else {
            tools.push(tool);
        }
    }
}

fn take(tool: &mut Tool, key: &str, value: &DeValue<'_>) -> Result<(), &'static str> {
    if key == "headers" {
        return headers(tool, value);
    }
    let word = value.as_str().ok_or("must be a text")?;
    match key {
        "url" => {
            let url = Url::parse(word).map_err(|_| "is no address")?;
            let web = matches!(url.scheme(), "http" | "https") && url.password().is_none();
            if !web {
                return Err("must begin with http:// or https:// and hold no password");
            }
            tool.url = url.into();
        }
        "method" => {
            let method = word.to_ascii_uppercase();
            let fine =
                (3..=10).contains(&method.len()) && method.bytes().all(|b| b.is_ascii_uppercase());
            if !fine {
                return Err("must be a method like POST");
            }
            tool.method = method;
        }
        _ => {
            tool.transport = match word {
                "http" => Transport::Http,
                "mcp" => Transport::Mcp,
                _ => return Err("must be \"http\" or \"mcp\""),
            }
        }
    }
    Ok(())
}

fn headers(tool: &mut Tool, value: &DeValue<'_>) -> Result<(), &'static str> {
    let fault = "must be texts, like { Authorization = \"Bearer env:TOKEN\" }";
    for (name, value) in in_order(value.as_table().ok_or(fault)?) {
        let text = value.get_ref().as_str().ok_or(fault)?;
        let name = name.get_ref().to_string();
        let fine = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        if !name.bytes().all(fine) || text.contains(char::is_control) {
            return Err("has a header that cannot be sent");
        }
        let pieces = match text.split_once("env:") {
            Some((before, variable)) if is_variable(variable) => {
                vec![Piece::text(before), Piece::Variable(variable.to_owned())]
            }
            Some(_) => return Err("names no variable behind env:"),
            None if crate::text::keys::is_secret(&name) => {
                return Err("holds a secret: name its variable, like \"Bearer env:TOKEN\"");
            }
            None => vec![Piece::text(text)],
        };
        let pieces = pieces.into_iter().filter(|piece| *piece != Piece::text(""));
        tool.headers.push((name, pieces.collect()));
    }
    Ok(())
}
