//! The text of a file, by its pages or seconds.

use crate::domain::{
    memory::{FileText, Mark, ScentView},
    text::Span,
};

/// A page, or what was said from one second to the next mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// Missing where nothing says when or on which page.
    pub mark: Option<Mark>,
    /// In the text of the file.
    pub span: Span,
    pub text: String,
}

/// The passages of a text, in order; blank ones are left out.
pub fn passages(file: &FileText) -> Vec<Passage> {
    let chars: Vec<char> = file.text.chars().collect();
    let first = file.marks.first().map_or(chars.len(), |mark| mark.start.min(chars.len()));
    let ends = file.marks.iter().skip(1).map(|mark| mark.start.min(chars.len())).chain([chars.len()]);
    let marked = file.marks.iter().zip(ends).map(|(mark, end)| (Some(*mark), mark.start.min(chars.len()), end));
    [(None, 0, first)]
        .into_iter()
        .chain(marked)
        .filter(|(_, start, end)| start < end)
        .map(|(mark, start, end)| Passage { mark, span: Span { start, end }, text: chars[start..end].iter().collect() })
        .filter(|passage| !passage.text.trim().is_empty())
        .collect()
}

impl Passage {
    /// A place in the text of the file as a place in this passage, as far as it lies in it.
    pub fn place(&self, span: Span) -> Option<Span> {
        let (start, end) = (span.start.max(self.span.start), span.end.min(self.span.end));
        (start < end).then(|| Span { start: start - self.span.start, end: end - self.span.start })
    }

    /// The scents in this passage, with their places in it.
    pub fn scents(&self, scents: &[ScentView]) -> Vec<ScentView> {
        let here = |scent: &ScentView| Some(ScentView { span: Some(self.place(scent.span?)?), ..scent.clone() });
        scents.iter().filter_map(here).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(start: usize, page: u32) -> Mark {
        Mark { start, page: Some(page), at_s: None }
    }

    #[test]
    fn blank_pages_are_left_out_and_places_are_moved() {
        let file = FileText { text: "Rösti und Harz".into(), marks: vec![page(0, 1), page(6, 2), page(6, 3), page(10, 4)] };
        let found = passages(&file);
        let told: Vec<_> = found.iter().map(|p| (p.mark.and_then(|m| m.page).unwrap_or(0), p.text.as_str())).collect();
        assert_eq!(told, [(1, "Rösti "), (3, "und "), (4, "Harz")]);
        assert_eq!(found[1].place(Span { start: 0, end: 8 }), Some(Span { start: 0, end: 2 }));
        assert_eq!(found[1].place(Span { start: 10, end: 14 }), None);
        assert_eq!(passages(&FileText { text: "unmarked".into(), marks: vec![] }).len(), 1);
    }

    proptest! {
        #[test]
        fn nothing_but_blanks_is_lost(text in "\\PC{0,40}", mut starts in prop::collection::vec(0usize..60, 0..6)) {
            starts.sort_unstable();
            let marks = starts.into_iter().map(|start| Mark { start, page: None, at_s: Some(1.0) }).collect();
            let told: String = passages(&FileText { text: text.clone(), marks }).into_iter().map(|p| p.text).collect();
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&told), letters(&text));
        }
    }
}
