//! Tools of which the configuration says how they are reached: by an address that takes the arguments, or
//! as a tool of an MCP server. A pattern may name many; where two fit, the later one decides.

use serde_json::value::RawValue;

use super::{
    call::{self, Sent},
    names::Secretly,
};
use crate::text::shell::Piece;

/// How a tool takes its arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// They are the body of a request.
    #[default]
    Http,
    /// They are those of a `tools/call`, JSON-RPC over HTTP.
    Mcp,
}

/// A tool, or all that a pattern names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    /// Its name; `*` stands for any letters.
    pub pattern: String,
    /// Where it is.
    pub url: String,
    /// POST unless told otherwise.
    pub method: String,
    /// How it takes its arguments.
    pub transport: Transport,
    /// Sent with each call; secrets are the names of variables.
    pub headers: Vec<(String, Vec<Piece>)>,
}

/// The tool of that name.
pub(super) fn find<'t>(tools: &'t [Tool], name: &str) -> Option<&'t Tool> {
    let mut fitting = tools.iter().filter(|tool| fits(&tool.pattern, name));
    fitting.next_back()
}

/// Whether a pattern names this tool.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((before, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(left) = name.strip_prefix(before) else {
        return false;
    };
    let mut starts = left.char_indices().map(|(at, _)| at).chain([left.len()]);
    starts.any(|at| left.get(at..).is_some_and(|left| fits(rest, left)))
}

impl Tool {
    /// What is sent to call it.
    pub(super) fn sent(&self, name: &str, arguments: &[u8]) -> Sent {
        // Arguments in a string are meant as what the string says, where that is an object.
        let said = call::unwrapped(arguments).filter(|said| said.trim_start().starts_with('{'));
        let given = said.as_ref().map_or(arguments, |said| said.as_bytes());
        let given = match given.trim_ascii() {
            [] => b"{}",
            given => given,
        };
        let takes_body = self.method != "GET" && self.method != "HEAD";
        let read: Option<&RawValue> = serde_json::from_slice(given).ok();
        // What has no body has its arguments in the address.
        let url = match read.filter(|_| !takes_body && self.transport == Transport::Http) {
            Some(given) => call::with_query(self.url.clone(), &call::listed(given)),
            None => self.url.clone(),
        };
        let body = match self.transport {
            Transport::Http => given.to_vec(),
            Transport::Mcp => {
                let name = serde_json::Value::from(name);
                let head = format!(
                    r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":{name},"arguments":"#
                );
                [head.as_bytes(), given, b"}}"].concat()
            }
        };
        let mut headers: Vec<(String, Secretly)> = Vec::new();
        let usual: &[(&str, &str)] = match self.transport {
            Transport::Http => &[("Content-Type", "application/json")],
            Transport::Mcp => &[
                ("Content-Type", "application/json"),
                ("Accept", "application/json, text/event-stream"),
            ],
        };
        let told = |name: &str| {
            self.headers
                .iter()
                .any(|(own, _)| own.eq_ignore_ascii_case(name))
        };
        for (name, value) in usual.iter().filter(|(name, _)| !told(name)) {
            headers.push(((*name).to_owned(), Secretly::Sent((*value).to_owned())));
        }
        for (name, value) in &self.headers {
            headers.push((name.clone(), Secretly::Told(value.clone())));
        }
        let body = takes_body.then_some(body);
        Sent {
            method: self.method.clone(),
            url,
            headers,
            body,
            is_json: true,
            calls: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_name_tools() {
        for (pattern, name, expected) in [
            ("pay.refund", "pay.refund", true),
            ("pay.*", "pay.refund", true),
            ("*.refund", "pay.refund", true),
            ("p*.r*d", "pay.refund", true),
            ("*", "", true),
            ("pay.*", "web.get", false),
            ("pay", "pay.refund", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
