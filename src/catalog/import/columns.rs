//! Which column of a stranger's table holds what: read from its header.

use std::collections::HashMap;

use crate::domain::text::fold;

/// What a column can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Field {
    Key,
    Brand,
    Name,
    /// A number that was split off the beginning of the name.
    Number,
    Concentration,
    Year,
    Gender,
    Family,
    Top,
    Middle,
    Base,
    /// Notes without a layer.
    Notes,
    Accords,
    Perfumers,
    Rating,
    Votes,
    PriceEur,
    PriceMl,
    Discontinued,
    Description,
}

/// Headers as they are met, folded and without a final number (`mainaccord1` … `mainaccord5` hold one list).
const HEADERS: &[(Field, &[&str])] = &[
    (Field::Key, &["pid", "fragrantica id", "id", "url", "code"]),
    (Field::Brand, &["brand", "house", "designer", "manufacturer", "marke"]),
    (Field::Name, &["name", "perfume", "fragrance", "perfume name", "title"]),
    (Field::Number, &["number"]),
    (Field::Concentration, &["concentration", "kind", "type"]),
    (Field::Year, &["year", "release year", "launch year", "launched", "released"]),
    (Field::Gender, &["gender", "sex", "for"]),
    (Field::Family, &["family", "olfactory family", "group"]),
    (Field::Top, &["top", "top note", "top notes", "head", "head notes"]),
    (Field::Middle, &["middle", "middle note", "middle notes", "heart", "heart note", "heart notes"]),
    (Field::Base, &["base", "base note", "base notes"]),
    (Field::Notes, &["notes", "note", "other", "other notes", "general notes", "fragrance notes"]),
    (Field::Accords, &["accords", "main accords", "mainaccord", "main accord", "accord"]),
    (Field::Perfumers, &["perfumers", "perfumer", "nose", "noses"]),
    (Field::Rating, &["rating", "rating value", "score"]),
    (Field::Votes, &["rating count", "votes", "reviews", "review count", "ratings", "number of ratings"]),
    (Field::PriceEur, &["price eur", "price", "eur"]),
    (Field::PriceMl, &["price ml", "ml", "size ml", "volume"]),
    (Field::Discontinued, &["discontinued"]),
    (Field::Description, &["description", "summary"]),
];

/// The columns of a table, by what they hold.
#[derive(Debug, Default)]
pub(super) struct Columns(HashMap<Field, Vec<usize>>);

impl Columns {
    pub fn of<'a>(header: impl Iterator<Item = &'a str>) -> Self {
        let mut columns: HashMap<Field, Vec<usize>> = HashMap::new();
        for (at, title) in header.enumerate() {
            let title = fold(title);
            let title = title.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
            if let Some((field, _)) = HEADERS.iter().find(|(_, titles)| titles.contains(&title)) {
                columns.entry(*field).or_default().push(at);
            }
        }
        Self(columns)
    }

    pub fn has(&self, field: Field) -> bool {
        self.0.contains_key(&field)
    }

    /// The columns of a field: mostly one.
    pub fn of_field(&self, field: Field) -> &[usize] {
        self.0.get(&field).map_or(&[], Vec::as_slice)
    }
}
