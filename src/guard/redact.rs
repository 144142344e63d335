//! Secrets masked, the same secret always by the same placeholder of one output. Masks the credentials
//! in use wherever they occur and, in JSON, the values under keys that are named like secrets. It never
//! fails and never lets through what it could not read. Names of keys are judged in `text::keys`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher as _;
use std::sync::Arc;

use secrecy::SecretString;

use super::mask_json;
use super::needles::Needles;
use crate::text::json;

/// What a JSON text is a record of, as far as masking cares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Anything.
    #[default]
    Any,
    /// A task of Agentex, whose `params` are somebody's credentials as often as not.
    AgentexTask,
}

impl Sort {
    /// What records of a service are.
    pub fn of(provider: &str) -> Self {
        if provider == "agentex" {
            Self::AgentexTask
        } else {
            Self::Any
        }
    }
}

/// Knows the credentials in use. Cloning shares them.
#[derive(Clone, Default)]
pub struct Redactor(Option<Arc<Needles>>);

impl Redactor {
    /// Of these; those of fewer than 6 characters would mask ordinary words and are left out.
    pub fn new(credentials: Vec<SecretString>) -> Self {
        Self(Needles::new(credentials).map(Arc::new))
    }

    /// The masking of one output, in which placeholders are numbered in order of appearance.
    pub fn masking(&self) -> Masking {
        Masking {
            needles: self.0.clone(),
            ..Masking::default()
        }
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor")
    }
}

/// The masking of one output. A clone goes on counting by itself.
#[derive(Clone, Default)]
pub struct Masking {
    needles: Option<Arc<Needles>>,
    /// Placeholders by the hash of what they stand for: the secrets themselves are not kept.
    known: HashMap<u64, Arc<str>>,
    hashes: RandomState,
    masked: usize,
}

impl std::fmt::Debug for Masking {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Masking({} masked)", self.masked)
    }
}

impl Masking {
    /// How many places were masked so far.
    pub fn masked(&self) -> usize {
        self.masked
    }

    /// Text with the credentials in use masked, also one that a cut (`…`) at the end goes through, and
    /// with the values of secret keys where members of JSON stand in it.
    pub fn text<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        let has_members = text.contains('{') && text.contains("\":");
        let by_key = has_members.then(|| mask_json::masked(self, text.as_bytes(), Sort::Any));
        let by_key = by_key.flatten();
        let shown = by_key.as_deref().unwrap_or(text.as_bytes());
        let whole = match self.credentials(shown).or(by_key) {
            None => Cow::Borrowed(text),
            Some(masked) => Cow::Owned(String::from_utf8_lossy(&masked).into_owned()),
        };
        let Some(needles) = self.needles.clone() else {
            return whole;
        };
        let Some(found) = needles.find_cut(whole.as_bytes()) else {
            return whole;
        };
        let before = whole.get(..found.start).unwrap_or_default();
        let placeholder = self.placeholder("key", needles.secret(found.secret).as_bytes());
        Cow::Owned(format!("{before}{placeholder}…"))
    }

    /// JSON text, byte for byte but for masked values, which become strings. What is no JSON is masked
    /// as text, and besides as far as it resembles JSON (a body cut in the middle).
    pub fn json<'a>(&mut self, bytes: &'a [u8], sort: Sort) -> Cow<'a, [u8]> {
        let masked = mask_json::masked(self, bytes, sort);
        if self.needles.is_none() || json::fault(bytes).is_none() {
            return masked.map_or(Cow::Borrowed(bytes), Cow::Owned);
        }
        let shown = masked.as_deref().unwrap_or(bytes);
        match self.credentials(shown) {
            Some(whole) => Cow::Owned(whole),
            None => masked.map_or(Cow::Borrowed(bytes), Cow::Owned),
        }
    }

    /// Whether a credential in use stands in it.
    pub(super) fn finds(&self, bytes: &[u8]) -> bool {
        let needles = self.needles.as_ref();
        needles.is_some_and(|needles| needles.find(bytes, 0).is_some())
    }

    /// The same with the credentials in use masked; none where there are none in it.
    pub(super) fn credentials(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut found = self.needles.as_ref()?.find(bytes, 0)?;
        let needles = self.needles.clone()?;
        let mut out = Vec::with_capacity(bytes.len());
        let mut copied = 0;
        loop {
            out.extend_from_slice(bytes.get(copied..found.start).unwrap_or_default());
            let placeholder = self.placeholder("key", needles.secret(found.secret).as_bytes());
            out.extend_from_slice(placeholder.as_bytes());
            copied = found.end;
            match needles.find(bytes, copied) {
                Some(next) => found = next,
                None => break,
            }
        }
        out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
        Some(out)
    }

    /// What stands for this value, named after the key under which it was met first.
    pub(super) fn placeholder(&mut self, key: &str, value: &[u8]) -> Arc<str> {
        self.masked += 1;
        let number = self.known.len() + 1;
        match self.known.entry(self.hashes.hash_one(value)) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => new
                .insert(format!("‹{}#{number}›", name(key)).into())
                .clone(),
        }
    }
}

/// The key if it can stand in a placeholder as it is.
fn name(key: &str) -> &str {
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if (1..=40).contains(&key.len()) && key.chars().all(fine) {
        key
    } else {
        "key"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
    fn lists_of_headers_are_masked_by_name() {
        for (sent, masked) in [
            (
                r#"[{"name":"Authorization","value":"Bearer x"},{"name":"Accept","value":"a"}]"#,
                r#"[{"name":"Authorization","value":"‹Authorization#1›"},{"name":"Accept","value":"a"}]"#,
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
}
