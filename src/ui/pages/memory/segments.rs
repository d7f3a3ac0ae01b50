//! A memory's words, cut where scents begin and end.

use std::collections::BTreeSet;

use crate::domain::{memory::ScentView, text::Span};

/// A piece of a text over which the same scents lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub text: String,
    /// The scents that lie over it, as indices into the list given, the most telling first: said before implied, a short
    /// passage before the sentence around it.
    pub scents: Vec<usize>,
    /// It lies in the passage that somebody was sent to.
    pub cited: bool,
}

/// Cuts a text at the ends of the scents' spans. In order, the segments are the whole text, and none is empty. Spans that do
/// not lie in the text count for nothing. It is cut around `cited`, too.
pub fn segments(text: &str, scents: &[ScentView], cited: Option<Span>) -> Vec<Segment> {
    let boundaries: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    let length = boundaries.len() - 1;
    let spans: Vec<(usize, Span)> = scents
        .iter()
        .enumerate()
        .filter_map(|(index, scent)| scent.span.map(|span| (index, span)))
        .filter(|(_, span)| span.start < span.end && span.end <= length)
        .collect();
    let cited = cited.filter(|span| span.start < span.end && span.end <= length);
    let places = spans.iter().map(|(_, span)| *span).chain(cited);
    let cuts: BTreeSet<usize> = places.flat_map(|span| [span.start, span.end]).chain([0, length]).collect();
    let cuts: Vec<usize> = cuts.into_iter().collect();
    cuts.windows(2)
        .map(|ends| {
            let piece = Span { start: ends[0], end: ends[1] };
            let mut over: Vec<(usize, Span)> = spans.iter().filter(|(_, span)| span.contains(piece)).copied().collect();
            over.sort_by_key(|(index, span)| (!scents[*index].literal, span.end - span.start, *index));
            Segment {
                text: text[boundaries[piece.start]..boundaries[piece.end]].to_owned(),
                scents: over.into_iter().map(|(index, _)| index).collect(),
                cited: cited.is_some_and(|span| span.contains(piece)),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{ids::ExtractedScentId, memory::ScentSource};

    fn scent(literal: bool, span: Option<(usize, usize)>) -> ScentView {
        ScentView {
            id: ExtractedScentId::from_key("x"),
            name: "smoke".into(),
            literal,
            confidence: 0.8,
            source: ScentSource::Text,
            span: span.map(|(start, end)| Span { start, end }),
            confirmed: false,
        }
    }

    fn cut(text: &str, scents: &[ScentView]) -> Vec<(String, Vec<usize>)> {
        segments(text, scents, None).into_iter().map(|s| (s.text, s.scents)).collect()
    }

    #[test]
    fn a_word_inside_an_implied_sentence_keeps_both() {
        let scents = [scent(false, Some((0, 17))), scent(true, Some((4, 9)))];
        let expected =
            [("The ", vec![0]), ("smoke", vec![1, 0]), (" of home", vec![0]), (".", vec![])].map(|(t, s)| (t.to_owned(), s));
        assert_eq!(cut("The smoke of home.", &scents), expected);
    }

    #[test]
    fn overlapping_scents_are_told_apart() {
        let scents = [scent(true, Some((0, 3))), scent(true, Some((2, 6)))];
        let expected = [("🍊o", vec![0]), ("r", vec![0, 1]), ("ang", vec![1]), ("e", vec![])].map(|(t, s)| (t.to_owned(), s));
        assert_eq!(cut("🍊orange", &scents), expected);
    }

    #[test]
    fn spans_that_do_not_lie_in_the_text_count_for_nothing() {
        let scents = [scent(true, None), scent(true, Some((3, 3))), scent(true, Some((2, 900))), scent(true, Some((5, 1)))];
        assert_eq!(cut("roses", &scents), [("roses".to_owned(), vec![])]);
        assert_eq!(cut("", &scents), []);
    }

    #[test]
    fn what_is_cited_is_cut_out() {
        let scents = [scent(true, Some((4, 9)))];
        let cited = segments("The smoke of home.", &scents, Some(Span { start: 6, end: 12 }));
        let cited: Vec<&str> = cited.iter().filter(|piece| piece.cited).map(|piece| piece.text.as_str()).collect();
        assert_eq!(cited, ["oke", " of"]);
        assert_eq!(segments("rose", &[], Some(Span { start: 2, end: 9 })).len(), 1);
    }

    proptest! {
        #[test]
        fn together_they_are_the_text(
            text in "\\PC{0,60}",
            spans in prop::collection::vec((any::<bool>(), prop::option::of((0_usize..80, 0_usize..80))), 0..12),
        ) {
            let scents: Vec<ScentView> = spans.into_iter().map(|(literal, span)| scent(literal, span)).collect();
            let segments = segments(&text, &scents, None);
            prop_assert_eq!(segments.iter().map(|s| s.text.as_str()).collect::<String>(), text.as_str());
            let mut start = 0;
            for segment in &segments {
                prop_assert!(!segment.text.is_empty());
                let piece = Span { start, end: start + segment.text.chars().count() };
                for (index, scent) in scents.iter().enumerate() {
                    let lies_over = scent.span.is_some_and(|span| span.of(&text).is_some() && span.contains(piece));
                    prop_assert_eq!(segment.scents.contains(&index), lies_over);
                }
                start = piece.end;
            }
        }
    }
}
