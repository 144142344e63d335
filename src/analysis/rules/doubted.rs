//! What only looks like a failure beside the rest of a result or of its call, and failures that look alike.

use super::tests::asked;

/// Tool, arguments and result: nothing failed.
#[rustfmt::skip]
const INNOCENT: &[(&str, &str, &str)] = &[
    ("annotate_image", r#"{"image":"a.png"}"#, r#"{"labels":["error","404"],"message":"error","confidence":0.93,"box":[1,2,3,4]}"#),
    ("ocr_region", r#"{"image":"a.png"}"#, r#"{"text":"Error","confidence":0.99,"bbox":[0,0,4,4]}"#),
    ("browser_click", r##"{"selector":"#s"}"##, r#"{"clicked":true,"text":"Failed","url_after":"https://x"}"#),
    ("set_label", r#"{"id":1}"#, r#"{"ok":true,"label_id":7,"text":"Error"}"#),
    ("create_label", r#"{"name":"error"}"#, r##"{"id":7,"message":"error","color":"#f00"}"##),
    ("get_button", "{}", r#"{"text":"Forbidden","x":1,"y":2}"#),
    ("ticket_create", r#"{"title":"Error"}"#, r#"{"id":"T1","message":"Error: login page is blank","status":"open","assignee":null}"#),
    ("crm.update_field", r#"{"f":"reason"}"#, r#"{"id":"C1","field":"reason","text":"Not found","updated_at":"2026-01-01"}"#),
    ("enum_lookup", r#"{"n":3}"#, r#"{"value":3,"text":"failed"}"#),
    ("code_to_text", r#"{"code":404}"#, r#"{"code":404,"text":"Not Found"}"#),
    ("search_logs", r#"{"q":"db"}"#, r#"{"type":"error","message":"db pool exhausted"}"#),
    ("search_logs", r#"{"q":"db"}"#, r#"[{"type":"error","message":"db pool exhausted"}]"#),
    ("search_logs", r#"{"q":"db"}"#, r#"{"hits":[{"type":"error","message":"db pool exhausted"}]}"#),
    ("get_log_line", r#"{"n":12}"#, r#"{"type":"error","message":"upstream refused"}"#),
    ("parse_document", r#"{"path":"a.xml"}"#, r#"{"type":"error","message":"Try later"}"#),
    ("kafka_consume", r#"{"topic":"dead"}"#, r#"{"type":"error","message":"order 7 has no price"}"#),
    ("console_messages", "{}", r#"{"type":"error","message":"x is undefined"}"#),
    ("query_elastic", r#"{"index":"logs","query":"level:error"}"#, r#"{"type":"error","message":"disk full"}"#),
    ("query_db", r#"{"sql":"select * from errors limit 1"}"#, r#"[{"error":"disk full","code":"E12","at":"2026"}]"#),
    ("sql", r#"{"sql":"select error, count(*) from jobs group by error"}"#, r#"[{"error":"timeout","count":4},{"error":"oom","count":2}]"#),
    ("sql", r#"{"sql":"select status, message from tickets where status='failed'"}"#, r#"[{"status":"failed","message":"card"},{"status":"failed","message":"bank"}]"#),
    ("lookup_code", r#"{"code":"E1102"}"#, r#"{"code":"E1102","message":"Brake pad worn","severity":2}"#),
    ("lookup_code", r#"{"code":"E1102"}"#, r#"{"error_code":"E1102","message":"Brake pad worn","severity":2}"#),
    ("calc_stats", r#"{"x":[1]}"#, r#"{"mean":2,"error":0.01}"#),
    ("calc_stats", r#"{"x":[1]}"#, r#"{"mean":2,"error":"0.01 (3 %)"}"#),
    ("game_move", r#"{"m":"e4"}"#, r#"{"accepted":true,"message":"Check! You cannot castle now."}"#),
    ("json_schema_validate", r#"{"d":1}"#, r#"{"valid":false,"error":"name is required"}"#),
    ("stock_level", r#"{"sku":"x"}"#, r#"{"sku":"x","available":0,"status":"unavailable"}"#),
    ("search_code", r#"{"q":"raise"}"#, r#"{"matches":["raise ValueError('x')"]}"#),
    ("search_code", r#"{"q":"Error"}"#, r#"["Error: not found","Error: denied"]"#),
    ("search_code", r#"{"q":"Error"}"#, r#""src/a.ts:3: throw new Error('not found')""#),
    ("note_to_self", r#"{"text":"x"}"#, r#"{"saved":true,"text":"Failed to call Bob, try again at 4"}"#),
    ("memory.store", r#"{"text":"x"}"#, r#"{"stored":true,"content":"Could not reach the bank"}"#),
    ("create_order", r#"{"k":"x"}"#, r#"{"id":"o1","paid":false,"status":"pending","message":"awaiting payment"}"#),
    ("create_order", r#"{"k":"x"}"#, r#"{"id":"o1","paid":false,"created":true,"message":"awaiting payment"}"#),
    ("create_draft", r#"{"k":"x"}"#, r#"{"id":"d","sent":false,"message":"Draft saved"}"#),
    ("start_call", r#"{"k":"x"}"#, r#"{"call_id":"i","completed":false,"message":"ringing"}"#),
    ("retry_job", r#"{"k":"x"}"#, r#"{"id":"j","status":"queued","last_error":"timeout","attempt":2,"message":"Queued again"}"#),
    ("retry_job", r#"{"k":"x"}"#, r#"{"id":"j","status":"queued","previous_error":"connection timed out"}"#),
    ("sync", "{}", r#"{"status":"completed","message":"Synced 40; 2 skipped because not found"}"#),
    ("post_comment", r#"{"text":"Failed again"}"#, r#"{"id":1,"text":"Failed again"}"#),
    ("post_comment", r#"{"text":"Failed again"}"#, r#"{"id":1,"body":"Error: it breaks"}"#),
    ("skill_roll", r#"{"skill":"stealth"}"#, r#"{"roll":4,"dc":12,"success":false}"#),
    ("compare_files", r#"{"a":1}"#, r#"{"ok":false,"differences":3}"#),
    ("get_page_state", r#"{"u":1}"#, r#"{"url":"u","has_error":true,"title":"t"}"#),
    ("get_form_config", r#"{"f":1}"#, r#"{"field":"email","error_message":"Enter a valid address","required":true}"#),
    ("get_room", r#"{"n":404}"#, r#"{"code":404,"name":"Room 404","message":"Projector on the left"}"#),
    ("ping", r#"{"h":"x"}"#, r#"{"reachable":false,"message":"Request timed out"}"#),
    ("service.health", r#"{"u":"x"}"#, r#"{"status":"failed","message":"db down"}"#),
];

/// Tool, arguments and result: the call failed.
#[rustfmt::skip]
const FAILED: &[(&str, &str, &str)] = &[
    ("send_sms", r#"{"to":"1"}"#, r#"{"message":"error"}"#),
    ("send_sms", r#"{"to":"1"}"#, r#"{"text":"Error"}"#),
    ("send_sms", r#"{"to":"1"}"#, r#"{"message":"Failed","request_id":"r1"}"#),
    ("send_sms", r#"{"to":"1"}"#, r#"{"message":"Unauthorized","request_id":"r1"}"#),
    ("call_api", r#"{"p":"x"}"#, r#"{"message":"Not Found"}"#),
    ("call_api", r#"{"p":"x"}"#, r#"{"message":"Forbidden"}"#),
    ("create_invoice", r#"{"n":1}"#, r#"{"type":"error","message":"customer is blocked"}"#),
    ("get_weather", r#"{"city":"x"}"#, r#"{"type":"error","message":"Rate limit exceeded"}"#),
    ("web_search", r#"{"q":"x"}"#, r#"{"type":"error","message":"The search backend timed out"}"#),
    ("get_weather", r#"{"city":"x"}"#, r#"{"error":"city not found"}"#),
    ("list_issues", r#"{"q":"x"}"#, r#"{"message":"Bad credentials","documentation_url":"https://x"}"#),
    ("list_issues", r#"{"q":"x"}"#, r#"{"message":"API rate limit exceeded","documentation_url":"https://x"}"#),
    ("set_thermostat", "{}", r#"{"applied":false,"detail":"device offline"}"#),
    ("vector_search", r#"{"q":"x"}"#, r#"{"detail":"Collection not found"}"#),
    ("write_file", r#"{"p":"x"}"#, r#""EROFS: read-only file system, open 'x'""#),
    ("write_file", r#"{"p":"x"}"#, r#"{"written":false,"message":"disk full"}"#),
    ("terraform", r#"{"c":"apply"}"#, r#""╷\n│ Error: Invalid provider""#),
    ("check_stock", r#"{"sku":"x"}"#, r#"{"success":false,"message":"warehouse service down"}"#),
    ("run_flow", r#"{"u":1}"#, r#"{"hasError":true,"message":"step 3 broke"}"#),
    ("run_flow", r#"{"u":1}"#, r#"{"isError":true,"result":"step 3 broke"}"#),
    ("run_query", r#"{"q":"x"}"#, r#"{"columns":[],"rows":[],"error":"table missing"}"#),
    ("run_query", r#"{"sql":"select"}"#, r#""psycopg2.errors.UndefinedTable: relation \"x\" does not exist""#),
    ("run_query", r#"{"sql":"select"}"#, r#""Binder Error: column x not found""#),
    ("run_query", r#"{"sql":"select"}"#, r#"{"state":"FAILED","statistics":{},"error":{"message":"x"}}"#),
    ("load_page", r#"{"u":"x"}"#, r#""net::ERR_NAME_NOT_RESOLVED at https://x""#),
    ("load_page", r#"{"u":"x"}"#, r#""Navigation timeout of 30000 ms exceeded""#),
    ("load_page", r#"{"u":"x"}"#, r#""page.goto: Timeout 30000ms exceeded.""#),
    ("load_page", r#"{"u":"x"}"#, r#""Navigation failed because page crashed!""#),
    ("node", r#"{"c":"x"}"#, r#""/a.js:1\nfoo\n^\n\nReferenceError: foo is not defined\n    at Object.<anonymous>""#),
    ("rag_query", r#"{"q":"b"}"#, r#"{"answer":null,"error":"index not ready"}"#),
    ("rag_query", r#"{"q":"b"}"#, r#""The knowledge base is temporarily unavailable. Please try again later.""#),
    ("salesforce.query", r#"{"q":"b"}"#, r#"[{"message":"unexpected token","errorCode":"MALFORMED_QUERY"}]"#),
    ("twitter.post", r#"{"q":"b"}"#, r#"{"title":"Forbidden","detail":"You are not allowed to create a Tweet","status":403,"type":"about:blank"}"#),
    ("twitter.post", r#"{"q":"b"}"#, r#"{"errors":[{"message":"duplicate"}],"title":"Invalid Request"}"#),
];

#[test]
fn a_fault_in_what_was_asked_for_is_none_of_the_calls() {
    for (tool, arguments, result) in INNOCENT {
        assert_eq!(asked(tool, arguments, result), None, "{tool} {result}");
    }
}

#[test]
fn a_fault_of_the_call_is_found_beside_what_else_it_gives() {
    for (tool, arguments, result) in FAILED {
        assert!(asked(tool, arguments, result).is_some(), "{tool} {result}");
    }
}
