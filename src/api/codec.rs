//! How arguments travel: one encoding that reads JSON and forms, and lists that may be written as words.

use std::{marker::PhantomData, str::FromStr};

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, DeserializeOwned, IntoDeserializer, SeqAccess, Unexpected, Visitor},
};
use server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};

/// The body of a `POST`: JSON if it starts with `{`, else an urlencoded form, so that forms work before the wasm has loaded.
pub struct JsonOrForm;

/// A `POST` whose body is read by [`JsonOrForm`].
pub type PostAny = Post<JsonOrForm>;

/// Why a body could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BodyError {
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Form(#[from] serde_qs::Error),
}

impl ContentType for JsonOrForm {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for JsonOrForm {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for JsonOrForm {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for JsonOrForm {
    type Error = BodyError;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'{') => Ok(serde_json::from_slice(&bytes)?),
            // A call without arguments may have no body at all.
            None => Ok(serde_json::from_str("{}")?),
            Some(_) => Ok(serde_qs::Config::new(5, false).deserialize_bytes(&bytes)?),
        }
    }
}

/// Words as a list, or as one text with commas between them (as a form field has them).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct WordList(pub Vec<String>);

impl WordList {
    fn from_text(text: &str) -> Self {
        Self(text.split([',', '\n', ';']).map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect())
    }
}

impl<'de> Deserialize<'de> for WordList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words;

        impl<'de> Visitor<'de> for Words {
            type Value = WordList;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of words")
            }

            fn visit_str<E>(self, text: &str) -> Result<WordList, E> {
                Ok(WordList::from_text(text))
            }

            fn visit_unit<E>(self) -> Result<WordList, E> {
                Ok(WordList::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<WordList, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = list.next_element::<String>()? {
                    words.extend(WordList::from_text(&word).0);
                }
                Ok(WordList(words))
            }
        }

        deserializer.deserialize_any(Words)
    }
}

/// An argument that can be left out, left blank, or filled in. A blank field of a form is no answer for an `Option`; here it is
/// the answer "none". To be used with `#[server(default)]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Given<T> {
    #[default]
    Nothing,
    Blank,
    Value(T),
}

impl<T> Given<T> {
    /// As a change: none, to nothing, or to a value.
    pub fn change(self) -> Option<Option<T>> {
        match self {
            Self::Nothing => None,
            Self::Blank => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }
}

impl<T: Serialize> Serialize for Given<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Nothing => serializer.serialize_none(),
            Self::Blank => serializer.serialize_str(""),
            Self::Value(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de> + FromStr> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Anything<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de> + FromStr> Visitor<'de> for Anything<T> {
            type Value = Given<T>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a value, or a blank")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Given<T>, E> {
                if text.trim().is_empty() {
                    return Ok(Given::Blank);
                }
                text.parse().map(Given::Value).map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
            }

            fn visit_unit<E>(self) -> Result<Given<T>, E> {
                Ok(Given::Nothing)
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Given<T>, E> {
                T::deserialize(number.into_deserializer()).map(Given::Value)
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Given<T>, E> {
                T::deserialize(number.into_deserializer()).map(Given::Value)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Given<T>, E> {
                T::deserialize(number.into_deserializer()).map(Given::Value)
            }
        }

        deserializer.deserialize_any(Anything(PhantomData))
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Args {
        id: String,
        count: Option<u8>,
        on: Option<bool>,
        words: Option<WordList>,
    }

    fn read(body: &str) -> Result<Args, BodyError> {
        JsonOrForm::decode(Bytes::from(body.to_owned()))
    }

    #[test]
    fn json_and_form_say_the_same() {
        let json = read(r#" {"id":"a b&ü","count":3,"on":true,"words":["rose","oud"]}"#).unwrap();
        let form = read("id=a+b%26%C3%BC&count=3&on=true&words=rose%2C+oud").unwrap();
        assert_eq!(json, form);
        assert_eq!(json.words, Some(WordList(vec!["rose".into(), "oud".into()])));
    }

    #[test]
    fn a_blank_is_an_answer_where_it_may_be_one() {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Change {
            #[serde(default)]
            notes: Given<String>,
            #[serde(default)]
            price: Given<f64>,
        }
        let read = |body: &str| <JsonOrForm as Decodes<Change>>::decode(Bytes::from(body.to_owned()));
        let change = |notes, price| Change { notes, price };
        let words = || Given::Value("12".to_owned());
        assert_eq!(read("notes=12&price=12.5").unwrap(), change(words(), Given::Value(12.5)));
        assert_eq!(read("notes=+&price=").unwrap(), change(Given::Blank, Given::Blank));
        assert_eq!(read("").unwrap(), change(Given::Nothing, Given::Nothing));
        assert_eq!(read(r#"{"notes":"12","price":12}"#).unwrap(), change(words(), Given::Value(12.0)));
        assert_eq!(read(r#"{"notes":null,"price":""}"#).unwrap(), change(Given::Nothing, Given::Blank));
        assert!(read("price=dear").is_err());
        for all in [change(words(), Given::Blank), change(Given::Nothing, Given::Value(0.5))] {
            let sent = <JsonOrForm as Encodes<Change>>::encode(&all).unwrap();
            assert_eq!(<JsonOrForm as Decodes<Change>>::decode(sent).unwrap(), all);
        }
    }

    #[test]
    fn what_is_left_out_is_none() {
        assert_eq!(read("id=x").unwrap(), Args { id: "x".into(), count: None, on: None, words: None });
        assert_eq!(read("id=x&count=").unwrap().count, None);
        assert!(read("").is_err());
        assert!(read("{\"id\":").is_err());
    }
}
