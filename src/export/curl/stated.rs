//! Tools that a service itself says how they are reached, in what it lists beside a mission: webhooks with
//! their address, and MCP servers that name their tools. No contract types these lists, so they are looked
//! through for what has that shape; where two entries say different things nothing is guessed.

use std::collections::HashMap;

use serde_json::value::RawValue;

use super::{
    call::{self, Sent, is_token, is_web, listed, string},
    known::{Tool, Transport},
    names::Secretly,
};
use crate::{model::Payload, text::percent::encoded};

type Members<'a> = HashMap<String, &'a RawValue>;

/// What holds the entries of a list where it is no list itself.
const WRAPPERS: [&str; 3] = ["data", "tools", "mcp_servers"];
/// What a webhook says of itself may stand one level further in, under its type.
const INNER: [&str; 2] = ["webhook", "http"];
/// A server that answers elsewhere than in the reply to the call cannot be called by one request.
const STREAMS: &str = "sse";
/// No list is wrapped more often.
const DEEPEST: u8 = 3;

/// What is sent to call a tool, as far as these lists say it.
pub(super) fn sent(lists: &[Payload], name: &str, arguments: &[u8]) -> Option<Sent> {
    if name.is_empty() {
        return None;
    }
    let mut found: Option<Sent> = None;
    for list in lists {
        let Ok(list) = serde_json::from_slice::<&RawValue>(list.bytes()) else {
            continue;
        };
        let mut entries = Vec::new();
        gather(list, &mut entries, DEEPEST);
        for entry in &entries {
            let said = webhook(entry, name, arguments).or_else(|| server(entry, name, arguments));
            match (&found, said) {
                (Some(before), Some(said)) if *before != said => return None,
                (_, Some(said)) => found = Some(said),
                (_, None) => {}
            }
        }
    }
    found
}

/// The objects of a list, whatever it is wrapped in.
fn gather<'a>(raw: &'a RawValue, entries: &mut Vec<Members<'a>>, deepest: u8) {
    if deepest == 0 {
        return;
    }
    if let Ok(rows) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        for row in rows {
            entries.extend(serde_json::from_str::<Members<'_>>(row.get()).ok());
        }
    } else if let Ok(members) = serde_json::from_str::<Members<'_>>(raw.get()) {
        for inner in WRAPPERS.iter().filter_map(|name| members.get(*name)) {
            gather(inner, entries, deepest - 1);
        }
        entries.push(members);
    }
}

/// The first of these that says something.
fn said(members: &Members<'_>, names: &[&str]) -> Option<String> {
    let mut all = names.iter().filter_map(|name| string(members.get(*name)?));
    all.find(|said| !said.is_empty())
}

/// What the headers of an entry are, those that can be sent.
fn headers(members: &Members<'_>) -> Vec<(String, Secretly)> {
    let all = members.get("headers").map(|raw| listed(raw));
    let all = all.unwrap_or_default().into_iter();
    let fine =
        |(name, value): &(String, String)| is_token(name) && !value.contains(['\r', '\n', '\0']);
    all.filter(fine)
        .map(|(name, value)| (name, Secretly::Sent(value)))
        .collect()
}

/// A call of a webhook: what its address has a place for goes there, what it declares as a parameter of the
/// query goes behind, and the rest is the body.
fn webhook(entry: &Members<'_>, name: &str, arguments: &[u8]) -> Option<Sent> {
    let inner = INNER
        .iter()
        .find_map(|name| serde_json::from_str::<Members<'_>>(entry.get(*name)?.get()).ok());
    let kind = said(entry, &["type"]).unwrap_or_default();
    (inner.is_some() || INNER.contains(&kind.as_str())).then_some(())?;
    let of = inner.as_ref().unwrap_or(entry);
    let named = [of, entry].iter().any(|members| {
        ["name", "title"]
            .iter()
            .any(|key| said(members, &[key]).as_deref() == Some(name))
    });
    named.then_some(())?;
    let mut url = said(of, &["url", "endpoint"]).filter(|url| is_web(url))?;
    let method = said(of, &["method", "http_method"]).unwrap_or_else(|| "POST".to_owned());
    let mut given: Vec<(String, &RawValue)> = Vec::new();
    let text = call::unwrapped(arguments).unwrap_or_default();
    // What is no object has no parameters: it is the body as it is.
    let pairs = call::pairs(&text);
    let in_query = declared(of, "query_parameters");
    let mut query = Vec::new();
    for (key, value) in pairs.clone().unwrap_or_default() {
        let place = format!("{{{key}}}");
        let scalar = call::scalars(value);
        if let ([one], true) = (scalar.as_slice(), url.contains(&place)) {
            url = url.replace(&place, &encoded(one));
        } else if in_query.contains(&key) {
            query.extend(scalar.into_iter().map(|one| (key.clone(), one)));
        } else {
            given.push((key, value));
        }
    }
    // An address with a place that nothing was given for is none.
    (!url.contains('{')).then_some(())?;
    let url = call::with_query(call::spelled(&url), &query);
    let method = method.to_ascii_uppercase();
    let fine =
        (3..=10).contains(&method.len()) && method.bytes().all(|byte| byte.is_ascii_uppercase());
    fine.then_some(())?;
    let tool = Tool {
        pattern: String::new(),
        url,
        method,
        transport: Transport::Http,
        headers: Vec::new(),
    };
    let body = match pairs {
        Some(pairs) if pairs.len() != given.len() => call::object(&given).into_bytes(),
        _ => arguments.to_vec(),
    };
    Some(with_headers(tool.sent(name, &body), headers(of)))
}

/// The names of the parameters that an entry declares.
fn declared(members: &Members<'_>, of: &str) -> Vec<String> {
    let schema = members
        .get(of)
        .and_then(|raw| serde_json::from_str::<Members<'_>>(raw.get()).ok());
    let properties = schema
        .as_ref()
        .and_then(|schema| schema.get("properties").copied())
        .and_then(|raw| call::pairs(raw.get()));
    let properties = properties.unwrap_or_default().into_iter();
    properties.map(|(name, _)| name).collect()
}

/// A call by way of an MCP server that says that the tool is one of its own.
fn server(entry: &Members<'_>, name: &str, arguments: &[u8]) -> Option<Sent> {
    let url = said(entry, &["url", "server_url"]).filter(|url| is_web(url))?;
    let kinds = said(entry, &["transport", "type"]).unwrap_or_default();
    (!kinds.eq_ignore_ascii_case(STREAMS)).then_some(())?;
    let own = ["tools", "allowed_tools"].iter().any(|key| {
        let rows = entry
            .get(*key)
            .and_then(|raw| serde_json::from_str::<Vec<&RawValue>>(raw.get()).ok());
        rows.unwrap_or_default().into_iter().any(|row| {
            let own =
                string(row).or_else(|| said(&serde_json::from_str(row.get()).ok()?, &["name"]));
            own.as_deref() == Some(name)
        })
    });
    own.then_some(())?;
    let tool = Tool {
        pattern: String::new(),
        url: call::spelled(&url),
        method: "POST".to_owned(),
        transport: Transport::Mcp,
        headers: Vec::new(),
    };
    Some(with_headers(tool.sent(name, arguments), headers(entry)))
}

/// With what the service says is sent along, in place of what is usual.
fn with_headers(mut sent: Sent, own: Vec<(String, Secretly)>) -> Sent {
    let told = |name: &str| own.iter().any(|(own, _)| own.eq_ignore_ascii_case(name));
    sent.headers.retain(|(name, _)| !told(name));
    sent.headers.extend(own);
    sent
}

#[cfg(test)]
mod tests {
    use super::super::{Asked, replays};
    use crate::{
        guard::Redactor,
        model::{CallMembers, Payload},
    };

    /// The calls of a tool where a mission has this list.
    fn stated(tool: &str, arguments: &str, list: &str) -> Vec<String> {
        let lists = [Payload::new(list.to_owned().into())];
        let asked = Asked {
            tool,
            payload: arguments.as_bytes(),
            in_words: false,
            members: CallMembers::default(),
            locator: "sortie:prod/m/r#e1",
            lists: &lists,
        };
        let scripts = replays(asked, &[], None, &mut Redactor::new(Vec::new()).masking());
        scripts.into_iter().map(|script| script.text).collect()
    }

    #[test]
    fn a_webhook_that_the_service_lists_is_called_as_it_says() {
        let flat = r#"{"data":[{"id":"t1","type":"webhook","name":"pay.refund","url":"https://pay.example/refund",
            "headers":{"authorization":"Bearer not-for-all"}},{"type":"webhook","name":"crm.lookup"}]}"#;
        let texts = stated("pay.refund", r#"{"charge":"ch_77"}"#, flat);
        assert_eq!(texts.len(), 2, "B, and C");
        assert_eq!(
            texts[0],
            "# grade B: known transport, the service says how the tool is reached\n\
             # tool pay.refund, sortie:prod/m/r#e1\n\
             # WARNING: this calls the tool again, which may write data\n\
             # masked, set first: AUTHORIZATION\n\
             curl -sS -X POST https://pay.example/refund \\\n  -H 'Content-Type: application/json' \\\n  \
             -H \"authorization: Bearer $AUTHORIZATION\" \\\n  --data-raw '{\"charge\":\"ch_77\"}'\n"
        );

        let nested = r#"[{"type":"webhook","webhook":{"name":"depot.get","method":"get",
            "url":"https://d.example/depots/{depot}","headers":[{"name":"X-Team","value":"ops"}],
            "path_parameters":{"properties":{"depot":{"type":"string"}}}}}]"#;
        let texts = stated("depot.get", r#"{"depot":"a b","since":2}"#, nested);
        assert!(
            texts[0].contains("curl -sS 'https://d.example/depots/a%20b?since=2'"),
            "{}",
            texts[0]
        );
        assert!(texts[0].contains("-H 'X-Team: ops'"), "{}", texts[0]);

        let split = r#"[{"webhook":{"name":"note","url":"https://n.example/n",
            "query_parameters":{"properties":{"dry":{}}}}}]"#;
        let texts = stated("note", r#"{"dry":true,"text":"x","n":1.50}"#, split);
        assert!(
            texts[0].contains("'https://n.example/n?dry=true'")
                && texts[0].contains(r#"{"text":"x","n":1.50}"#),
            "{}",
            texts[0]
        );
    }

    #[test]
    fn a_server_that_names_its_tools_is_asked_for_them() {
        let list = r#"{"data":{"mcp_servers":[{"name":"Depot directory","url":"https://mcp.example/rpc",
            "allowed_tools":["depots.find",{"name":"depots.get"}]}]}}"#;
        for tool in ["depots.find", "depots.get"] {
            let texts = stated(tool, r#"{"city":"Almere"}"#, list);
            let params = format!(
                r#""method":"tools/call","params":{{"name":"{tool}","arguments":{{"city":"Almere"}}}}"#
            );
            assert!(texts[0].contains(&params), "{}", texts[0]);
        }
        assert_eq!(stated("depots", "{}", list).len(), 1);
    }

    #[test]
    fn where_a_service_does_not_say_how_a_tool_is_reached_nothing_is_guessed() {
        for list in [
            "",
            "null",
            "[1, \"pay.refund\"]",
            r#"[{"type":"webhook","name":"pay.refund"}]"#,
            r#"[{"type":"function","name":"pay.refund","url":"https://pay.example/"}]"#,
            r#"[{"type":"webhook","name":"pay.refund","url":"file:///etc/passwd"}]"#,
            r#"[{"type":"webhook","name":"pay.other","url":"https://pay.example/"}]"#,
            r#"[{"type":"webhook","name":"pay.refund","url":"https://a.example/"},
                {"type":"webhook","name":"pay.refund","url":"https://b.example/"}]"#,
            r#"[{"type":"webhook","name":"pay.refund","url":"https://a.example/{charge}"}]"#,
            r#"[{"type":"sse","url":"https://mcp.example/sse","tools":["pay.refund"]}]"#,
        ] {
            let texts = stated("pay.refund", "{}", list);
            assert_eq!(texts.len(), 1, "{list}: {texts:?}");
        }
    }
}
