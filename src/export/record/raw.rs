//! Bytes as sent, on their way into a record: masked, as JSON where they are JSON and in base64 where
//! they are not. Nothing is laid out anew.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::{
    guard::{Masking, Sort, safe_json},
    model::{Extra, Payload},
};

/// The bytes of a record.
#[derive(Debug, Serialize)]
pub(super) struct Raw {
    raw: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_base64: Option<String>,
}

impl Raw {
    pub fn of(payload: &Payload, sort: Sort, masking: &mut Masking) -> Self {
        if payload.is_empty() {
            return Self {
                raw: None,
                raw_base64: None,
            };
        }
        let masked = masking.json(payload.bytes(), sort);
        let json = safe_json(&masked).and_then(|json| RawValue::from_string(json).ok());
        Self {
            raw_base64: json.is_none().then(|| STANDARD.encode(&masked)),
            raw: json,
        }
    }
}

/// What is kept beside a record: an object of the labels, in the order in which they came. What is no
/// JSON is an object with `raw_base64`.
#[derive(Debug)]
pub(super) struct Extras(Vec<(String, Raw)>);

impl Extras {
    pub fn of(extras: &[Extra], sort: Sort, masking: &mut Masking) -> Self {
        let each = extras.iter().map(|extra| {
            let label = masking.text(&extra.label).into_owned();
            let within = masking.within_part("extras", &extra.label);
            (label, Raw::of(&extra.raw, sort, within))
        });
        Self(each.collect())
    }
}

impl Serialize for Extras {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap as _;
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (label, extra) in &self.0 {
            match (&extra.raw, &extra.raw_base64) {
                (None, Some(_)) => map.serialize_entry(label, extra)?,
                (raw, _) => map.serialize_entry(label, raw)?,
            }
        }
        map.end()
    }
}
