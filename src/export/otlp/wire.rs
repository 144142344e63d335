//! The messages of the OpenTelemetry protocol that an export of traces needs, and no others: field numbers
//! and types as the published definitions have them, names in JSON in lower camel case, ids there in hex,
//! 64-bit numbers as strings, enumerations as integers. One set of types is both JSON and protobuf: what is
//! checked of one form holds for the other, and the encoding itself is left to prost.

use prost::{Message, Oneof};
use serde::{Serialize, Serializer};

/// What a receiver is sent: `ExportTraceServiceRequest`, in files `TracesData`.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// One for each run.
    #[prost(message, repeated, tag = "1")]
    pub resource_spans: Vec<ResourceSpans>,
}

/// The spans of one source.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceSpans {
    /// The source.
    #[prost(message, optional, tag = "1")]
    pub resource: Option<Resource>,
    /// Its spans.
    #[prost(message, repeated, tag = "2")]
    pub scope_spans: Vec<ScopeSpans>,
}

/// What spans come from.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// What is known of it.
    #[prost(message, repeated, tag = "1")]
    pub attributes: Vec<KeyValue>,
}

/// The spans of one writer.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ScopeSpans {
    /// Who wrote them.
    #[prost(message, optional, tag = "1")]
    pub scope: Option<Scope>,
    /// The spans.
    #[prost(message, repeated, tag = "2")]
    pub spans: Vec<Span>,
    /// Where the names of attributes are explained.
    #[prost(string, tag = "3")]
    pub schema_url: String,
}

/// Who wrote spans: `InstrumentationScope`.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// A name.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Its version.
    #[prost(string, tag = "2")]
    pub version: String,
}

/// One operation.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// 16 bytes.
    #[prost(bytes = "vec", tag = "1")]
    #[serde(serialize_with = "hex")]
    pub trace_id: Vec<u8>,
    /// 8 bytes.
    #[prost(bytes = "vec", tag = "2")]
    #[serde(serialize_with = "hex")]
    pub span_id: Vec<u8>,
    /// 8 bytes; none of a root.
    #[prost(bytes = "vec", tag = "4")]
    #[serde(serialize_with = "hex", skip_serializing_if = "Vec::is_empty")]
    pub parent_span_id: Vec<u8>,
    /// Never empty.
    #[prost(string, tag = "5")]
    pub name: String,
    /// 1 within a program, 3 a call of another.
    #[prost(int32, tag = "6")]
    pub kind: i32,
    /// Nanoseconds since 1970.
    #[prost(fixed64, tag = "7")]
    #[serde(serialize_with = "string")]
    pub start_time_unix_nano: u64,
    /// The same, never before the start.
    #[prost(fixed64, tag = "8")]
    #[serde(serialize_with = "string")]
    pub end_time_unix_nano: u64,
    /// Each key once.
    #[prost(message, repeated, tag = "9")]
    pub attributes: Vec<KeyValue>,
    /// What happened meanwhile.
    #[prost(message, repeated, tag = "11")]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<SpanEvent>,
    /// How it ended.
    #[prost(message, optional, tag = "15")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
}

/// A moment in a span: `Span.Event`.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpanEvent {
    /// Nanoseconds since 1970.
    #[prost(fixed64, tag = "1")]
    #[serde(serialize_with = "string")]
    pub time_unix_nano: u64,
    /// Never empty.
    #[prost(string, tag = "2")]
    pub name: String,
    /// Each key once.
    #[prost(message, repeated, tag = "3")]
    pub attributes: Vec<KeyValue>,
}

/// How a span ended.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Why it failed.
    #[prost(string, tag = "2")]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// 0 nobody says, 1 well, 2 failed.
    #[prost(int32, tag = "3")]
    pub code: i32,
}

/// An attribute.
#[derive(Clone, PartialEq, Message, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyValue {
    /// Its name.
    #[prost(string, tag = "1")]
    pub key: String,
    /// Its value.
    #[prost(message, optional, tag = "2")]
    pub value: Option<AnyValue>,
}

/// A value of one of several types.
#[derive(Clone, PartialEq, Message, Serialize)]
pub struct AnyValue {
    /// The value.
    #[prost(oneof = "Value", tags = "1, 2, 3")]
    #[serde(flatten)]
    pub value: Option<Value>,
}

/// The types that are written.
#[derive(Clone, PartialEq, Oneof, Serialize)]
pub enum Value {
    /// A text.
    #[prost(string, tag = "1")]
    #[serde(rename = "stringValue")]
    Text(String),
    /// Yes or no.
    #[prost(bool, tag = "2")]
    #[serde(rename = "boolValue")]
    Flag(bool),
    /// A whole number.
    #[prost(int64, tag = "3")]
    #[serde(rename = "intValue", serialize_with = "string")]
    Int(i64),
}

fn hex<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    to.serialize_str(&text)
}

fn string<S: Serializer>(number: &impl ToString, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&number.to_string())
}

/// What a receiver answers: `ExportTraceServiceResponse`.
#[derive(Clone, PartialEq, Message)]
pub struct Taken {
    /// Set where it has not taken all, or has something to say.
    #[prost(message, optional, tag = "1")]
    pub partial_success: Option<Partial>,
}

/// What it has not taken: `ExportTracePartialSuccess`.
#[derive(Clone, PartialEq, Message)]
pub struct Partial {
    /// How many spans.
    #[prost(int64, tag = "1")]
    pub rejected_spans: i64,
    /// Why.
    #[prost(string, tag = "2")]
    pub error_message: String,
}
