//! Values that are named by a key, or by a neighbour, and those that only look as if they were.

use super::*;

fn shown(sent: &str) -> String {
    let masked = Redactor::default()
        .masking()
        .json(sent.as_bytes(), Sort::Any)
        .into_owned();
    String::from_utf8(masked).unwrap()
}

#[test]
fn what_stands_under_a_name_that_is_often_none_has_to_look_like_a_secret() {
    for (sent, masked) in [
        (r#"{"pass":"hunter2"}"#, r#"{"pass":"‹pass#1›"}"#),
        (r#"{"PASS":"abcxyz"}"#, r#"{"PASS":"‹PASS#1›"}"#),
        (r#"{"pw":"zetaPw6"}"#, r#"{"pw":"‹pw#1›"}"#),
        (
            r#"{"userpass":"zetaPw6"}"#,
            r#"{"userpass":"‹userpass#1›"}"#,
        ),
        (r#"{"db_pass":"zetaPw6"}"#, r#"{"db_pass":"‹db_pass#1›"}"#),
        (r#"{"x-auth":"Zk3mQ9xT2"}"#, r#"{"x-auth":"‹x-auth#1›"}"#),
        (r#"{"auth":"Zk3mQ9xT2"}"#, r#"{"auth":"‹auth#1›"}"#),
        (
            r#"{"apiKeyValue":"abc"}"#,
            r#"{"apiKeyValue":"‹apiKeyValue#1›"}"#,
        ),
        (
            r#"{"myApiToken2":"abc"}"#,
            r#"{"myApiToken2":"‹myApiToken2#1›"}"#,
        ),
        (
            r#"{"clientSecretOld":"a"}"#,
            r#"{"clientSecretOld":"‹clientSecretOld#1›"}"#,
        ),
        (
            r#"{"name":"pass","value":"zetaPw6"}"#,
            r#"{"name":"pass","value":"‹pass#1›"}"#,
        ),
        (
            r#"{"sent":"{\"pass\":\"zetaPw6\",\"token2\":\"a b\"}"}"#,
            r#"{"sent":"{\"pass\":\"‹pass#1›\",\"token2\":\"‹token2#2›\"}"}"#,
        ),
    ] {
        assert_eq!(shown(sent), masked);
    }
    for sent in [
        r#"{"pass":12,"fail":0}"#,
        r#"{"pass":true,"pw":null}"#,
        r#"{"pass":"failed","pass_rate":"97%","passed":"hunter2"}"#,
        r#"{"pass":{"total":3},"bypass":"hunter2","compass":"n0rth-w3st"}"#,
        r#"{"auth":"basic","x-auth":"oauth2","auth2":"https://a.b/c12345678"}"#,
        r#"{"auth":{"type":"bearer"},"author":"zetaPw6"}"#,
        r#"{"token2":7,"tokens":"3","token_type":"bearer2","max_tokens":9}"#,
        r#"{"otp":"1a2b3c","pin":"a123","cvc":"123"}"#,
    ] {
        assert_eq!(shown(sent), sent);
    }
}

#[test]
fn the_string_behind_the_name_of_a_secret_in_an_array_is_its_value() {
    for (sent, masked) in [
        (
            r#"["tool","--api-key","kL9mN0pQ"]"#,
            r#"["tool","--api-key","‹api-key#1›"]"#,
        ),
        (
            r#"{"args":["--password","etaPw7","-v"]}"#,
            r#"{"args":["--password","‹password#1›","-v"]}"#,
        ),
        (
            "[\n  \"--token\",\n  \"qwertz\"\n]",
            "[\n  \"--token\",\n  \"‹token#1›\"\n]",
        ),
        (
            r#"[["password","zetaPw6"],[ "user", "eve" ]]"#,
            r#"[["password","‹password#1›"],[ "user", "eve" ]]"#,
        ),
        (
            r#"["X-Api-Key","Zk3mQ9xT2"]"#,
            r#"["X-Api-Key","‹X-Api-Key#1›"]"#,
        ),
        (
            r#"["Authorization","Bearer Zk3mQ9xT2vLp8"]"#,
            r#"["Authorization","Bearer ‹Authorization#1›"]"#,
        ),
        (
            r#"["Authorization","Bearer ‹Authorization#1›"]"#,
            r#"["Authorization","Bearer ‹Authorization#1›"]"#,
        ),
        (
            r#"{"password":"token hunter2hunter2"}"#,
            r#"{"password":"‹password#1›"}"#,
        ),
        (
            r#"{"sent":"[[\"password\",\"zetaPw6\"]]"}"#,
            r#"{"sent":"[[\"password\",\"‹password#1›\"]]"}"#,
        ),
        (
            r#"{"sent":"{\"args\":[\"--password\",\"zetaPw6\"]}"}"#,
            r#"{"sent":"{\"args\":[\"--password\",\"‹password#1›\"]}"}"#,
        ),
    ] {
        assert_eq!(shown(sent), masked);
    }
    for sent in [
        r#"["username","password"]"#,
        r#"["password","username"]"#,
        r#"["token","secret2"]"#,
        r#"["password","zetaPw6","other"]"#,
        r#"["a","password","zetaPw6"]"#,
        r#"["--password","--user","eve1"]"#,
        r#"["--password","Password to log in with 2"]"#,
        r#"{"option":"--password","example":"zetaPw6"}"#,
        r#"["--max-tokens","1024"]"#,
        r#"["--token","$TOKEN"]"#,
        r#"["password","${DB_PASS_1}"]"#,
    ] {
        assert_eq!(shown(sent), sent);
    }
}

#[test]
fn arrays_are_read_alike_in_any_windows() {
    let text =
        r#"{"a":[["password","zetaPw6"],["x","--api-key","kL9mN0pQ","-v"]],"pass":"zetaPw8"}"#;
    for window in 1..text.len() {
        let (mut walk, mut edits) = (crate::guard::MaskJson::default(), Vec::new());
        let mut masking = Redactor::default().masking();
        let (mut at, mut size) = (0, window);
        while at < text.len() {
            let end = (at + size).min(text.len());
            let part = &text.as_bytes()[at..end];
            walk.run(&mut masking, part, end == text.len(), &mut edits);
            size = if walk.at() > at { window } else { 2 * size };
            at = walk.at();
        }
        let seen = crate::guard::edits::applied(text.as_bytes(), 0, &edits);
        assert_eq!(String::from_utf8_lossy(&seen), shown(text), "{window}");
    }
}

#[test]
fn what_is_sent_to_be_let_in_is_masked_however_plain_it_looks() {
    let telegram =
        "https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw4/getMe";
    for (sent, masked) in [
        (
            "Authorization: Bearer qqqq.wwww.eeee",
            "Authorization: Bearer ‹",
        ),
        ("authorization: bearer Zk3mQ9xT", "authorization: bearer ‹"),
        ("sent bearer Zk3mQ9xT2vLp8 to it", "sent bearer ‹"),
        ("a Bearer Zk3mQ9xT2vLp8.", "a Bearer ‹"),
        (
            "API_TOKEN=\"abcDEF 123ghi\" run",
            "API_TOKEN=\"‹API_TOKEN#1›\" run",
        ),
        ("API_TOKEN='abc def ghi'", "API_TOKEN='‹API_TOKEN#1›'"),
        (
            "<password>pwInXml77</password>",
            "<password>‹password#1›</password>",
        ),
        (
            "<w:apiKey a=\"b\">k1</w:apiKey><n>k1x2</n>",
            "<w:apiKey a=\"b\">k1</w:apiKey><n>k1x2</n>",
        ),
        (
            "<w:apiKey a=\"b\">kx12</w:apiKey>",
            "<w:apiKey a=\"b\">‹apiKey#1›</w:apiKey>",
        ),
        (
            telegram,
            "https://api.telegram.org/bot‹telegram-token#1›/getMe",
        ),
        (
            "mysql -u root -pTopS3cret99 shop",
            "mysql -u root -p‹password#1› shop",
        ),
        (
            "sshpass -p x ssh -p 22 host",
            "sshpass -p ‹password#1› ssh -p 22 host",
        ),
        (
            "CREATE USER eve IDENTIFIED BY 'x';",
            "CREATE USER eve IDENTIFIED BY '‹password#1›';",
        ),
    ] {
        let seen = Redactor::default().masking().text(sent).into_owned();
        assert!(seen.starts_with(masked), "{sent}: {seen}");
        let seen = shown(&serde_json::to_string(&[sent]).unwrap());
        let seen: Vec<String> = serde_json::from_str(&seen).unwrap();
        assert!(seen[0].starts_with(masked), "{sent}: {}", seen[0]);
    }
}

#[test]
fn what_only_speaks_of_being_let_in_stays() {
    for sent in [
        "Authorization: Bearer <token>",
        "Authorization: Bearer $TOKEN_NAME",
        "Authorization: Bearer {token1234}",
        "Authorization: Bearer xxxxxxxxxx",
        "Authorization: Bearer YOUR_API_KEY_1",
        "Authorization: Bearer config.token.value",
        "Authorization: Bearer token",
        "Authorization: Bearer authentication is used",
        "the bearer authentication scheme 2, bearer oauth2-tokens, a bear 123abc456def",
        "bearer https://a.b/c1d2e3f4g5",
        "API_TOKEN=\"enter your token here\"",
        "API_TOKEN='the key of the service'",
        "api_token = \"some words here\"",
        "<password>string</password>, <token></token>, <class>abc123</class>",
        "<tokens>123456</tokens><author>eve123</author>",
        "mkdir -p a1b2c3 && ssh -p 22 host && cp -pr a b",
        "mysql --help; grep -pattern1 file",
        "mysql -u root -p shop1",
        "docker run --name mysql -p3306:3306 mysql:8",
        "identified by 2 people, 'quoted1' words, it was said by 'eve1'",
        "a non-profit-1 and cross-platform2",
    ] {
        assert_eq!(Redactor::default().masking().text(sent), sent);
        let sent = serde_json::to_string(&[sent]).unwrap();
        assert_eq!(shown(&sent), sent);
    }
}
