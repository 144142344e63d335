//! Runs as traces of OpenTelemetry, for any receiver of them: a run is the root span, steps and calls are
//! spans below it, what has no length is an event of the root. Names follow the conventions for generative
//! AI where these have one; what they have no name for begins with `sortie.`. A status is what the service
//! said: a failure that only sortie sees is an attribute.

mod attribute;
mod id;
mod spans;
pub mod wire;

use std::io::{self, Write};

use super::Parcel;
use crate::guard::Masking;
use wire::{KeyValue, Request, Resource, ResourceSpans, Scope, ScopeSpans, Span};

/// Where the names of attributes are explained.
const SCHEMA: &str = "https://opentelemetry.io/schemas/gen-ai/1.42.0";
/// Bytes of JSON in one request, at most: receivers need not take more than 64 MiB.
const LARGEST: usize = 60 << 20;

/// A run as requests, of which there is one unless it is very large. Each stands for itself.
pub fn requests(parcel: &Parcel<'_>, masking: &mut Masking) -> io::Result<Vec<Request>> {
    split(parcel, spans::of(parcel, masking, LARGEST / 8)?, LARGEST)
}

/// How many spans are in a request.
pub fn spans_in(request: &Request) -> usize {
    let scopes = request.resource_spans.iter().flat_map(|of| &of.scope_spans);
    scopes.map(|scope| scope.spans.len()).sum()
}

/// Each request as a line of JSON.
pub(super) fn line(
    parcel: &Parcel<'_>,
    masking: &mut Masking,
    out: &mut dyn Write,
) -> io::Result<()> {
    for request in requests(parcel, masking)? {
        out.write_all(&json(&request)?)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// A request as JSON.
pub fn json(request: &Request) -> io::Result<Vec<u8>> {
    serde_json::to_vec(request).map_err(io::Error::other)
}

fn split(parcel: &Parcel<'_>, spans: Vec<Span>, largest: usize) -> io::Result<Vec<Request>> {
    let mut requests = Vec::new();
    let (mut batch, mut bytes) = (Vec::new(), 0);
    for span in spans {
        parcel.go_on(0)?;
        let mut count = Count(0);
        // Counting cannot fail; a span that cannot be told is none.
        if serde_json::to_writer(&mut count, &span).is_err() {
            continue;
        }
        if bytes + count.0 > largest && !batch.is_empty() {
            requests.push(request(parcel, std::mem::take(&mut batch)));
            bytes = 0;
        }
        bytes += count.0 + 1;
        batch.push(span);
    }
    if !batch.is_empty() {
        requests.push(request(parcel, batch));
    }
    Ok(requests)
}

struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn request(parcel: &Parcel<'_>, spans: Vec<Span>) -> Request {
    let attributes = [
        ("service.name", "sortie-export"),
        ("sortie.provider", parcel.home.provider),
        ("sortie.context", parcel.home.context),
    ];
    let attributes = attributes.map(|(key, value)| KeyValue::text(key, value));
    Request {
        resource_spans: vec![ResourceSpans {
            resource: Some(Resource {
                attributes: attributes.to_vec(),
            }),
            scope_spans: vec![ScopeSpans {
                scope: Some(Scope {
                    name: env!("CARGO_PKG_NAME").to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                }),
                spans,
                schema_url: SCHEMA.to_owned(),
            }],
        }],
    }
}

#[cfg(test)]
mod tests;
