//! Running headers, footers and page numbers: what stands at the edge of page after page is no part of what is told.
//!
//! Nothing is dropped because of where it stands alone. A line goes only if the very same words stand at the same height of at
//! least three pages, or if it carries the number that counts the pages, and if nothing is left further out.

use std::collections::HashMap;

use super::layout::Line;

/// How many lines at each edge may be running ones.
const ROWS: usize = 3;
/// How much of a page's height its edges are.
const EDGE: f32 = 0.15;
/// Heights that differ by less are the same, in points.
const LEVEL: f32 = 4.0;
/// On so many pages must it stand.
const REPEATED: usize = 3;

/// A page on its way from letters to text.
pub struct Sheet {
    pub height: f32,
    pub blocks: Vec<Vec<Line>>,
}

/// Where a line is: its block, and its place in it.
type Place = (usize, usize);

/// The outermost lines of a page, row by row from the edge inwards.
fn edge(sheet: &Sheet, top: bool) -> Vec<Vec<Place>> {
    let mut places: Vec<(f32, Place)> = Vec::new();
    for (block, lines) in sheet.blocks.iter().enumerate() {
        for (index, line) in lines.iter().enumerate().filter(|(_, line)| line.upright) {
            let from_edge = if top { line.y } else { sheet.height - line.y };
            if from_edge < EDGE * sheet.height {
                places.push((from_edge, (block, index)));
            }
        }
    }
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rows: Vec<(f32, Vec<Place>)> = Vec::new();
    for (y, place) in places {
        let full = rows.len() == ROWS;
        match rows.last_mut() {
            Some((level, row)) if y - *level < LEVEL => row.push(place),
            _ if full => break,
            _ => rows.push((y, vec![place])),
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// What a row at the edge says.
struct Row {
    text: String,
    numbers: Vec<i64>,
    /// Nothing but a number, or the number of a page by its own word.
    bare: bool,
    /// Has a wide gap, as between a chapter's name and the number of the page.
    apart: bool,
    y: f32,
}

/// What stands beside the number of a page in some of the languages of Europe.
const PAGE_WORDS: [&str; 14] =
    ["page", "p", "pg", "seite", "s", "página", "pagina", "sida", "strana", "of", "von", "de", "di", "sur"];

fn row(sheet: &Sheet, places: &[Place]) -> Row {
    let mut lines: Vec<&Line> = places.iter().map(|(block, index)| &sheet.blocks[*block][*index]).collect();
    lines.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let roman = |word: &str| word.len() < 8 && word.chars().all(|c| "ivxlc".contains(c));
    let numbers: Vec<i64> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let bare = words.iter().all(|word| word.parse::<i64>().is_ok() || roman(word) || PAGE_WORDS.contains(&word.as_str()));
    let apart = lines.len() > 1 || lines.iter().any(|line| line.cells > 1);
    Row { bare, apart, numbers, y: lines.first().map_or(0.0, |line| line.y), text }
}

/// Takes the running lines out of all pages.
pub fn drop(sheets: &mut [Sheet]) {
    if sheets.len() < REPEATED {
        return;
    }
    for top in [true, false] {
        let edges: Vec<Vec<Vec<Place>>> = sheets.iter().map(|sheet| edge(sheet, top)).collect();
        let mut seen: HashMap<String, Vec<f32>> = HashMap::new();
        let mut offsets: HashMap<i64, Vec<f32>> = HashMap::new();
        for (page, (sheet, rows)) in sheets.iter().zip(&edges).enumerate() {
            for places in rows {
                let Row { text, numbers, y, .. } = row(sheet, places);
                seen.entry(text).or_default().push(y);
                for number in numbers {
                    offsets.entry(number - page as i64).or_default().push(y);
                }
            }
        }
        // The numbering that most pages follow.
        let counted = offsets.into_iter().max_by_key(|(offset, heights)| (heights.len(), -offset.abs()));
        let counted = counted.filter(|(_, heights)| heights.len() >= REPEATED && 5 * heights.len() >= 2 * sheets.len());
        for (page, (sheet, rows)) in sheets.iter_mut().zip(edges).enumerate() {
            let mut gone: Vec<Place> = Vec::new();
            for places in rows {
                let row = row(sheet, &places);
                let level = |heights: &[f32]| heights.iter().filter(|other| (*other - row.y).abs() < LEVEL).count() >= REPEATED;
                let repeated =
                    row.text.chars().any(char::is_alphabetic) && seen.get(&row.text).is_some_and(|heights| level(heights));
                // "Day 3" on the third page of a diary is told, however well it counts.
                let counts = (row.bare || row.apart)
                    && counted.as_ref().is_some_and(|(offset, heights)| {
                        (row.numbers.contains(&(offset + page as i64)) || (row.bare && row.numbers.is_empty())) && level(heights)
                    });
                if !repeated && !counts {
                    break;
                }
                gone.extend(places);
            }
            gone.sort_unstable_by(|a, b| b.cmp(a));
            for (block, index) in gone {
                sheet.blocks[block].remove(index);
            }
            sheet.blocks.retain(|block| !block.is_empty());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, y: f32) -> Line {
        Line { text: text.to_owned(), x0: 72.0, x1: 300.0, y, size: 10.0, first_word: 20.0, cells: 1, upright: true }
    }

    fn left(sheets: &[Sheet]) -> Vec<Vec<&str>> {
        sheets.iter().map(|sheet| sheet.blocks.iter().flatten().map(|line| line.text.as_str()).collect()).collect()
    }

    #[test]
    fn headers_and_numbers_go_and_what_is_told_stays() {
        let mut sheets: Vec<Sheet> = (0..5)
            .map(|page| Sheet {
                height: 800.0,
                blocks: vec![vec![
                    line(if page == 2 { "3 Another chapter" } else { "Diary of a nose" }, 40.0),
                    line(&format!("What happened on day {page}"), 90.0),
                    line("and the rain.", 400.0),
                    line(&format!("– {} –", page + 1), 760.0),
                ]],
            })
            .collect();
        drop(&mut sheets);
        let told = left(&sheets);
        assert_eq!(told[0], ["What happened on day 0", "and the rain."]);
        assert_eq!(told[4], ["What happened on day 4", "and the rain."]);
        assert_eq!(told[2][0], "3 Another chapter", "a line that stands once stays");
    }

    #[test]
    fn two_pages_and_lines_inside_the_text_are_left_alone() {
        let page = || Sheet { height: 800.0, blocks: vec![vec![line("Refrain", 40.0), line("1", 760.0)]] };
        let mut two = vec![page(), page()];
        drop(&mut two);
        assert_eq!(left(&two), [["Refrain", "1"], ["Refrain", "1"]]);
        let inside = |n: u32| Sheet {
            height: 800.0,
            blocks: vec![vec![
                line(&format!("Verse the {n}. of its own kind {}", "abc".repeat(n as usize)), 40.0),
                line("Refrain", 60.0),
            ]],
        };
        let mut four: Vec<Sheet> = (1..5).map(inside).collect();
        drop(&mut four);
        assert!(left(&four).iter().all(|lines| lines.len() == 2), "the refrain has something further out");
    }
}
