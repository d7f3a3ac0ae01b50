//! How the types of the language look in the database: ids are record links, times are datetimes.

use rand::Rng;
use surrealdb::types::{Datetime, Error, Kind, RecordId, RecordIdKey, SurrealValue, Value};

use crate::domain::{ids::*, time::Timestamp};

/// A new random key: 20 characters, 100 bits.
pub(crate) fn new_key() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    (0..20).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect()
}

macro_rules! record_links {
    ($($name:ident)*) => {$(
        impl SurrealValue for $name {
            fn kind_of() -> Kind {
                RecordId::kind_of()
            }

            fn is_value(value: &Value) -> bool {
                matches!(value, Value::RecordId(_))
            }

            fn into_value(self) -> Value {
                Value::RecordId(RecordId::new(Self::TABLE, self.as_str()))
            }

            fn from_value(value: Value) -> Result<Self, Error> {
                let record = RecordId::from_value(value)?;
                if record.table.as_str() != Self::TABLE {
                    return Err(Error::internal(format!("expected a record of {}, got one of {}", Self::TABLE, record.table)));
                }
                match record.key {
                    RecordIdKey::String(key) => Ok(Self::from_key(key)),
                    other => Err(Error::internal(format!("a key of {} is not a string: {other:?}", Self::TABLE))),
                }
            }
        }
    )*};
}

record_links! {
    UserId SessionId MemoryId ChunkId ExtractedScentId NoteId FragranceId QueryId RecommendationId TasteEventId JobId FineTuningJobId ExampleId
}

impl SurrealValue for Timestamp {
    fn kind_of() -> Kind {
        Kind::Datetime
    }

    fn is_value(value: &Value) -> bool {
        matches!(value, Value::Datetime(_))
    }

    fn into_value(self) -> Value {
        let nanos = self.unix_nanos();
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).unwrap_or(0);
        let rest = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or(0);
        Value::Datetime(Datetime::from_timestamp(seconds, rest).unwrap_or_default())
    }

    fn from_value(value: Value) -> Result<Self, Error> {
        let at = Datetime::from_value(value)?.into_inner();
        Ok(Self::from_unix_nanos(i128::from(at.timestamp()) * 1_000_000_000 + i128::from(at.timestamp_subsec_nanos())))
    }
}
