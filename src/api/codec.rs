//! How arguments travel: one encoding that reads JSON and forms, and lists that may be written as words.

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, SeqAccess, Visitor},
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
    fn what_is_left_out_is_none() {
        assert_eq!(read("id=x").unwrap(), Args { id: "x".into(), count: None, on: None, words: None });
        assert_eq!(read("id=x&count=").unwrap().count, None);
        assert!(read("").is_err());
        assert!(read("{\"id\":").is_err());
    }
}
