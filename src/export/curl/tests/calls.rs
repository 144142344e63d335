//! What of a call is sent to its tool.

use super::*;

#[test]
fn what_a_call_carries_is_sent_as_it_says() {
    let arguments = r#"{"method":"POST","url":"https://pay.example/x#part","body":null,
        "json":{"n":12345678901234567890123},"params":{"id":123456789012345678901,"tag":["a","b"],"none":null},
        "headers":{"Accept":["text/html","application/json"],"X-Big":10000000000000000000000.50}}"#;
    let text = texts("http.request", arguments, &[]).remove(0);
    for part in [
        "'https://pay.example/x?id=123456789012345678901&tag=a&tag=b#part'",
        "-H 'Accept: text/html'",
        "-H 'Accept: application/json'",
        "-H 'X-Big: 10000000000000000000000.50'",
        r#"--data-raw '{"n":12345678901234567890123}'"#,
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let pairs = r#"{"method":"GET","url":"https://a.example/","headers":[["X-A","1"],{"name":"X-B","value":[2,3]}]}"#;
    let text = texts("http.request", pairs, &[]).remove(0);
    for part in ["'X-A: 1'", "'X-B: 2'", "'X-B: 3'"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_known_tool_gets_its_arguments_however_it_takes_them() {
    let tool = |method: &str, transport| Tool {
        pattern: "web.*".to_owned(),
        url: "https://tools.example/find?v=1".to_owned(),
        method: method.to_owned(),
        transport,
        headers: Vec::new(),
    };
    let get = [tool("GET", Transport::Http)];
    let text = texts("web.find", r#"{"q":"a b","page":2,"token":"t0k3n"}"#, &get).remove(0);
    assert!(
        text.contains("find?v=1&q=a%20b&page=2&token=$TOKEN"),
        "{text}"
    );
    assert!(
        !text.contains("t0k3n") && !text.contains("--data"),
        "{text}"
    );
    // Arguments that come as a string are those that it says.
    let string = r#""{\"q\":1}""#;
    let post = [tool("POST", Transport::Http)];
    let text = texts("web.find", string, &post).remove(0);
    assert!(text.contains(r#"--data-raw '{"q":1}'"#), "{text}");
    let mcp = [tool("POST", Transport::Mcp)];
    let text = texts("web.find", string, &mcp).remove(0);
    assert!(text.contains(r#""arguments":{"q":1}"#), "{text}");
    let text = texts("web.find", "\"no object\"", &post).remove(0);
    assert!(text.contains(r#"--data-raw '"no object"'"#), "{text}");
}

#[test]
fn a_tool_is_not_sent_what_the_record_says_of_the_call() {
    let asked = Asked {
        payload: br#"{"tool":"pay.refund","call_id":"c1","id":"ch_77","amount":1.50}"#,
        members: CallMembers {
            own: &[&["tool"], &["tool_call_id", "call_id"]],
            doubtful: &["id"],
        },
        ..asked("pay.refund", "")
    };
    let tool = Tool {
        pattern: "pay.*".to_owned(),
        url: "https://pay.example/refund".to_owned(),
        method: "POST".to_owned(),
        transport: Transport::Http,
        headers: Vec::new(),
    };
    let mut masking = Redactor::default().masking();
    let scripts = replays(asked, &[tool], None, &mut masking);
    let grades: String = scripts.iter().map(|script| script.grade.letter()).collect();
    assert_eq!(grades, "BC");
    for script in &scripts {
        let text = &script.text;
        assert!(text.contains(r#"{"id":"ch_77","amount":1.50}"#), "{text}");
        assert!(
            text.contains("# left out as members of the record: tool, call_id\n")
                && text.contains(
                    "# sent as recorded, though it is not known whether the tool got them so: id\n"
                ),
            "{text}"
        );
    }
}

#[test]
fn a_record_without_arguments_says_that_its_words_are_none() {
    let asked = Asked {
        in_words: true,
        members: CallMembers {
            own: &[&["tool"]],
            doubtful: &[],
        },
        ..asked("", r#""Looking up the depot""#)
    };
    let scripts = replays(asked, &[], None, &mut Redactor::default().masking());
    assert!(
        scripts[0]
            .text
            .contains("# the record has no arguments: this is what it says in words\n"),
        "{}",
        scripts[0].text
    );
}
