//! What the name of a member says about its part in a result: a verdict, a wrapper round the real
//! content, a list of rows, where a text comes from. Exact names only, in the spellings that tools use.

/// The part that a member plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Key {
    /// `success`, `ok`: whether it went well.
    Success,
    /// `isError`.
    IsError,
    /// `error`, and names for its text.
    Error,
    /// `errors`.
    Errors,
    /// `timed_out`, `aborted`: what went wrong, as a word.
    Failed,
    /// `delivered`, `saved`: whether what was asked for was done.
    Done,
    /// How many of several failed.
    Failures,
    /// How many of several went well.
    Successes,
    /// `status`, which may mean anything.
    Status,
    /// `statusCode`, which means HTTP.
    StatusCode,
    /// `exit_code`.
    ExitCode,
    /// What a program complained of.
    Stderr,
    /// What a program said.
    Stdout,
    /// Holds what the tool gave: look inside.
    Wrapper,
    /// The same, or the data of a domain.
    Data,
    /// Holds text or parts of it.
    Content,
    /// Says in words what happened.
    Message,
    /// What came of several tasks.
    Results,
    /// Rows of data.
    Rows,
    /// How many rows.
    Count,
    /// Where a text comes from: it is somebody else's text.
    Source,
    /// What only an answer of a web server has.
    Http,
    /// The name of a status.
    Phrase,
    /// Says that something was left out on purpose.
    Partial,
    /// Says nothing about what came out.
    Neutral,
    /// `payment_error`: an error of something.
    SomeError,
    /// `call_status`: the state of something.
    SomeStatus,
    /// `type`, which may be `error`.
    Kind,
    /// What ended a program.
    Signal,
    /// Where in a program it happened.
    Stack,
    /// `valid`, `passed`: what a tool found that judges.
    Judged,
    /// Anything else.
    Other,
}

impl Key {
    /// As a bit of what an object has.
    pub(super) fn bit(self) -> u32 {
        1 << self as u8
    }

    /// Of the name between its quotes.
    #[expect(clippy::too_many_lines, reason = "one table of names")]
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"success" | b"ok" | b"succeeded" | b"successful" | b"is_success" | b"isSuccess"
            | b"Success" | b"OK" | b"Ok" => Self::Success,
            b"isError" | b"is_error" | b"iserror" | b"IsError" | b"hasError" | b"has_error" => {
                Self::IsError
            }
            b"error" | b"Error" | b"err" | b"errorMessage" | b"error_message" | b"errorMsg"
            | b"error_msg" | b"exception" | b"error_description" | b"errorType" | b"error_type"
            | b"__type" | b"failure_reason" | b"failureReason" | b"errorDescription"
            | b"faultstring" | b"error_detail" | b"errorDetail" | b"error_code" | b"errorCode"
            | b"fault" | b"Fault" | b"Exception" | b"exceptionMessage" | b"ExceptionMessage"
            | b"ErrorMessage" | b"ErrorCode" | b"error_summary" | b"errorText" | b"error_text"
            | b"err_msg" | b"errmsg" | b"errMsg" | b"errcode" | b"err_code" | b"errCode"
            | b"errno" | b"error_details" | b"errorDetails" | b"error_reason" | b"errorReason"
            | b"errorInfo" | b"error_info" => Self::Error,
            b"errors" | b"Errors" | b"errorMessages" | b"error_messages" | b"exceptions" => {
                Self::Errors
            }
            b"timed_out" | b"timedOut" | b"timeout" | b"aborted" | b"crashed" | b"is_failed"
            | b"isFailed" | b"killed" | b"oom_killed" => Self::Failed,
            b"delivered" | b"sent" | b"saved" | b"applied" | b"created" | b"updated"
            | b"deleted" | b"accepted" | b"completed" | b"executed" | b"uploaded"
            | b"published" | b"deployed" | b"scheduled" | b"written" | b"queued" | b"booked"
            | b"acknowledged" | b"confirmed" | b"placed" | b"paid" | b"refunded" | b"charged"
            | b"submitted" | b"started" | b"stored" | b"transferred" | b"posted"
            | b"registered" | b"reserved" | b"persisted" | b"committed" => Self::Done,
            b"failed" | b"failures" | b"failed_count" | b"failedCount" | b"failure_count"
            | b"failureCount" | b"rejected" | b"undelivered" | b"error_count" | b"errorCount"
            | b"num_failed" => Self::Failures,
            b"succeeded_count" | b"success_count" | b"successCount" | b"imported" | b"inserted"
            | b"success_total" => Self::Successes,
            b"status" | b"Status" | b"code" | b"Code" | b"state" | b"State" | b"stat" | b"cod" => {
                Self::Status
            }
            b"statusCode" | b"status_code" | b"http_status" | b"httpStatus" | b"StatusCode"
            | b"http_code" | b"httpCode" | b"http_status_code" | b"httpStatusCode"
            | b"response_code" | b"responseCode" | b"status-code" => Self::StatusCode,
            b"exit_code" | b"exitCode" | b"exitcode" | b"returncode" | b"return_code"
            | b"returnCode" | b"exit_status" | b"exitStatus" | b"ExitCode" | b"exit" | b"rc" => {
                Self::ExitCode
            }
            b"stderr" | b"Stderr" => Self::Stderr,
            b"stdout" | b"Stdout" => Self::Stdout,
            b"result"
            | b"output"
            | b"response"
            | b"structuredContent"
            | b"structured_content"
            | b"tool_result"
            | b"toolResult"
            | b"tool_output"
            | b"toolOutput"
            | b"return"
            | b"returnValue"
            | b"return_value"
            | b"outcome"
            | b"sub_agent_response"
            | b"agent_response"
            | b"Payload"
            | b"Output"
            | b"Response"
            | b"tool_response"
            | b"process"
            | b"execution"
            | b"command_result"
            | b"functionResponse"
            | b"function_response"
            | b"answer"
            | b"Result" => Self::Wrapper,
            b"data" | b"payload" | b"value" | b"values" => Self::Data,
            b"content" | b"text" | b"body" | b"contents" | b"parts" | b"raw" => Self::Content,
            b"message" | b"msg" | b"detail" | b"details" | b"reason" | b"Message" | b"hint"
            | b"Note" | b"Information" => Self::Message,
            b"stack" | b"stackTrace" | b"stack_trace" | b"stacktrace" | b"StackTrace"
            | b"traceback" => Self::Stack,
            b"results" | b"responses" | b"outputs" => Self::Results,
            b"rows" | b"records" | b"items" | b"hits" | b"matches" | b"documents" | b"entries"
            | b"list" | b"objects" | b"files" | b"events" | b"search_results" | b"resources"
            | b"logs" | b"lines" | b"messages" | b"series" | b"points" => Self::Rows,
            b"count" | b"total" | b"total_count" | b"totalCount" | b"row_count" | b"rowCount"
            | b"num_results" | b"total_results" | b"totalResults" | b"n" | b"size" | b"length"
            | b"found" => Self::Count,
            b"path" | b"file" | b"filename" | b"file_name" | b"filePath" | b"file_path"
            | b"url" | b"uri" | b"href" | b"title" | b"subject" | b"channel" | b"author"
            | b"from" | b"to" | b"lang" | b"language" | b"source" | b"template" | b"sender"
            | b"snippet" | b"doc_id" | b"document_id" | b"source_language" | b"target_language" => {
                Self::Source
            }
            b"headers" | b"instance" | b"documentation_url" => Self::Http,
            b"statusText" | b"status_text" | b"reasonPhrase" | b"reason_phrase" => Self::Phrase,
            b"truncated" | b"is_truncated" | b"partial" | b"has_more" | b"hasMore"
            | b"next_offset" | b"nextOffset" | b"next_cursor" | b"nextCursor" | b"isTruncated" => {
                Self::Partial
            }
            b"query" | b"q" | b"took" | b"took_ms" | b"page" | b"limit" | b"offset" | b"cursor"
            | b"next" | b"meta" | b"metadata" | b"tool" | b"tool_name" | b"name"
            | b"duration_ms" | b"elapsed_ms" | b"elapsed" | b"request_id" | b"requestId"
            | b"id" | b"call_id" | b"tool_call_id" | b"timestamp" | b"time" | b"columns"
            | b"fields" | b"facets" | b"object" | b"page_size" | b"per_page" | b"version"
            | b"jsonrpc" | b"_meta" | b"annotations" | b"trace_id" | b"schema" | b"messageId"
            | b"promptCount" | b"prompts" | b"params" | b"planStep" | b"actionId"
            | b"actionName" | b"executionTime" | b"latency_ms" | b"suggestions" | b"warnings"
            | b"summary" => Self::Neutral,
            b"valid" | b"is_valid" | b"isValid" | b"correct" | b"passed" | b"compliant"
            | b"approved" | b"allowed" | b"eligible" | b"exists" | b"available" | b"reachable"
            | b"healthy" | b"online" | b"alive" | b"matches_schema" => Self::Judged,
            b"type" | b"kind" => Self::Kind,
            b"signal" | b"termination_signal" | b"killed_by" => Self::Signal,
            _ => Self::by_end(name),
        }
    }

    /// By the last word of a name.
    fn by_end(name: &[u8]) -> Self {
        let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word.as_bytes()));
        let is_measure = ends(&["std_error", "standard_error", "mean_error", "Rate"]);
        // what went wrong before
        let past = [
            &b"last_error"[..],
            b"lastError",
            b"previous_error",
            b"previousError",
        ];
        if past.contains(&name) {
            return Self::Other;
        }
        let starts = [&b"failure_"[..], b"failure", b"error_"];
        if ends(&[
            "_error",
            "Error",
            "_failure_reason",
            "_error_message",
            "_failure",
        ]) && !is_measure
            || starts.iter().any(|word| name.starts_with(word))
        {
            Self::SomeError
        } else if ends(&["_status", "Status", "_state"]) {
            Self::SomeStatus
        } else {
            Self::Other
        }
    }

    /// How far what is inside is looked at.
    pub(super) fn leads(self) -> bool {
        matches!(
            self,
            Self::Wrapper | Self::Data | Self::Content | Self::Results | Self::Stdout
        )
    }
}
