//! Each rule with what it marks, look-alikes that it must leave alone, and where it says it stands.

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::model::{Payload, Span};

fn event(tool: &str, body: &str) -> Event {
    Event {
        tool: Some(tool.to_owned()),
        body: Span::new(0, body.len()),
        raw: Payload::new(Bytes::copy_from_slice(body.as_bytes())),
        ..Event::default()
    }
}

/// The rule that speaks about a result, of a tool whose name and arguments tell nothing.
fn rule(body: &str) -> Option<Rule> {
    read_result(&event("t", body)).says.first()
}

pub(super) fn asked(tool: &str, arguments: &str, result: &str) -> Option<Rule> {
    let echo = read_call(&event(tool, arguments)).echo;
    read_result(&event(tool, result)).says.without(echo).first()
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn every_rule_marks_what_it_is_for() {
    for (body, expected) in [
        (r#"{"success":false,"message":"x"}"#, Rule::SuccessFalse),
        (r#"{"ok":"false"}"#, Rule::SuccessFalse),
        (
            r#"{"isError":true,"content":[{"type":"text","text":"x"}]}"#,
            Rule::IsError,
        ),
        (r#"{"tool":"x","error":"card declined"}"#, Rule::ErrorField),
        (
            r#"{"error":{"code":-32601,"message":"Method not found"}}"#,
            Rule::ErrorField,
        ),
        (
            r#"{"errors":[{"message":"no such field"}],"data":null}"#,
            Rule::ErrorField,
        ),
        (r#"{"status":"error","message":"bad"}"#, Rule::ErrorField),
        (r#"{"status":404,"message":"Not Found"}"#, Rule::HttpStatus),
        (r#"{"statusCode":503,"body":"x"}"#, Rule::HttpStatus),
        (r#""HTTP/1.1 502 Bad Gateway""#, Rule::HttpStatus),
        (
            r#"{"exit_code":127,"stdout":"","stderr":"x"}"#,
            Rule::ExitCode,
        ),
        (r#""exit status 2""#, Rule::ExitCode),
        (
            r#""Traceback (most recent call last):\n  File""#,
            Rule::Traceback,
        ),
        (r#""Error: ENOENT: no such file""#, Rule::Traceback),
        (r#""java.io.IOException: broken pipe""#, Rule::Traceback),
        (r#""{\"rows\":[{\"id\":1},{\"id\":""#, Rule::CutJson),
        (
            r#"{"delivered":false,"reason":"mailbox full"}"#,
            Rule::SuccessFalse,
        ),
        (r#"{"sent":0,"failed":12}"#, Rule::ErrorField),
        (
            r#"{"code":"rate_limit_exceeded","message":"slow down"}"#,
            Rule::ErrorField,
        ),
        (
            r#"{"code":1,"stdout":"","stderr":"no such host"}"#,
            Rule::ExitCode,
        ),
        (r#""building\nlinking\n[exit code: 2]""#, Rule::ExitCode),
        (r#""Search failed: index is closed""#, Rule::Traceback),
        (
            r#""3 rows\nTraceback (most recent call last):\n  File\nKeyError: 'x'""#,
            Rule::Traceback,
        ),
        (
            r#""<html><head><title>502 Bad Gateway</title>""#,
            Rule::Html,
        ),
    ] {
        assert_eq!(rule(body), Some(expected), "{body}");
    }
}

#[test]
fn look_alikes_are_left_alone() {
    for body in [
        r#"{"success":true,"errors":[]}"#,
        r#"{"error":null}"#,
        r#"{"error":""}"#,
        r#"{"error":{}}"#,
        r#"{"error":"none","rows":[1]}"#,
        r#"{"error":{"code":0,"message":""}}"#,
        r#"{"error_rate":0,"errors":0}"#,
        r#"{"info":120,"warn":4,"error":2}"#,
        r#"{"isError":false,"content":[{"type":"text","text":"fine"}]}"#,
        r#"{"experiments":[{"success":false},{"success":true}]}"#,
        r#"{"results":[{"success":false},{"success":true}]}"#,
        r#"{"order":"A-1","customer":"x","city":"Bonn","items":3,"status":404}"#,
        r#"{"status":200,"body":"ok"}"#,
        r#"{"status":"succeeded","error_count":3}"#,
        r#"{"exit_code":0,"stdout":"Error: 0 found"}"#,
        r#"{"history":[{"cmd":"make","exit_code":2}]}"#,
        r#""Error handling in Rust is done with Result""#,
        r#""Errors: 0, warnings: 3""#,
        r#""Error: none""#,
        r#""404 items were found""#,
        r#""500 rows updated""#,
        r#""The log says Error: x""#,
        r#""{ ... } is an object, and { opens one {""#,
        r#""<p>a piece</p>""#,
        r#"{"sent":19,"failed":1}"#,
        r#"{"sent":false}"#,
        r#"{"code":"SPRING","message":"10% off"}"#,
        r#"{"code":0,"stdout":"x","stderr":"warning"}"#,
        r#""2 tests failed, 40 passed""#,
        r#""done\n[exit code: 0]""#,
        r#""Status: 429 is what a client gets that asks too often""#,
        r#"{"path":"/var/log/app.log","content":"Traceback (most recent call last):"}"#,
        r#"{"truncated":true,"content":"{\"rows\":[1,2,"}"#,
        r#"{"text":"See {\"a\":1, ...} there"}"#,
        "null",
        "42",
        "",
    ] {
        assert_eq!(rule(body), None, "{body}");
    }
}

#[test]
fn wrappers_of_every_kind_are_looked_through() {
    let bad = r#"{"success":false}"#;
    let text = quoted(bad);
    let twice = quoted(&text);
    for body in [
        format!("{{\"result\":{bad}}}"),
        format!("{{\"tool\":\"x\",\"output\":{text}}}"),
        text.clone(),
        twice,
        format!("{{\"content\":[{{\"type\":\"text\",\"text\":{text}}}]}}"),
        format!("{{\"result\":{{\"structuredContent\":{bad}}}}}"),
        format!("{{\"results\":[{bad},{bad}]}}"),
        format!("[{bad}]"),
        quoted("{'success': False, 'items': None, 'why': \"it's\"}"),
        quoted("```json\n{\"success\": false}\n```"),
    ] {
        assert_eq!(rule(&body), Some(Rule::SuccessFalse), "{body}");
    }
}

#[test]
fn what_was_asked_for_is_no_failure() {
    for (tool, arguments, result) in [
        ("link_checker", r#"{"url":"u"}"#, r#"{"statusCode":404}"#),
        (
            "orders.update",
            r#"{"status":404}"#,
            r#"{"status":404,"message":"x"}"#,
        ),
        ("form.fill", r#"{"ok":false}"#, r#"{"ok":false}"#),
        (
            "bash",
            r#"{"command":"grep -r x src"}"#,
            r#"{"exit_code":1,"stdout":"","stderr":""}"#,
        ),
        (
            "read_file",
            r#"{"path":"a.py"}"#,
            r#""Traceback (most recent call last):""#,
        ),
        ("getLogs", "{}", r#""Error: first line of a log""#),
        (
            "deploys.status",
            "{}",
            r#"{"status":"failed","reason":"OOM"}"#,
        ),
        (
            "read_file",
            r#"{"path":"404.html"}"#,
            r#""<html><head><title>404 Not Found</title>""#,
        ),
        (
            "shell",
            r#"{"cmd":"head -c 40 a.json"}"#,
            r#""{\"rows\":[{\"id\":""#,
        ),
    ] {
        assert_eq!(asked(tool, arguments, result), None, "{tool} {result}");
    }
    for (tool, arguments, result, expected) in [
        (
            "read_file",
            r#"{"path":"a.py"}"#,
            r#""Error: ENOENT: no such file or directory""#,
            Rule::Traceback,
        ),
        (
            "bash",
            r#"{"command":"grep x y"}"#,
            r#"{"exit_code":2,"stderr":"grep: y: No such file"}"#,
            Rule::ExitCode,
        ),
        (
            "deploy",
            "{}",
            r#"{"status":"failed","reason":"OOM"}"#,
            Rule::ErrorField,
        ),
    ] {
        assert_eq!(
            asked(tool, arguments, result),
            Some(expected),
            "{tool} {result}"
        );
    }
}

#[test]
fn shapes_are_told_apart() {
    for (body, shape) in [
        ("", Shape::Nothing),
        ("null", Shape::Empty),
        ("[]", Shape::Empty),
        ("{}", Shape::Empty),
        (r#""""#, Shape::Empty),
        (r#""[]""#, Shape::Empty),
        (r#"{"tool":"x","result":[]}"#, Shape::Empty),
        (r#"{"results":[],"total":0,"query":"x"}"#, Shape::Empty),
        (r#"{"content":[{"type":"text","text":"[]"}]}"#, Shape::Empty),
        (r#"{"results":[{"id":1}]}"#, Shape::Rows),
        ("[1]", Shape::Rows),
        (r#"{"invoices":[{"id":1}]}"#, Shape::Rows),
        (r#"{"city":"Bonn","tags":[]}"#, Shape::Json),
        (r#""plain""#, Shape::Text),
        (r#"{"result":"<!DOCTYPE html><html>"}"#, Shape::Html),
    ] {
        assert_eq!(read_result(&event("t", body)).shape, shape, "{body}");
    }
}

#[test]
fn pages_and_nothing_need_something_else_elsewhere() {
    let page = read_result(&event("t", r#""<html><body>hello""#));
    let nothing = read_result(&event("t", "[]"));
    let mut elsewhere = Elsewhere::default();
    assert!(page.says.is_empty() && elsewhere.bears_out(&page).is_empty());
    elsewhere.add(Shape::Rows);
    assert_eq!(elsewhere.bears_out(&page).first(), Some(Rule::Html));
    assert_eq!(elsewhere.bears_out(&nothing).first(), Some(Rule::Empty));
    for _ in 0..3 {
        elsewhere.add(Shape::Empty);
    }
    assert!(elsewhere.bears_out(&nothing).is_empty());
}

#[test]
fn reasons_say_what_and_where() {
    for (body, rule, says) in [
        (
            r#"{"result":{"content":[{"type":"text","text":"{\"success\": false}"}]}}"#,
            Rule::SuccessFalse,
            r#""success": false at result.content[0].text"#,
        ),
        (
            r#"{"error":"card declined\nmore"}"#,
            Rule::ErrorField,
            r#""error": “card declined”"#,
        ),
        (
            r#"{"results":[{"status":503,"error":{"code":1}}]}"#,
            Rule::HttpStatus,
            r#""status": 503 at results[0]"#,
        ),
        (
            r#"{"output":"Error: no such user\nat"}"#,
            Rule::Traceback,
            "text that begins as an error: “Error: no such user” at output",
        ),
        (
            r#""{\"a\":[1,""#,
            Rule::CutJson,
            "JSON that ends in the middle, after 8 bytes",
        ),
        (
            "[]",
            Rule::Empty,
            "nothing, where this tool gives rows elsewhere",
        ),
    ] {
        assert_eq!(reason(&event("t", body), rule), says, "{body}");
    }
}

#[test]
fn long_results_are_read_as_far_as_the_limit() {
    let rows = format!("{{\"rows\":[{}1]}}", "1,".repeat(60_000));
    assert_eq!(rule(&rows), None);
    assert_eq!(rule(&quoted(&rows)), None);
    let cut = quoted(rows.trim_end_matches("1]}"));
    assert_eq!(rule(&cut), Some(Rule::CutJson));
    let late = format!("{{\"success\":false,\"pad\":\"{}\"}}", "x".repeat(200_000));
    assert_eq!(rule(&late), Some(Rule::SuccessFalse));
    let deep = format!("{}1{}", "{\"result\":".repeat(5000), "}".repeat(5000));
    assert_eq!(rule(&deep), None);
}

proptest! {
    #[test]
    fn any_bytes_are_judged_and_every_mark_has_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let event = Event {
            body: Span::new(0, bytes.len()),
            raw: Payload::new(Bytes::from(bytes)),
            ..Event::default()
        };
        read_call(&event);
        for rule in read_result(&event).says.iter() {
            let reason = reason(&event, rule);
            prop_assert!(!reason.is_empty() && reason.chars().count() <= 120);
        }
    }

    #[test]
    fn any_json_like_text_is_judged(text in r#"(\{"(error|success|status|content|result|results|text)":|\[|\]|\}|"|,|false|404|"Error: x"|\\"|\{'a': True){0,24}"#) {
        let event = event("x", &text);
        read_call(&event);
        for rule in read_result(&event).says.iter() {
            prop_assert!(!reason(&event, rule).is_empty());
        }
    }
}
