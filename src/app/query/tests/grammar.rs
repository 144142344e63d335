//! What is a query, how it is printed, and what is said of one that is none.

use proptest::prelude::*;

use super::*;

#[test]
fn queries_print_as_they_are_typed() {
    for text in [
        "",
        "refund",
        "status:failed,soft since:24h mission:nightly* tool:pay.* dur:>30s tok:>20k err:~timeout/i has:unanswered -agent:qa ctx:prod payload.amount:>=1000 \"free text\" /re/",
        "a b or c -(d or e) -f",
        "(a or b) c",
        "payload.items[0].sku:x payload.*.sku:x payload.**.id:\"a b\" payload[\"a b\"].c:1..2",
        "payload.$ref:x payload.@type:y payload.a_*:z",
        "since:2026-08-21T02:00Z..04:00Z until:yesterday",
        "dur:30s..2m dur:..5s dur:1h30m.. tok:1.5M",
        "err:~\"connection reset\"/i err:~\"/api/\" tool:~a{1,2}b?",
        "/a b\\/c/i",
        "\"say \\\"hi\\\" \\\\ there\"",
        "\"or\" -\"or\" \"-x\" \"status:x\"",
        "12:30 foo,bar ~x >5",
        "is:failure,loop rule:is-error,cut-json verdict:soft_failure kind:tool,tool_call",
    ] {
        let query = parse(text);
        let printed = query.to_string();
        assert_eq!(parse(&printed), query, "{text} → {printed}");
        if !text.contains("a{1,2}") {
            assert_eq!(printed, text);
        }
    }
}

#[test]
fn spellings_of_one_thing_are_one_query() {
    for (typed, printed) in [
        ("  a   b ", "a b"),
        ("--a", "a"),
        ("---a", "-a"),
        ("-(a)", "-a"),
        ("-(-a)", "a"),
        ("((a b) c)", "a b c"),
        ("(a or (b or c))", "a or b or c"),
        ("(a b) or c", "a b or c"),
        ("Status:failed", "status:failed"),
        ("tool:\"pay.refund\"", "tool:pay.refund"),
        ("tool:\"pay.*\"", "tool:\"pay.*\""),
        ("tool:~/re/i", "tool:~re/i"),
        ("tool:~/re/", "tool:~re"),
        ("--or", "\"or\""),
        ("payload[\"a\"][*]:1", "payload.a.*:1"),
        ("a\tor\nb", "a or b"),
    ] {
        assert_eq!(parse(typed).to_string(), printed, "{typed}");
    }
}

#[test]
fn faults_point_at_the_character() {
    for (text, at, says) in [
        ("durr:>3s", 0..4, "nearest: dur"),
        ("a stauts:failed", 2..8, "nearest: status"),
        ("status:faild", 7..12, "nearest: failed"),
        ("status:failed,sof", 14..17, "nearest: soft"),
        ("kind:tol", 5..8, "nearest: tool"),
        ("verdict:fail*", 8..13, "one of failed"),
        ("rule:is_error", 5..13, "nearest: is-error"),
        ("has:unanswerd", 4..13, "nearest: unanswered"),
        ("is:lop", 3..6, "nearest: loop"),
        ("provider:telnix", 9..15, "nearest: telnyx"),
        ("status:", 7..7, "one of failed, soft"),
        ("tool:", 5..5, "a value"),
        ("tool:a,", 7..7, "a value"),
        ("tool:>5", 5..7, "not tool"),
        ("tok:many", 4..8, "a number"),
        ("tok:5..4", 4..8, "takes nothing in"),
        ("dur:5parsecs", 4..12, "a length of time"),
        ("since:tomorow", 6..13, "a time"),
        ("since:>5h", 6..9, "a time"),
        ("(a or b", 0..1, "a `)`"),
        ("a)", 1..2, "nothing was opened"),
        ("()", 0..2, "between the brackets"),
        ("a or", 4..4, "behind `or`"),
        ("or a", 0..1, "before `or`"),
        ("- a", 1..2, "right behind `-`"),
        ("\"open", 0..5, "ends this text"),
        ("a \"\"", 2..4, "between the quotes"),
        ("/open", 0..1, "ends this regular expression"),
        ("/api/users", 0..5, "double quotes"),
        ("tool:~(", 5..7, "no regular expression"),
        ("f(x)", 1..2, "a blank here"),
        ("http://x", 0..4, "none is called http"),
        ("payload:x", 0..7, "a path behind payload"),
        ("payload.a..b:x", 10..11, "a name, * or **"),
        ("payload.a[x]:1", 10..11, "a number, *"),
        ("payload.a[0:1", 11..12, "a `]`"),
        ("payload.a", 9..9, "a `:` and a value"),
        ("é durr:3", 3..7, "nearest: dur"),
    ] {
        let fault = Query::parse(text, &terms()).expect_err(text);
        let said = fault.to_string();
        assert!(said.contains(says), "{text}: {said}");
        assert_eq!(fault.at, at, "{text}: {said}");
    }
}

#[test]
fn exploding_patterns_are_refused_with_a_sentence() {
    for text in ["/(a{1000}){1000}/", "tool:~(((a{100}){100}){100})"] {
        let fault = Query::parse(text, &terms()).expect_err(text);
        assert!(fault.to_string().contains("grow too large"), "{fault}");
    }
    // What backtracks for ever elsewhere takes time in proportion to the text here.
    let query = parse("text:~(a+)+$");
    assert_eq!(query.to_string(), "text:~\"(a+)+$\"");
}

#[test]
fn brackets_nest_to_a_depth_and_no_further() {
    let deep = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(parse(&deep(32)).to_string(), "a");
    let fault = Query::parse(&deep(100_000), &terms()).unwrap_err();
    assert_eq!(fault.to_string(), "fewer brackets in brackets");
    let many = "a ".repeat(1000);
    assert_eq!(
        Query::parse(&many, &terms()).unwrap_err().to_string(),
        "fewer clauses"
    );
}

#[test]
fn the_caret_stands_below_the_character() {
    let text = "é durr:>3s";
    let fault = Query::parse(text, &terms()).unwrap_err();
    let picture = fault.picture(text);
    let lines: Vec<&str> = picture.lines().collect();
    assert_eq!(&lines[..2], ["  é durr:>3s", "    ^^^^"]);
    assert!(lines[2].ends_with("nearest: dur"), "{picture}");
}

#[test]
fn clauses_are_queries_of_their_own() {
    let query = parse("status:failed (a or b) -tool:x");
    let clauses = query.clauses();
    let printed: Vec<String> = clauses.iter().map(Query::to_string).collect();
    assert_eq!(printed, ["status:failed", "a or b", "-tool:x"]);
    assert_eq!(query.without(1).to_string(), "status:failed -tool:x");
    assert_eq!(query.without(9), query);
}

#[test]
fn a_prompt_completes_fields_words_names_and_keys() {
    let mut offers = Offers::default();
    for tool in ["pay.refund", "pay.quote", "web search", "pay.refund"] {
        offers.name(Field::Tool, tool);
    }
    offers.keys = Keys::within(1 << 20);
    offers
        .keys
        .look(br#"{"amount": 1, "amounts": [{"net": 1}], "charge": {"id": 1}}"#);
    for (typed, from, options, end) in [
        ("st", 0, vec!["status", "step"], ":"),
        ("a -(st", 4, vec!["status", "step"], ":"),
        ("status:f", 7, vec!["failed"], " "),
        ("status:failed,so", 14, vec!["soft"], " "),
        ("-has:un", 5, vec!["unanswered"], " "),
        ("tool:x", 5, vec![], " "),
        ("tool:P", 5, vec!["pay.quote", "pay.refund"], " "),
        ("tool:pay.quote,w", 15, vec!["\"web search\""], " "),
        ("agent:", 6, vec![], " "),
        ("pay", 0, vec!["payload"], "."),
        ("a (payload.am", 11, vec!["amount", "amounts"], "."),
        ("payload.amounts.", 16, vec!["*"], "."),
        ("-payload.amounts.*.n", 19, vec!["net"], ":"),
        ("payload.charge.id", 15, vec!["id"], ":"),
        ("payload.none.", 13, vec![], ":"),
    ] {
        let options = options.into_iter().map(Into::into).collect();
        let completion = Completion { from, options, end };
        assert_eq!(complete(typed, &offers), completion, "{typed}");
    }
    for field in fields() {
        assert!(!field.about().is_empty());
        for word in field.values() {
            parse(&format!("{}:{word}", field.word()));
        }
    }
}

#[test]
fn services_are_asked_for_what_holds_in_any_case() {
    let service = parse("status:failed kind:tool_call step:s1 agent:a1 tool:x").service();
    assert_eq!(service.status, Some(crate::model::RunStatus::Failed));
    assert_eq!(service.kind, Some(crate::model::Kind::ToolCall));
    assert_eq!(
        (service.step.as_deref(), service.agent.as_deref()),
        (Some("s1"), Some("a1"))
    );
    for text in [
        "status:failed or a",
        "-status:failed",
        "status:failed,running",
        "status:soft kind:tool agent:a*",
        "agent:~a",
    ] {
        assert_eq!(parse(text).service(), Service::default(), "{text}");
    }
    let split = parse("status:failed since:24h").split("telnyx");
    assert_eq!(
        (split.api, split.local),
        (
            vec!["status:failed".to_owned()],
            vec!["since:24h".to_owned()]
        )
    );
    assert!(parse("status:failed").split("vectara").api.is_empty());
}

fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z0-9.*_-]{1,6}", "[ -~é\u{2003}\"\\\\]{1,8}"]
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    value::quote(&mut out, text).unwrap();
    out
}

fn clause() -> impl Strategy<Value = String> {
    prop_oneof![
        word().prop_map(|text| quoted(&text)),
        (
            "(tool|agent|mission|err|text|payload\\.a\\[0\\]|payload\\.\\*)",
            word()
        )
            .prop_map(|(field, text)| format!("{field}:{}", quoted(&text))),
        ("(tool|step)", "[a-z*.]{1,6}").prop_map(|(field, text)| format!("{field}:{text}")),
        "(tool|text):~[a-z.+/]{1,6}(/i)?",
        "/[a-z.+ ]{1,6}/i?",
        "dur:(>|>=|<|<=|)[0-9]{1,3}(s|m|h|ms)",
        "tok:[0-9]{1,2}(k|M|)\\.\\.",
        "payload\\.[a-z]{1,3}:(>|<=)\"?[0-9]{1,4}",
        "status:(failed|soft)(,running)?",
        "since:(24h|today|2026-08-2[0-9])",
        "[a-z0-9,:.~]{1,6}",
    ]
}

fn query() -> impl Strategy<Value = String> {
    let node = clause().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|text| format!("-{text}")),
            (inner.clone(), "( | or |  )", inner.clone())
                .prop_map(|(a, by, b)| format!("({a}{by}{b})")),
            (inner.clone(), "( | or )", inner).prop_map(|(a, by, b)| format!("{a}{by}{b}")),
        ]
    });
    prop_oneof![node, "[ -~é]{0,24}"]
}

proptest! {
    #[test]
    fn what_is_printed_reads_as_the_same(text in query()) {
        if let Ok(query) = Query::parse(&text, &terms()) {
            let printed = query.to_string();
            let again = Query::parse(&printed, &terms());
            prop_assert_eq!(again.as_ref().ok(), Some(&query), "{} → {}", text, printed);
            prop_assert_eq!(again.unwrap().to_string(), printed);
        }
    }

    #[test]
    fn any_text_is_a_query_or_has_a_fault_in_it(text in "\\PC{0,40}") {
        if let Err(fault) = Query::parse(&text, &terms()) {
            prop_assert!(text.get(fault.at.clone()).is_some(), "{:?} in {}", fault.at, text);
            prop_assert!(!fault.to_string().is_empty());
        }
    }
}
