//! Letters and where they stand → lines in the order in which a person reads them.
//!
//! Letters become segments (what stands on one line without a wide gap), segments columns, and columns lines. Columns are
//! found by their gutters: a vertical strip that hardly a segment crosses, with lines of running text on both of its sides.
//! The segments that do cross it (a title over two columns) part the page into bands, and each band is looked at again.

use std::collections::HashMap;

use super::{
    glyphs::{Found, Glyph, Plane, compose},
    letters,
};

/// A wider gap, in font sizes, is between two columns or cells.
const CELL_GAP: f32 = 0.9;
/// A wider gap, in font sizes, is between two words.
const WORD_GAP: f32 = 0.13;
/// Baselines that differ by less, in font sizes, are of one line: indices are raised and lowered.
const SAME_LINE: f32 = 0.45;
/// How often a part of a page is divided again. Newspapers need three.
const DEEPEST: usize = 8;

/// A line of text. Where it runs to the left, its positions are mirrored, so that `x0` is always where it begins.
#[derive(Clone, Debug)]
pub struct Line {
    pub text: String,
    pub x0: f32,
    pub x1: f32,
    pub y: f32,
    pub size: f32,
    /// How wide its first word is.
    pub first_word: f32,
    /// How many pieces with wide gaps between them it has: more than one in the row of a table.
    pub cells: usize,
    /// Stands upright on the page, so that its `y` is a height on it.
    pub upright: bool,
}

struct Segment {
    glyphs: Vec<Glyph>,
    x0: f32,
    x1: f32,
    y: f32,
    size: f32,
    /// How much text it is: a letter of an unspaced script counts twice.
    weight: usize,
}

impl Segment {
    fn of(glyphs: Vec<Glyph>) -> Self {
        let seen = || glyphs.iter().filter(|glyph| !is_space(glyph));
        let x0 = seen().map(|glyph| glyph.x0).fold(f32::MAX, f32::min);
        let x1 = seen().map(|glyph| glyph.x1).fold(f32::MIN, f32::max);
        // Indices are smaller, and stand elsewhere.
        let size = seen().map(|glyph| glyph.size).fold(0.0, f32::max);
        let y = seen().find(|glyph| glyph.size >= 0.95 * size).map_or(0.0, |glyph| glyph.y);
        let weight = seen().flat_map(|glyph| glyph.text.chars()).map(|c| if letters::unspaced(c) { 2 } else { 1 }).sum();
        Self { x0, x1, y, size, weight, glyphs }
    }

    fn width(&self) -> f32 {
        self.x1 - self.x0
    }
}

fn is_space(glyph: &Glyph) -> bool {
    glyph.text.trim().is_empty()
}

/// The lines of a page: one list for every column or part of it, in reading order.
pub fn blocks(found: Found) -> Vec<Vec<Line>> {
    let mut planes: Vec<(Plane, Vec<Glyph>)> = found.planes.into_iter().collect();
    // What most of the page is written in comes first; notes on the margin that stand across come after it.
    planes.sort_by_key(|(plane, glyphs)| (std::cmp::Reverse(glyphs.len()), *plane));
    let mut blocks = Vec::new();
    for (plane, glyphs) in planes {
        let leftward = glyphs.iter().flat_map(|glyph| glyph.text.chars()).filter(|c| c.is_alphabetic());
        let (left, all) = leftward.fold((0, 0), |(left, all), c| (left + usize::from(letters::leftward(c)), all + 1));
        let leftward = 2 * left > all;
        let mut parts = Vec::new();
        divide(merge(segments(compose(once(glyphs)))), leftward, 0, &mut parts);
        blocks.extend(parts.into_iter().map(|part| lines(part, plane == Plane::Upright)).filter(|lines| !lines.is_empty()));
    }
    blocks
}

/// Bold type is sometimes made by drawing every letter twice; each is kept once.
fn once(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let mut last: HashMap<(String, i32), Vec<(f32, f32)>> = HashMap::new();
    let mut kept = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let near = 0.1 * glyph.size;
        let band = (glyph.y / glyph.size.max(1.0)).round() as i32;
        let places = last.entry((glyph.text.clone(), band)).or_default();
        // Only the latest few: a letter and its double are drawn soon after each other, mostly line by line.
        let doubled = places.iter().rev().take(40).any(|(x, y)| (x - glyph.x0).abs() < near && (y - glyph.y).abs() < near);
        if !doubled || is_space(&glyph) {
            places.push((glyph.x0, glyph.y));
            kept.push(glyph);
        }
    }
    kept
}

/// Cuts the letters, as they are drawn, wherever the next one does not follow on the same line.
fn segments(glyphs: Vec<Glyph>) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut current: Vec<Glyph> = Vec::new();
    // The last one seen, for spaces do not count.
    let mut last: Option<(f32, f32, f32)> = None;
    for glyph in glyphs {
        if is_space(&glyph) {
            if !current.is_empty() {
                current.push(glyph);
            }
            continue;
        }
        if let Some((x1, y, size)) = last {
            let larger = size.max(glyph.size);
            let gap = glyph.x0 - x1;
            if (glyph.y - y).abs() > SAME_LINE * larger || gap < -0.4 * larger || gap > CELL_GAP * larger {
                segments.push(Segment::of(std::mem::take(&mut current)));
            }
        }
        last = Some((glyph.x1, glyph.y, glyph.size));
        current.push(glyph);
    }
    if last.is_some() {
        segments.push(Segment::of(current));
    }
    segments
}

/// What stands on one line, by its baseline. Every row is sorted along the line.
fn rows(mut segments: Vec<Segment>) -> Vec<Vec<Segment>> {
    segments.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut rows: Vec<Vec<Segment>> = Vec::new();
    let mut top = (f32::MIN, 0.0_f32);
    for segment in segments {
        match rows.last_mut() {
            Some(row) if segment.y - top.0 <= SAME_LINE * top.1.max(segment.size) && fits(row, &segment) => {
                top.1 = top.1.max(segment.size);
                row.push(segment);
            }
            _ => {
                top = (segment.y, segment.size);
                rows.push(vec![segment]);
            }
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

/// Whether a segment can be of a row: what stands over something else of it, though a little lower, is of the next one. Only
/// the latest few are asked, since rows are short but those of a hostile file are not.
fn fits(row: &[Segment], segment: &Segment) -> bool {
    row.iter().rev().take(64).all(|other| {
        let overlap = segment.x1.min(other.x1) - segment.x0.max(other.x0);
        let size = segment.size.min(other.size);
        overlap < 0.5 * size || (segment.y - other.y).abs() < 0.1 * size
    })
}

/// Joins what was not drawn in order, or not at once.
fn merge(segments: Vec<Segment>) -> Vec<Segment> {
    let mut merged = Vec::with_capacity(segments.len());
    for row in rows(segments) {
        let mut current: Option<Segment> = None;
        for next in row {
            current = Some(match current.take() {
                None => next,
                Some(mut one) => {
                    let larger = one.size.max(next.size);
                    let gap = next.x0 - one.x1;
                    if gap < CELL_GAP * larger && gap > -0.5 * larger {
                        let ordered = one.x1 <= next.x0;
                        one.glyphs.extend(next.glyphs);
                        if !ordered {
                            one.glyphs.sort_by(|a, b| a.x0.total_cmp(&b.x0));
                        }
                        one.x1 = one.x1.max(next.x1);
                        one.weight += next.weight;
                        if next.size > one.size {
                            (one.size, one.y) = (next.size, next.y);
                        }
                        one
                    } else {
                        merged.push(one);
                        next
                    }
                }
            });
        }
        merged.extend(current);
    }
    merged
}

/// Parts a region into columns, as long as it has any, and gives its parts in reading order.
fn divide(segments: Vec<Segment>, leftward: bool, depth: usize, parts: &mut Vec<Vec<Segment>>) {
    if segments.is_empty() {
        return;
    }
    let Some(at) = (if depth < DEEPEST { gutter(&segments) } else { None }) else {
        parts.push(segments);
        return;
    };
    let mut sorted = segments;
    sorted.sort_by(|a, b| a.y.total_cmp(&b.y));
    let (mut left, mut right, mut across): (Vec<Segment>, Vec<Segment>, Vec<Segment>) = Default::default();
    for segment in sorted {
        let side = side(&segment, at);
        let beside = across.last().is_some_and(|last| segment.y - last.y < 0.5 * last.size);
        if side == Side::Across || beside {
            columns(&mut left, &mut right, leftward, depth, parts);
            across.push(segment);
        } else {
            divide(std::mem::take(&mut across), leftward, depth + 1, parts);
            if side == Side::Left { left.push(segment) } else { right.push(segment) }
        }
    }
    columns(&mut left, &mut right, leftward, depth, parts);
    divide(across, leftward, depth + 1, parts);
}

/// The two sides of a gutter, in the order of reading.
fn columns(left: &mut Vec<Segment>, right: &mut Vec<Segment>, leftward: bool, depth: usize, parts: &mut Vec<Vec<Segment>>) {
    let (first, second) = if leftward { (right, left) } else { (left, right) };
    divide(std::mem::take(first), leftward, depth + 1, parts);
    divide(std::mem::take(second), leftward, depth + 1, parts);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Across,
}

/// On which side of a gutter a segment lies. A line that is a little too long still belongs to its column.
fn side(segment: &Segment, at: f32) -> Side {
    let over = ((segment.x1 - at) / segment.width().max(0.1)).clamp(0.0, 1.0);
    if over <= 0.12 {
        Side::Left
    } else if over >= 0.88 {
        Side::Right
    } else {
        Side::Across
    }
}

/// Where the clearest gutter of a region is, if it has one.
fn gutter(segments: &[Segment]) -> Option<f32> {
    const BINS: usize = 400;
    if segments.len() < 6 {
        return None;
    }
    let x0 = segments.iter().map(|segment| segment.x0).fold(f32::MAX, f32::min);
    let x1 = segments.iter().map(|segment| segment.x1).fold(f32::MIN, f32::max);
    let size = middle(segments.iter().map(|segment| segment.size).collect());
    if x1 - x0 < 15.0 * size {
        return None;
    }
    let step = (x1 - x0) / BINS as f32;
    let mut steps = [0_i32; BINS + 1];
    for segment in segments {
        let from = (((segment.x0 - x0) / step) as usize).min(BINS - 1);
        let to = (((segment.x1 - x0) / step).ceil() as usize).clamp(from + 1, BINS);
        steps[from] += 1;
        steps[to] -= 1;
    }
    let covered: Vec<i32> = steps[..BINS]
        .iter()
        .scan(0, |sum, step| {
            *sum += step;
            Some(*sum)
        })
        .collect();
    // The least covered places, each run of equal ones by its middle.
    let most = segments.len() as i32 / 2;
    let mut candidates: Vec<(i32, f32)> = Vec::new();
    let mut start = 0;
    for bin in 1..=BINS {
        if bin < BINS && covered[bin] == covered[start] {
            continue;
        }
        let lower = |other: Option<&i32>| other.is_none_or(|other| *other > covered[start]);
        if covered[start] <= most && start > 0 && lower(covered.get(start - 1)) && lower(covered.get(bin)) && bin < BINS {
            candidates.push((covered[start], x0 + step * (start + bin) as f32 / 2.0));
        }
        start = bin;
    }
    candidates.sort_by(|a, b| a.0.cmp(&b.0).then((a.1 - (x0 + x1) / 2.0).abs().total_cmp(&(b.1 - (x0 + x1) / 2.0).abs())));
    candidates.into_iter().take(6).map(|(_, at)| at).find(|at| parts_columns(segments, *at, size))
}

/// Whether running text stands on both sides of a place: lines of some length, about as many on one side as on the other,
/// most of them as wide as their column. A table's cells, a list's numbers and a contents' pages are none.
fn parts_columns(segments: &[Segment], at: f32, size: f32) -> bool {
    let of = |which: Side| segments.iter().filter(move |segment| side(segment, at) == which);
    let range = |which: Side| {
        let y0 = of(which).map(|segment| segment.y).fold(f32::MAX, f32::min);
        let y1 = of(which).map(|segment| segment.y).fold(f32::MIN, f32::max);
        (y0 - size, y1 + size)
    };
    let (left, right) = (range(Side::Left), range(Side::Right));
    let (y0, y1) = (left.0.max(right.0), left.1.min(right.1));
    let beside = |which: Side| -> Vec<&Segment> { of(which).filter(|segment| (y0..=y1).contains(&segment.y)).collect() };
    let (left, right) = (beside(Side::Left), beside(Side::Right));
    let (fewer, more) = (left.len().min(right.len()), left.len().max(right.len()));
    if fewer < 3 || 5 * fewer < 2 * more {
        return false;
    }
    let end = left.iter().map(|segment| segment.x1).fold(f32::MIN, f32::max);
    let begin = right.iter().map(|segment| segment.x0).fold(f32::MAX, f32::min);
    if begin - end < 0.3 * size && end < at {
        return false;
    }
    let running = |column: &[&Segment]| column.iter().map(|segment| segment.weight).sum::<usize>() >= 12 * column.len();
    let filled = |column: &[&Segment]| {
        let mut widths: Vec<f32> = column.iter().map(|segment| segment.width()).collect();
        widths.sort_by(f32::total_cmp);
        widths[widths.len() / 2] / widths[widths.len() * 9 / 10].max(0.1)
    };
    let fill = filled(&left).min(filled(&right));
    // Both sorted: how many lines on the left have one beside them on the very same baseline, as the cells of a table do.
    let mut heights: Vec<f32> = right.iter().map(|segment| segment.y).collect();
    heights.sort_by(f32::total_cmp);
    let level = left.iter().filter(|segment| {
        let next = heights.partition_point(|y| *y < segment.y - 0.1 * size);
        heights.get(next).is_some_and(|y| *y <= segment.y + 0.1 * size)
    });
    let level = level.count();
    if !running(&left) || !running(&right) {
        // Lists side by side, which share no baselines.
        return fewer >= 10 && end <= begin && 3 * level < left.len();
    }
    fill >= 0.75 || (fill >= 0.5 && 2 * level < left.len())
}

fn middle(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

fn lines(segments: Vec<Segment>, upright: bool) -> Vec<Line> {
    rows(segments).into_iter().filter_map(|row| line(row, upright)).collect()
}

fn line(row: Vec<Segment>, upright: bool) -> Option<Line> {
    let cells = row.len();
    let whole = Segment::of(row.into_iter().flat_map(|segment| segment.glyphs).collect());
    let Segment { mut glyphs, x0, x1, y, size, .. } = whole;
    let leftward = as_spoken(&mut glyphs);
    let mut text = String::new();
    let mut first_word = None;
    let mut spaced = false;
    let mut before: Option<&Glyph> = None;
    for glyph in &glyphs {
        if is_space(glyph) {
            spaced = true;
            continue;
        }
        if let Some(before) = before {
            let gap = (glyph.x0 - before.x1).max(before.x0 - glyph.x1) / before.size.max(glyph.size);
            if gap > WORD_GAP || (spaced && gap > 0.03) {
                first_word.get_or_insert((before.x1 - x0).max(x1 - before.x0).min(x1 - x0));
                text.push(' ');
            }
        }
        text.push_str(&glyph.text);
        spaced = false;
        before = Some(glyph);
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return None;
    }
    let first_word = match (before, leftward) {
        (None, _) => return None,
        _ => first_word_width(&glyphs, x0, x1, leftward).or(first_word).unwrap_or(x1 - x0),
    };
    let (x0, x1) = if leftward { (-x1, -x0) } else { (x0, x1) };
    Some(Line { text, x0, x1, y, size, first_word, cells, upright })
}

fn first_word_width(glyphs: &[Glyph], x0: f32, x1: f32, leftward: bool) -> Option<f32> {
    let mut seen: Option<&Glyph> = None;
    for glyph in glyphs {
        if let Some(before) = seen {
            let gap = (glyph.x0 - before.x1).max(before.x0 - glyph.x1);
            if is_space(glyph) || gap > WORD_GAP * before.size {
                return Some(if leftward { x1 - before.x0 } else { before.x1 - x0 });
            }
        }
        if !is_space(glyph) {
            seen = Some(glyph);
        }
    }
    None
}

/// Brings letters that stand from left to right into the order in which they are spoken, and tells whether the line as a whole
/// runs to the left. Numbers and words of the other direction keep theirs.
fn as_spoken(glyphs: &mut [Glyph]) -> bool {
    let class = |glyph: &Glyph| {
        let mut strong = glyph.text.chars().filter(|c| c.is_alphanumeric());
        strong.next().map(letters::leftward)
    };
    let classes: Vec<Option<bool>> = glyphs.iter().map(class).collect();
    let leftwards = classes.iter().filter(|class| **class == Some(true)).count();
    if leftwards == 0 {
        return false;
    }
    let letters = glyphs.iter().filter(|glyph| glyph.text.chars().any(char::is_alphabetic)).count();
    let base = 2 * leftwards >= letters;
    // What has no direction takes that of its neighbors if they agree, else that of the line.
    let mut before = vec![base; classes.len()];
    let mut direction = base;
    for (index, class) in classes.iter().enumerate() {
        direction = class.unwrap_or(direction);
        before[index] = direction;
    }
    let mut resolved = vec![base; classes.len()];
    let mut after = base;
    for index in (0..classes.len()).rev() {
        after = classes[index].unwrap_or(after);
        resolved[index] = if before[index] == after { after } else { base };
    }
    if base {
        glyphs.reverse();
        resolved.reverse();
    }
    let mut start = 0;
    for end in 1..=resolved.len() {
        if end == resolved.len() || resolved[end] != resolved[start] {
            if resolved[start] != base {
                glyphs[start..end].reverse();
            }
            start = end;
        }
    }
    base
}
