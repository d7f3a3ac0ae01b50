//! What the archive shows, as it stands in the address.

use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};

use crate::{
    api::memories,
    domain::{
        AppError,
        memory::{MemoryCard, MemoryType, Season},
        page::Page,
    },
    ui::components::address,
};

/// Where the archive lives.
pub const PATH: &str = "/memories";

/// Pages that a timeline asks for before it leaves the rest to a link.
const TIMELINE_PAGES: usize = 10;

/// What narrows the archive. Blank fields do not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ArchiveQuery {
    pub q: String,
    pub memory_type: String,
    pub season: String,
    pub emotion: String,
    pub place: String,
    pub note: String,
    pub cursor: String,
    pub timeline: bool,
}

impl ArchiveQuery {
    pub fn read(query: &ParamsMap) -> Self {
        let get = |name| query.get(name).unwrap_or_default();
        Self {
            q: get("q"),
            memory_type: get("type"),
            season: get("season"),
            emotion: get("emotion"),
            place: get("place"),
            note: get("note"),
            cursor: get("cursor"),
            timeline: query.get_str("view") == Some("timeline"),
        }
    }

    /// What stays as it is from page to page, as the address has it.
    pub fn kept(&self) -> Vec<(&'static str, String)> {
        let view = if self.timeline { "timeline" } else { "" };
        let given = [
            ("q", self.q.as_str()),
            ("type", &self.memory_type),
            ("season", &self.season),
            ("emotion", &self.emotion),
            ("place", &self.place),
            ("note", &self.note),
            ("view", view),
        ];
        given.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.to_owned())).collect()
    }

    /// The address of the archive with one thing changed, from its first page on. Blank takes it away.
    pub fn with(&self, name: &'static str, value: &str) -> String {
        let mut kept = self.kept();
        kept.retain(|(other, _)| *other != name);
        kept.push((name, value.to_owned()));
        let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
        address(PATH, &kept)
    }

    /// The address of the archive with nothing left out, in the present view.
    pub fn everything(&self) -> String {
        Self { timeline: self.timeline, ..Self::default() }.with("q", "")
    }

    /// What the archive is narrowed by: each argument with its value in words.
    pub fn filters(&self) -> Vec<(&'static str, String)> {
        let labelled = |word: &str, label: Option<&'static str>| label.map_or_else(|| word.to_owned(), str::to_owned);
        [
            ("q", if self.q.is_empty() { String::new() } else { format!("“{}”", self.q) }),
            ("type", labelled(&self.memory_type, MemoryType::from_word(&self.memory_type).map(MemoryType::label))),
            ("season", labelled(&self.season, Season::from_word(&self.season).map(Season::label))),
            ("emotion", self.emotion.clone()),
            ("place", self.place.clone()),
            ("note", self.note.clone()),
        ]
        .into_iter()
        .filter(|(_, words)| !words.trim().is_empty())
        .collect()
    }

    /// The memories that fit. A timeline goes on until it has them all, within reason.
    pub async fn load(self) -> Result<(Self, Page<MemoryCard>), AppError> {
        let mut page = self.page(self.cursor.clone()).await?;
        let mut pages = 1;
        while let (true, true, Some(cursor)) = (self.timeline, pages < TIMELINE_PAGES, page.next_cursor.take()) {
            let next = self.page(cursor).await?;
            page.items.extend(next.items);
            page.next_cursor = next.next_cursor;
            pages += 1;
        }
        Ok((self, page))
    }

    async fn page(&self, cursor: String) -> Result<Page<MemoryCard>, AppError> {
        let given = |value: &str| (!value.trim().is_empty()).then(|| value.to_owned());
        memories::list(
            given(&cursor),
            given(&self.q),
            given(&self.memory_type),
            given(&self.emotion),
            given(&self.season),
            given(&self.note),
            given(&self.place),
            None,
        )
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_changes_and_the_rest_stays() {
        let query = ArchiveQuery {
            q: "old house".into(),
            season: "winter".into(),
            cursor: "p24".into(),
            timeline: true,
            ..ArchiveQuery::default()
        };
        assert_eq!(query.with("season", ""), "/memories?q=old%20house&view=timeline");
        assert_eq!(query.with("note", "tonka bean"), "/memories?q=old%20house&season=winter&view=timeline&note=tonka%20bean");
        assert_eq!(query.everything(), "/memories?view=timeline");
    }

    #[test]
    fn filters_are_said_in_words() {
        let query =
            ArchiveQuery { season: "fall".into(), q: "rain".into(), memory_type: "image".into(), ..ArchiveQuery::default() };
        let words: Vec<String> = query.filters().into_iter().map(|(_, words)| words).collect();
        assert_eq!(words, ["“rain”", "photo", "autumn"]);
        assert!(ArchiveQuery::default().filters().is_empty());
    }
}
