//! Where in a memory somebody was sent to: a citation in an answer, or a passage that a search has found.

use leptos_router::params::ParamsMap;

use crate::domain::text::Span;

/// A place in a memory, as it stands in the address.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    cite: Option<Span>,
    pub page: Option<u32>,
    pub at_s: Option<f64>,
    in_file: bool,
}

impl Place {
    pub fn read(query: &ParamsMap) -> Self {
        let number = |name: &str| query.get_str(name).and_then(|value| value.parse::<f64>().ok());
        let cite = query.get_str("cite").and_then(|cite| {
            let (start, end) = cite.split_once('-')?;
            Some(Span { start: start.parse().ok()?, end: end.parse().ok()? })
        });
        let page = query.get_str("page").and_then(|page| page.parse().ok());
        let at_s = number("at").filter(|at| at.is_finite() && *at >= 0.0);
        Self { cite, page, at_s, in_file: query.get_str("in") == Some("file") }
    }

    /// What is cited of what the person wrote.
    pub fn in_words(self) -> Option<Span> {
        self.cite.filter(|_| !self.in_file)
    }

    /// What is cited of the text of the file.
    pub fn in_file(self) -> Option<Span> {
        self.cite.filter(|_| self.in_file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::ids::MemoryId, ui::components::memory_place};

    #[test]
    fn what_is_linked_is_read() {
        let read = |address: String| {
            let query = address.split_once('?').map_or("", |(_, rest)| rest).split('#').next().unwrap_or_default().to_owned();
            let mut map = ParamsMap::new();
            query.split('&').filter_map(|pair| pair.split_once('=')).for_each(|(n, v)| map.insert(n.to_owned(), v.to_owned()));
            Place::read(&map)
        };
        let id = MemoryId::from_key("m");
        let span = Span { start: 3, end: 9 };
        let words = read(memory_place(&id, Some(span), None, None));
        assert_eq!((words.in_words(), words.in_file()), (Some(span), None));
        let heard = read(memory_place(&id, Some(span), None, Some(12.5)));
        assert_eq!((heard.in_words(), heard.in_file(), heard.at_s), (None, Some(span), Some(12.5)));
        assert_eq!(read(memory_place(&id, Some(span), Some(4), None)).page, Some(4));
        assert_eq!(read("/memories/m?cite=x-2&at=-1".to_owned()), Place::default());
    }
}
