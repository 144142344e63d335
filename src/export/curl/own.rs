//! What a tool was given, out of a payload in which the record's own members lie beside the arguments. What
//! nobody can tell apart is left where it is, and named.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::call;
use crate::model::CallMembers;

/// What a tool was given.
pub(super) struct Given<'a> {
    /// The arguments.
    pub arguments: Cow<'a, [u8]>,
    /// The record's own members, which are not among them.
    pub without: Vec<String>,
    /// Members among them that may be the record's own as well.
    pub doubtful: Vec<String>,
}

/// The arguments in a payload, as far as `members` tells them from what is the record's own.
pub(super) fn given(payload: &[u8], members: CallMembers) -> Given<'_> {
    let mut given = Given {
        arguments: Cow::Borrowed(payload),
        without: Vec::new(),
        doubtful: Vec::new(),
    };
    if members.is_empty() {
        return given;
    }
    let text = str::from_utf8(payload).unwrap_or_default().trim();
    // What is no object has no members.
    let Some(pairs) = call::pairs(text) else {
        return given;
    };
    let is_there = |name: &str| pairs.iter().any(|(key, value)| key == name && says(value));
    let groups = members.own.iter();
    let own: Vec<&str> = groups
        .filter_map(|group| group.iter().find(|name| is_there(name)).copied())
        .collect();
    if !own.is_empty() {
        let left = pairs.iter().filter(|(key, _)| !own.contains(&key.as_str()));
        let left: Vec<(String, &RawValue)> = left.cloned().collect();
        given.arguments = Cow::Owned(call::object(&left).into_bytes());
    }
    let doubtful = members.doubtful.iter();
    let doubtful = doubtful.filter(|name| is_there(name) && !own.contains(name));
    given.doubtful = doubtful.map(|name| (*name).to_owned()).collect();
    given.without = own.into_iter().map(str::to_owned).collect();
    given
}

/// Whether a value says anything, as a name or an id has to.
fn says(value: &RawValue) -> bool {
    !matches!(value.get(), "null" | "\"\"")
}

impl Given<'_> {
    /// The same in sentences, for the comments of a script.
    pub fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        if !self.without.is_empty() {
            told.push(format!(
                "left out as members of the record: {}",
                self.without.join(", ")
            ));
        }
        if !self.doubtful.is_empty() {
            told.push(format!(
                "sent as recorded, though it is not known whether the tool got them so: {}",
                self.doubtful.join(", ")
            ));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEMBERS: CallMembers = CallMembers {
        own: &[&["tool", "tool_name"], &["tool_call_id", "call_id"]],
        doubtful: &["call_id", "id", "name", "arguments"],
    };

    #[test]
    fn the_record_keeps_its_own_and_the_tool_gets_the_rest_as_it_was_written() {
        for (payload, arguments, without, doubtful) in [
            (
                r#"{"tool": "find", "call_id": "x1", "n": 1.50, "q": "a\u00e9"}"#,
                r#"{"n":1.50,"q":"a\u00e9"}"#,
                "tool, call_id",
                "",
            ),
            (r#"{"tool":"find"}"#, "{}", "tool", ""),
            // The call has its id: this one may be that of a telephone call.
            (
                r#"{"tool_name":"dial","tool_call_id":"x1","call_id":"v3:1","id":7}"#,
                r#"{"call_id":"v3:1","id":7}"#,
                "tool_name, tool_call_id",
                "call_id, id",
            ),
            (
                r#"{"name":"find","arguments":{"tool":"deep"}}"#,
                r#"{"name":"find","arguments":{"tool":"deep"}}"#,
                "",
                "name, arguments",
            ),
            (
                r#"{"tool":null,"call_id":"","n":1,"n":2}"#,
                r#"{"tool":null,"call_id":"","n":1,"n":2}"#,
                "",
                "",
            ),
            (r#""tool""#, r#""tool""#, "", ""),
        ] {
            let given = given(payload.as_bytes(), MEMBERS);
            assert_eq!(str::from_utf8(&given.arguments).unwrap(), arguments);
            assert_eq!(given.without.join(", "), without, "{payload}");
            assert_eq!(given.doubtful.join(", "), doubtful, "{payload}");
        }
    }

    #[test]
    fn where_the_payload_is_the_arguments_all_of_it_is_sent() {
        let payload = br#"{"tool": "hammer"}"#;
        let given = given(payload, CallMembers::default());
        assert_eq!(&*given.arguments, payload);
        assert!(given.told().is_empty());
    }
}
