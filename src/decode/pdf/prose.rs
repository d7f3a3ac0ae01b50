//! Lines → text: words that were divided made whole, the lines of a paragraph joined, paragraphs parted.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::{layout::Line, letters, margins::Sheet};

/// The words of a document that stand within lines, so that nobody divided them.
pub struct Vocabulary(HashSet<String>);

impl Vocabulary {
    pub fn of(sheets: &[Sheet]) -> Self {
        let mut words = HashSet::new();
        for line in sheets.iter().flat_map(|sheet| sheet.blocks.iter().flatten()) {
            let mut within: Vec<&str> = line.text.split(' ').collect();
            if line.text.ends_with(is_hyphen) {
                within.pop();
            }
            words.extend(within.into_iter().map(|word| bare(word).to_lowercase()).filter(|word| !word.is_empty()));
        }
        Self(words)
    }

    fn knows(&self, word: &str) -> bool {
        self.0.contains(&word.to_lowercase())
    }
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{AD}')
}

/// How one line goes on in the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seam {
    Paragraph,
    Break,
    Same,
}

/// The measures of a column.
struct Column {
    left: f32,
    right: f32,
    spacing: f32,
}

impl Column {
    fn of(lines: &[Line]) -> Self {
        let at = |mut values: Vec<f32>, part: f32| {
            values.sort_by(f32::total_cmp);
            values.get((values.len() as f32 * part) as usize).or(values.last()).copied().unwrap_or(0.0)
        };
        let steps = lines.windows(2).map(|two| two[1].y - two[0].y).filter(|step| *step > 0.0).collect();
        Self {
            left: at(lines.iter().map(|line| line.x0).collect(), 0.1),
            right: at(lines.iter().map(|line| line.x1).collect(), 0.9),
            // The lower half: gaps between paragraphs are wider than those within them.
            spacing: at(steps, 0.4),
        }
    }

    /// A line breaks because there is no more room; one that leaves room for the next word was broken on purpose.
    fn seam(&self, line: &Line, next: &Line) -> Seam {
        let size = line.size.max(next.size);
        let step = next.y - line.y;
        if step > 1.3 * self.spacing + 0.1 * size || step < 0.0 || size > 1.17 * line.size.min(next.size) {
            return Seam::Paragraph;
        }
        let room = line.x1 + 0.3 * size + next.first_word < self.right - 0.3 * size;
        let indented = next.x0 > line.x0 + 0.7 * size && next.x0 > self.left + 0.7 * size && next.x0 < self.left + 5.0 * size;
        if indented && (room || line.text.ends_with(['.', '!', '?', ':', '”', '"', '»', '。'])) {
            Seam::Paragraph
        } else if room || begins_item(&next.text) || (line.cells > 1 && next.cells > 1) {
            Seam::Break
        } else {
            Seam::Same
        }
    }
}

fn begins_item(text: &str) -> bool {
    let mut words = text.split(' ');
    matches!(words.next(), Some("•" | "◦" | "▪" | "‣" | "∙" | "●" | "○" | "■" | "□" | "·")) && words.next().is_some()
}

/// The text of a page.
pub fn of_page(blocks: &[Vec<Line>], known: &Vocabulary) -> String {
    let mut text = String::new();
    let mut last: Option<(&Line, Column)> = None;
    for lines in blocks {
        let column = Column::of(lines);
        for (index, line) in lines.iter().enumerate() {
            let seam = match &last {
                None => None,
                Some((before, _)) if index > 0 => Some(column.seam(before, line)),
                // A sentence goes on in the next column.
                Some((before, column)) => {
                    let full = before.x1 > column.right - 2.0 * before.size;
                    let goes_on = line.text.chars().next().is_some_and(char::is_lowercase);
                    let alike = (before.size - line.size).abs() < 0.1 * line.size;
                    let open = !before.text.ends_with(['.', '!', '?', ':']);
                    Some(if full && goes_on && alike && open { Seam::Same } else { Seam::Paragraph })
                }
            };
            match seam {
                None => text.push_str(&line.text),
                Some(Seam::Paragraph) => {
                    text.push_str("\n\n");
                    text.push_str(&line.text);
                }
                Some(Seam::Break) if !divided(&text, &line.text) => {
                    text.push('\n');
                    text.push_str(&line.text);
                }
                Some(_) => join(&mut text, &line.text, known),
            }
            last = Some((line, Column { ..column }));
        }
    }
    finished(&text)
}

/// Whether a word stands in two: a hyphen after a letter, a small letter after it.
fn divided(text: &str, next: &str) -> bool {
    let mut end = text.chars().rev();
    end.next().is_some_and(is_hyphen)
        && end.next().is_some_and(char::is_alphabetic)
        && next.chars().next().is_some_and(char::is_lowercase)
}

/// Appends the next line of the same paragraph.
fn join(text: &mut String, next: &str, known: &Vocabulary) {
    let (Some(end), Some(start)) = (text.chars().last(), next.chars().next()) else {
        text.push_str(next);
        return;
    };
    if divided(text, next) {
        let head = text.rsplit([' ', '\n']).next().unwrap_or_default().to_owned();
        let stem = head.trim_end_matches(is_hyphen);
        let rest = next.split(' ').next().unwrap_or_default();
        // "Wald- und Wiesenduft": the hyphen stands for a part that comes later.
        if matches!(rest, "und" | "oder" | "bzw." | "and" | "or" | "to" | "en" | "of" | "och" | "og") && end != '\u{AD}' {
            text.push(' ');
        } else {
            let (stem, rest) =
                (stem.trim_start_matches(|c: char| !c.is_alphanumeric()), rest.trim_end_matches(|c: char| !c.is_alphanumeric()));
            let whole = format!("{stem}{rest}");
            let hyphenated = format!("{stem}-{rest}");
            let keep = end != '\u{AD}' && !known.knows(&whole) && (known.knows(&hyphenated) || stem.contains('-'));
            text.pop();
            if keep {
                text.push('-');
            }
        }
    } else if spaced(text, end, start) {
        text.push(' ');
    }
    text.push_str(next);
}

/// Whether a space belongs between the end of a line and the start of the next one.
fn spaced(text: &str, end: char, start: char) -> bool {
    match end {
        '—' | '-' | '\u{2010}' => false,
        // Addresses are broken after their slashes.
        '/' => !text.rsplit([' ', '\n']).next().is_some_and(|word| word.contains("://")),
        end => !letters::unspaced(end) || !letters::unspaced(start),
    }
}

/// Composed letters, and no marks that only typesetting needs.
fn finished(text: &str) -> String {
    let composed: String = text.chars().filter(|c| *c != '\u{AD}').nfc().collect();
    composed.trim().to_owned()
}

/// A word that is divided between two pages stands whole on the first one.
pub fn mend(pages: &mut [String], known: &Vocabulary) {
    for index in 1..pages.len() {
        let (before, after) = pages.split_at_mut(index);
        let (Some(page), Some(next)) = (before.last_mut(), after.first_mut()) else { continue };
        if !divided(page, next) {
            continue;
        }
        let end = next.find([' ', '\n']).unwrap_or(next.len());
        if end < 40 {
            let rest = next[..end].to_owned();
            join(page, &rest, known);
            *next = next[end..].trim_start().to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, x0: f32, x1: f32, y: f32) -> Line {
        let first_word = 5.0 * text.split(' ').next().unwrap_or_default().chars().count() as f32;
        Line { text: text.to_owned(), x0, x1, y, size: 10.0, first_word, cells: 1, upright: true }
    }

    fn nothing() -> Vocabulary {
        Vocabulary(HashSet::new())
    }

    #[test]
    fn divided_words_are_made_whole() {
        let block = vec![
            line("The smell of wet peb-", 72.0, 300.0, 100.0),
            line("bles, of the Wald- and of well-", 72.0, 300.0, 112.0),
            line("known Mediterra\u{AD}", 72.0, 300.0, 124.0),
            line("nean herbs—", 72.0, 300.0, 136.0),
            line("and of salt.", 72.0, 130.0, 148.0),
        ];
        let known = Vocabulary(["well-known".to_owned()].into());
        assert_eq!(
            of_page(&[block], &known),
            "The smell of wet pebbles, of the Wald- and of well-known Mediterranean herbs—and of salt."
        );
    }

    #[test]
    fn paragraphs_verses_and_items_stay_apart() {
        let block = vec![
            line("A paragraph that runs over the whole width", 72.0, 300.0, 100.0),
            line("and ends here.", 72.0, 140.0, 112.0),
            line("Another begins, indented, and runs over the", 84.0, 300.0, 124.0),
            line("whole width again, to the very last letter", 72.0, 300.0, 136.0),
            line("• an item", 72.0, 120.0, 148.0),
            line("After a gap.", 72.0, 130.0, 190.0),
        ];
        assert_eq!(
            of_page(&[block], &nothing()),
            "A paragraph that runs over the whole width and ends here.\n\nAnother begins, indented, and runs over the whole width \
             again, to the very last letter\n• an item\n\nAfter a gap."
        );
    }

    #[test]
    fn a_sentence_goes_on_in_the_next_column_and_a_word_on_the_next_page() {
        let left = vec![
            line("The first column ends within", 72.0, 300.0, 100.0),
            line("a sentence that goes on and", 72.0, 300.0, 112.0),
        ];
        let right = vec![line("on in the second one.", 320.0, 480.0, 100.0)];
        assert_eq!(
            of_page(&[left, right], &nothing()),
            "The first column ends within a sentence that goes on and on in the second one."
        );
        let mut pages = vec!["Resin and in-".to_owned(), "cense. More.".to_owned()];
        mend(&mut pages, &nothing());
        assert_eq!(pages, ["Resin and incense.", "More."]);
    }

    #[test]
    fn characters_without_spaces_are_joined_without_one() {
        let block = vec![line("雨の匂いがする古い", 72.0, 300.0, 100.0), line("庭。", 72.0, 90.0, 112.0)];
        assert_eq!(of_page(&[block], &nothing()), "雨の匂いがする古い庭。");
    }
}
