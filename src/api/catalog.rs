//! `/api/catalog`: perfumes and notes, for everybody.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;

#[cfg(feature = "ssr")]
use super::house::house;
use crate::domain::{AppError, flower::Flower, fragrance::Fragrance, notes::Note, page::Page};
#[cfg(feature = "ssr")]
use crate::domain::{
    fragrance::CatalogFilter,
    ids::FragranceId,
    page::Cursor,
    text::{limits, optional},
};

/// A perfume with its flower.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FragranceView {
    #[serde(flatten)]
    pub fragrance: Fragrance,
    pub flower: Flower,
}

/// A perfume that resembles another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SimilarFragrance {
    #[serde(flatten)]
    pub view: FragranceView,
    /// How much alike, 0 to 1.
    pub score: f64,
}

#[cfg(feature = "ssr")]
fn view(fragrance: &Fragrance) -> FragranceView {
    FragranceView { flower: house().catalog.flower(fragrance), fragrance: fragrance.clone() }
}

/// Perfumes by text, note, family, house and price.
#[server(prefix = "/api", endpoint = "catalog/search", input = GetUrl)]
pub async fn search(
    q: Option<String>,
    note: Option<String>,
    family: Option<String>,
    brand: Option<String>,
    max_price: Option<String>,
    cursor: Option<String>,
) -> Result<Page<FragranceView>, AppError> {
    let filter = CatalogFilter {
        q: optional("q", "The search", q, limits::QUERY)?,
        note: optional("note", "The note", note, limits::SHORT)?,
        family: optional("family", "The family", family, limits::SHORT)?,
        brand: optional("brand", "The house", brand, limits::SHORT)?,
        max_price: match optional("max_price", "The price", max_price, limits::SHORT)? {
            None => None,
            Some(text) => Some(
                text.trim()
                    .parse::<f64>()
                    .ok()
                    .filter(|p| p.is_finite() && *p > 0.0)
                    .ok_or_else(|| AppError::bad_input("max_price", "A price is a number above zero, in euros."))?,
            ),
        },
    };
    Ok(house().catalog.search(&filter, Cursor::parse(cursor.as_deref())?)?.map(|f| view(&f)))
}

/// One perfume.
#[server(prefix = "/api", name = GetFragrance, endpoint = "catalog/fragrance", input = GetUrl)]
pub async fn fragrance(id: String) -> Result<FragranceView, AppError> {
    Ok(view(&*house().catalog.fragrance(&id.parse()?)?))
}

/// The notes of the taxonomy whose name, synonym or evocation fits.
#[server(prefix = "/api", endpoint = "catalog/notes", input = GetUrl)]
pub async fn notes(q: Option<String>) -> Result<Vec<Note>, AppError> {
    let q = optional("q", "The search", q, limits::SHORT)?;
    Ok(house().catalog.notes(q.as_deref()))
}

/// The perfumes most like one.
#[server(prefix = "/api", endpoint = "catalog/similar", input = GetUrl)]
pub async fn similar(id: String) -> Result<Vec<SimilarFragrance>, AppError> {
    let id: FragranceId = id.parse()?;
    let found = house().catalog.similar(&id, 8)?;
    Ok(found.into_iter().map(|(f, score)| SimilarFragrance { view: view(&f), score }).collect())
}
