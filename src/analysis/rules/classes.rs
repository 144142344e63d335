//! The ways in which tools of the world tell that they failed, by class, each with what only looks so.

use super::tests::asked;
use crate::analysis::Rule;

const FAILED: &[(&str, &str, Rule)] = &[
    (
        "send_email",
        r#"{"message":"Recipient is not valid","accepted":[],"rejected":["a"]}"#,
        Rule::ErrorField,
    ),
    (
        "get_weather",
        r#"{"cod":"404","message":"city not found"}"#,
        Rule::HttpStatus,
    ),
    (
        "create_user",
        r#"{"detail":[{"loc":["email"],"msg":"field required"}]}"#,
        Rule::ErrorField,
    ),
    ("api", r#"{"detail":"Not authenticated"}"#, Rule::Traceback),
    (
        "api",
        r#"{"message":"Missing Authentication Token"}"#,
        Rule::Traceback,
    ),
    (
        "api",
        r#"{"code":40001,"msg":"appid missing"}"#,
        Rule::ErrorField,
    ),
    (
        "jira",
        r#"{"errorMessages":["Issue does not exist"],"errors":{}}"#,
        Rule::ErrorField,
    ),
    (
        "run_js",
        r#"{"name":"TypeError","message":"x is not a function","stack":"at y"}"#,
        Rule::ErrorField,
    ),
    (
        "place_call",
        r#"{"call_id":"c","call_status":"failed","cause":"x","answered_at":null}"#,
        Rule::ErrorField,
    ),
    (
        "charge_card",
        r#"{"id":"ch","amount":3,"failure_message":"Your card was declined."}"#,
        Rule::ErrorField,
    ),
    (
        "start_job",
        r#"{"job":"j","state":"FAILED","message":"no worker"}"#,
        Rule::ErrorField,
    ),
    (
        "es_bulk",
        r#"{"took":3,"errors":true,"items":[{"index":{"status":400}}]}"#,
        Rule::ErrorField,
    ),
    (
        "graphql",
        r#"{"data":{"user":null},"errors":[{"message":"no scope"}]}"#,
        Rule::ErrorField,
    ),
    (
        "exec",
        r#"{"exitCode":null,"signal":"SIGKILL","stdout":"","stderr":""}"#,
        Rule::ErrorField,
    ),
    ("mint", r#"{"success":"no"}"#, Rule::SuccessFalse),
    (
        "deploy",
        r#""Deployment of api to staging failed.""#,
        Rule::Traceback,
    ),
    (
        "book_room",
        r#""The room is already booked. Nothing was reserved.""#,
        Rule::Traceback,
    ),
    (
        "upload_file",
        r#""Upload rejected: file exceeds 10 MB""#,
        Rule::Traceback,
    ),
    (
        "web_search",
        r#""No results: the search backend returned HTTP 500""#,
        Rule::Traceback,
    ),
    (
        "get_rate",
        r#""Tool 'get_rate' is not registered. Available tools: a, b""#,
        Rule::Traceback,
    ),
    (
        "termin",
        r#""Fehler beim Anlegen des Termins: Zugriff verweigert""#,
        Rule::Traceback,
    ),
    (
        "ask",
        r#""I was unable to open the contract.""#,
        Rule::Traceback,
    ),
    (
        "run",
        r#""ToolResult(success=False, error='no such index')""#,
        Rule::Traceback,
    ),
    (
        "run",
        r#""success: false\nerror: index missing""#,
        Rule::Traceback,
    ),
    ("exec", r#""foo failed (exit code 2)""#, Rule::Traceback),
    (
        "git",
        r#""To example.org\n ! [rejected] main -> main\nhint: fetch first""#,
        Rule::Traceback,
    ),
    (
        "soap",
        r#""<e:Envelope><e:Body><e:Fault><faultcode>x</faultcode></e:Fault></e:Body></e:Envelope>""#,
        Rule::Traceback,
    ),
    (
        "web_get",
        r#"{"url":"u","status_code":200,"content":"Sign in to Corp\nPassword\n"}"#,
        Rule::Html,
    ),
    (
        "fetch",
        r#""<html><head><title>Just a moment...</title>""#,
        Rule::Html,
    ),
    (
        "get_customer",
        r#"{"status":"error","message":"database is locked","customer":null}"#,
        Rule::ErrorField,
    ),
];

const ANSWERS: &[(&str, &str)] = &[
    ("check_availability", r#""The slot is not available.""#),
    (
        "check_stock",
        r#"{"sku":"A","status":"unavailable","reason":"discontinued"}"#,
    ),
    (
        "get_order",
        r#"{"id":"o1","status":"rejected","reason":"fraud"}"#,
    ),
    (
        "get_charge",
        r#"{"id":"c","failure_message":"Your card was declined.","amount":3}"#,
    ),
    ("moderate", r#"{"status":"rejected","reason":"spam"}"#),
    (
        "translate_text",
        r#""The connection timed out. Please try again later.""#,
    ),
    (
        "answer_question",
        r#""You cannot return items after 30 days.""#,
    ),
    (
        "send_email",
        r#""Email sent. Attachments must be smaller than 10 MB next time.""#,
    ),
    (
        "cancel_order",
        r#""Order cancelled. The deposit is not refundable.""#,
    ),
    (
        "search_docs",
        r#""If the request is rejected, retry with a new token.""#,
    ),
    (
        "create_ticket",
        r#"{"id":"T-1","title":"Login fails","status":"open","type":"error"}"#,
    ),
    ("crm.note", r#""Note saved: customer could not log in""#),
    ("python", r#""Result: 3 rows were not matched""#),
    ("python", r#"{"stdout":"a\nerror: 0.02\n","stderr":""}"#),
    (
        "get_conversation",
        r#""I could not log in yesterday, can you help?""#,
    ),
    (
        "image.describe",
        r#""An error dialog saying 'Access denied' is visible.""#,
    ),
    ("a", r#"{"code":"SPRING26","message":"10 percent off"}"#),
    ("a", r#"{"code":1,"msg":"success","data":null}"#),
    ("a", r#"{"failed":[{"id":1}],"succeeded":[{"id":2}]}"#),
    ("ads_report", r#"{"clicks":0,"rejected":3,"accepted":0}"#),
    ("read_file", r#""<html><head><title>404 Not Found</title>""#),
    (
        "get_job",
        r#"{"id":"j","state":"failed","error":"OOM","retries":2}"#,
    ),
    (
        "get_message",
        r#"{"id":"m","delivered":false,"reason":"carrier queue"}"#,
    ),
    (
        "validate_schema",
        r#"{"valid":false,"errors":["name is missing"]}"#,
    ),
    (
        "run_tests",
        r#"{"exit_code":1,"output":"2 of 40 did not pass"}"#,
    ),
];

#[test]
fn tools_of_many_kinds_tell_that_they_failed() {
    for (tool, result, expected) in FAILED {
        assert_eq!(
            asked(tool, "{}", result),
            Some(*expected),
            "{tool} {result}"
        );
    }
}

#[test]
fn answers_that_sound_like_failures_are_left_alone() {
    for (tool, result) in ANSWERS {
        assert_eq!(asked(tool, "{}", result), None, "{tool} {result}");
    }
}
