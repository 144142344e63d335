use super::*;
use crate::text::json;
use proptest::prelude::*;

fn redactor() -> Redactor {
    Redactor::new(vec![
        SecretString::from("sk-live-1234"),
        SecretString::from("pa\"ss\\word"),
    ])
}

fn json(sent: &str) -> String {
    let masked = redactor()
        .masking()
        .json(sent.as_bytes(), Sort::Any)
        .into_owned();
    String::from_utf8(masked).unwrap()
}

#[test]
fn credentials_are_masked_in_plain_text() {
    let mut masking = redactor().masking();
    let sent = "Bearer sk-live-1234, pa\"ss\\word and sk-live-1234";
    assert_eq!(masking.text(sent), "Bearer ‹key#1›, ‹key#2› and ‹key#1›");
    assert_eq!(masking.masked(), 3);
    assert!(matches!(masking.text("nothing here"), Cow::Borrowed(_)));
    assert_eq!(redactor().masking().text("pa\"ss\\word"), "‹key#1›");
}

#[test]
fn a_credential_that_was_cut_is_masked() {
    let mut masking = redactor().masking();
    assert_eq!(masking.text("with sk-live-12…"), "with ‹key#1›…");
    assert_eq!(masking.text("sk-live-1234 sk-liv…"), "‹key#1› ‹key#1›…");
    assert_eq!(masking.text("with sk-li…"), "with sk-li…");
    assert_eq!(masking.text("with sk-live-12"), "with sk-live-12");
}

#[test]
fn values_of_secret_keys_are_masked_and_the_rest_is_untouched() {
    for (sent, masked) in [
        (
            r#"{ "password" : "p" , "a":1.50,"a":2 }"#,
            r#"{ "password" : "‹password#1›" , "a":1.50,"a":2 }"#,
        ),
        (
            r#"{"api-key":"x","Token":"x","secret":"y"}"#,
            r#"{"api-key":"‹api-key#1›","Token":"‹api-key#1›","secret":"‹secret#2›"}"#,
        ),
        (
            r#"{"token":12345,"tokens":7,"max_tokens":9}"#,
            r#"{"token":"‹token#1›","tokens":7,"max_tokens":9}"#,
        ),
        (
            r#"{"settings":{"secrets":{"A":"b","C":[1]}}}"#,
            r#"{"settings":{"secrets":"‹secrets#1›"}}"#,
        ),
        (
            r#"[{"authorization":["a",{"b":"}"}]},"x"]"#,
            r#"[{"authorization":"‹authorization#1›"},"x"]"#,
        ),
        (
            r#"{"x":{"pass\u0077ord":"p"}}"#,
            r#"{"x":{"pass\u0077ord":"‹password#1›"}}"#,
        ),
    ] {
        assert_eq!(json(sent), masked);
    }
}

#[test]
fn what_says_nothing_stays() {
    for sent in [
        r#"{"token":null,"secret":true,"password":"","api_key":"****","cookie":{},"bearer":[ ]}"#,
        r#"{"token":"****1234","secret":"‹secret#1›","password":"[REDACTED]"}"#,
        r#"{"params":{"a":1},"token_count":4}"#,
        "\"plain\"",
        "",
    ] {
        assert_eq!(json(sent), sent);
    }
}

#[test]
fn credentials_are_masked_inside_json() {
    for (sent, masked) in [
        (r#"{"a":"x sk-live-1234 y"}"#, r#"{"a":"x ‹key#1› y"}"#),
        (r#"{"sk-live-1234":1}"#, r#"{"‹key#1›":1}"#),
        (r#"["pa\"ss\\word"]"#, r#"["‹key#1›"]"#),
        (r#"["\u0073k-live-1234\n"]"#, r#"["‹key#1›\n"]"#),
        (
            r#"{"t":"sk-live-1234","api_key":"sk-live-1234"}"#,
            r#"{"t":"‹key#1›","api_key":"‹key#1›"}"#,
        ),
    ] {
        assert_eq!(json(sent), masked);
    }
}

#[test]
fn numbers_are_masked_as_strings() {
    let mut masking = Redactor::new(vec![SecretString::from("987654")]).masking();
    let masked = masking.json(b"[19876541, 987.654]", Sort::Any).into_owned();
    assert_eq!(masked, "[\"‹key#1›\", 987.654]".as_bytes());
}

#[test]
fn json_in_a_string_is_looked_into() {
    assert_eq!(
        json(r#"{"arguments":"{\"password\": \"p\", \"n\":1}"}"#),
        r#"{"arguments":"{\"password\": \"‹password#1›\", \"n\":1}"}"#
    );
    let sent = r#"{"arguments":"{\"n\": \"\u00e9\"}"}"#;
    assert_eq!(json(sent), sent);
}

#[test]
fn json_in_json_in_json_is_looked_into() {
    let inner = r#"{"password":"hunter2!"}"#;
    let one = serde_json::json!({ "text": inner }).to_string();
    let two = serde_json::json!({ "output": one }).to_string();
    let masked = json(&two);
    assert!(!masked.contains("hunter2!"), "{masked}");
    assert!(masked.contains("‹password#1›"), "{masked}");
}

#[test]
fn what_json_in_a_string_says_is_masked_behind_any_escapes() {
    let token = ["ghp_", "0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"].concat();
    let says = [
        format!("first\n{token}\nlast"),
        format!("a\ttab\t{token} \"quoted\""),
        "\nDB_PASSWORD=hunter22x\n".to_owned(),
        "said \"password\": \"hunter22x\" and\nwent".to_owned(),
        "he said: 4111 1111 1111 1111\n\"ok\"".to_owned(),
        "\n4111 1111 1111 1111".to_owned(),
        "{\"password\" : \"hunter22x\",\n\"n\":1}".to_owned(),
        "[{\"name\": \"Authorization\", \"value\": \"hunter22x\"}]".to_owned(),
        "{\"VALUE\":\"hunter22x\", \"Key\":\"DB_PASSWORD\"}".to_owned(),
        "{\"n\":4111111111111111}".to_owned(),
        format!("{{\"a\":\"x\\n{token}\"}}"),
        format!(
            "{{\"a\":\"{}\"}}",
            token.replace('A', "\\u0041").replace('g', "\\u0067")
        ),
        format!("cut\n{}…", token.get(..16).unwrap_or_default()),
    ];
    let shown = |text: &str| {
        let shown = text.replace("\\u0041", "A").replace("\\u0067", "g");
        shown.contains("hunter22x") || shown.contains("4111") || shown.contains("0aB1cD2eF3gH")
    };
    for says in says {
        assert!(shown(&says), "{says}");
        let mut sent = says.clone();
        for depth in 0..3 {
            sent = serde_json::json!({ "text": sent }).to_string();
            let masked = json(&sent);
            assert!(!shown(&masked), "{depth}: {masked}");
            assert_eq!(json::fault(masked.as_bytes()), None, "{masked}");
        }
    }
}

#[test]
fn what_is_named_beside_a_value_is_not_said_of_it() {
    let drawn = "kP9vQz7LmW3xRt8YbN2cHd5sFg6uJ4aE";
    let sent = format!(r#"{{"digest":[],"a":["{drawn}", 1],"digest":"{drawn}"}}"#);
    let wanted = format!(r#"{{"digest":[],"a":["‹secret#1›", 1],"digest":"{drawn}"}}"#);
    assert_eq!(json(&sent), wanted);
    let inner = serde_json::json!({ "text": sent }).to_string();
    assert_eq!(
        json(&inner),
        serde_json::json!({ "text": wanted }).to_string()
    );
}

#[test]
fn what_other_writers_of_json_escape_hides_nothing() {
    for (sent, secret) in [
        (r#"{"note":"Card:\u00a04111 1111 1111 1111"}"#, "4111 1111"),
        (r#"{"m":"\u2014pass=Hunter22x"}"#, "Hunter22x"),
        (
            r#"{"m":"\u201cghp_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX\u201d"}"#,
            "0aB1cD2e",
        ),
        (r#"{"note":"ghp_0aB1cD2eF3g"}"#, "0aB1cD2e"),
        (r#"{"out":"{\"API Key\":\"hunter2\"}"}"#, "hunter2"),
        (r#"{"out":"{\"token \":\"hunter2\"}"}"#, "hunter2"),
        (r#"{"out":"{\"password\"\n:\"hunter2\"}"}"#, "hunter2"),
        (
            r#"{"out":"{\"said\":\"\\u2014pass=Hunter22x\"}"}"#,
            "Hunter22x",
        ),
    ] {
        assert!(!json(sent).contains(secret), "{sent}: {}", json(sent));
    }
}

#[test]
fn numbers_of_cards_are_masked_in_json_without_blanks() {
    assert_eq!(
        json(r#"{"card":4111111111111111,"n":4111111111111112,"ns":1795166597761000000}"#),
        r#"{"card":"‹card-number#1›","n":4111111111111112,"ns":1795166597761000000}"#
    );
}

#[test]
fn paths_of_modules_assign_nothing() {
    let sent = "test budget::token::lock_is_held ... ok, in secret::Store::open";
    assert_eq!(redactor().masking().text(sent), sent);
    let sent = serde_json::json!({ "out": format!("{sent}\nand more") }).to_string();
    assert_eq!(json(&sent), sent);
}

#[test]
fn a_key_says_nothing_of_values_that_are_not_its_own() {
    let drawn = "kP9vQz7LmW3xRt8YbN2cHd5sFg6uJ4aE";
    for sent in [
        format!(r#"{{"digest":[],"a":["{drawn}"]}}"#),
        format!(r#"{{"sha256":1,"{drawn}":2}}"#),
        format!(r#"["digest","{drawn}"]"#),
    ] {
        assert!(!json(&sent).contains(drawn), "{sent}");
    }
    let hash = format!(r#"{{"digest": "{drawn}", "n": 1}}"#);
    assert_eq!(json(&hash), hash);
}

#[test]
fn lists_of_headers_are_masked_by_name() {
    for (sent, masked) in [
        (
            r#"[{"name":"Authorization","value":"Bearer x"},{"name":"Accept","value":"a"}]"#,
            r#"[{"name":"Authorization","value":"Bearer ‹Authorization#1›"},{"name":"Accept","value":"a"}]"#,
        ),
        (
            r#"{"value" : "x" , "key" : "DB_PASSWORD"}"#,
            r#"{"value" : "‹DB_PASSWORD#1›" , "key" : "DB_PASSWORD"}"#,
        ),
        (
            r#"{"name":"x-api-key","in":{"name":"q"},"value":["a"]}"#,
            r#"{"name":"x-api-key","in":{"name":"q"},"value":"‹x-api-key#1›"}"#,
        ),
    ] {
        assert_eq!(json(sent), masked);
    }
    for sent in [
        r#"{"in":{"name":"token"},"value":"a"}"#,
        r#"{"name":"total_tokens","value":"a"}"#,
        r#"{"name":"token","name":"size","value":"a"}"#,
        r#"{"value":"a"} "name""#,
        r#"{"value":"a","name":7}"#,
    ] {
        assert_eq!(json(sent), sent);
    }
}

#[test]
fn secrets_in_json_within_a_sentence_are_masked() {
    let mut masking = redactor().masking();
    assert_eq!(
        masking.text(r#"order: {"api_key": "k-1", "n": 1} and sk-live-1234"#),
        r#"order: {"api_key": "‹api_key#1›", "n": 1} and ‹key#2›"#
    );
    assert_eq!(
        masking.text(r#"order: {"api_key":"k-1…"#),
        r#"order: {"api_key":"‹api_key#3›""#
    );
    let quote = r#"he said "no token": nothing"#;
    assert!(matches!(masking.text(quote), Cow::Borrowed(_)));
}

#[test]
fn params_of_an_agentex_task_are_masked_whole() {
    let sent = br#"{"params":{"k":"v"},"data":{"params":{"a":1}}}"#;
    let masked = Redactor::default()
        .masking()
        .json(sent, Sort::AgentexTask)
        .into_owned();
    assert_eq!(
        String::from_utf8(masked).unwrap(),
        r#"{"params":"‹params#1›","data":{"params":{"a":1}}}"#
    );
}

#[test]
fn what_is_no_json_is_masked_as_far_as_possible() {
    for (sent, masked) in [
        ("<p>sk-live-1234</p>", "<p>‹key#1›</p>"),
        ("pa\"ss\\word", "‹key#1›"),
        (r#"{"password":"hunt"#, r#"{"password":"‹password#1›""#),
        (
            r#"{"a":NaN,"password":"p"} {"token":"t"}"#,
            r#"{"a":NaN,"password":"‹password#1›"} {"token":"‹token#2›"}"#,
        ),
        (r#"{"secrets":{"a":["#, r#"{"secrets":"‹secrets#1›""#),
    ] {
        assert_eq!(json(sent), masked);
    }
}

#[test]
fn headers_in_json_in_strings_in_strings_are_masked() {
    let headers = r#"{"headers":[{"name":"Authorization","value":"approve"}]}"#;
    let mut sent = headers.to_owned();
    for depth in 0..=4 {
        let masked = json(&sent);
        assert!(!masked.contains("approve"), "{depth}: {masked}");
        sent = serde_json::json!({ "body": sent }).to_string();
    }
}

#[test]
fn deep_and_large_texts_take_linear_time() {
    let deep = format!(
        "{}1{}",
        "{\"secret_list\":[".repeat(100_000),
        "]}".repeat(100_000)
    );
    assert_eq!(json(&deep).len(), deep.len());
    let open = "{\"secret\":".repeat(100_000);
    assert_eq!(json(&open), "{\"secret\":\"‹secret#1›\"");
    let strings = format!("[{}1]", "\"\",".repeat(300_000));
    assert_eq!(json(&strings), strings);
}

#[test]
fn debug_shows_nothing() {
    let masking = redactor().masking();
    let shown = format!("{:?} {masking:?}", redactor());
    assert!(!shown.contains("sk-") && !shown.contains("word"));
}

proptest! {
    #[test]
    fn masked_json_is_json_without_the_secret(text in any::<String>(), n in any::<i32>()) {
        let value = serde_json::json!({
            text.clone(): [n, {"password": "hunter2!"}], "x": format!("{text}sk-live-1234{text}"),
        });
        let sent = value.to_string();
        let masked = json(&sent);
        prop_assert_eq!(json::fault(masked.as_bytes()), None);
        prop_assert!(!masked.contains("hunter2!") && !masked.contains("sk-live-1234"));
        prop_assert_eq!(json(&masked), masked);
    }

    #[test]
    fn any_bytes_pass(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let masked = redactor().masking().json(&bytes, Sort::Any).into_owned();
        prop_assert!(!masked.windows(12).any(|w| w == b"sk-live-1234"));
    }
}
