//! A page's drawing instructions → letters and where they stand.

use std::collections::HashMap;

use hayro_interpret::{
    BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
    font::{Glyph as Shape, GlyphRun},
    hayro_cmap::{BfString, WritingMode},
    hayro_syntax::object::{Dict, Name, String as PdfString},
    kurbo::{Affine, BezPath, Point},
};
use unicode_normalization::char::is_combining_mark;

use super::letters;

/// More letters than this on one page are no page that anyone wrote; the rest is passed over.
const MOST_ON_A_PAGE: usize = 200_000;

/// What is marked with an alternative text and holds more letters than this is a passage: then its own letters are better.
const MOST_REPLACED: usize = 32;

/// Which way up the letters stand. Each direction of writing is laid out by itself, turned so that lines run to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Plane {
    Upright,
    /// Lines run upwards.
    Upwards,
    /// Upside down.
    Turned,
    /// Lines run downwards.
    Downwards,
    /// Letters stand upright below each other; the next line is to the left.
    Columns,
}

/// A letter, or several that one shape stands for. Lengths are points; `x` grows along the line, `y` from line to line.
#[derive(Clone, Debug)]
pub struct Glyph {
    pub text: String,
    pub x0: f32,
    pub x1: f32,
    /// The baseline.
    pub y: f32,
    pub size: f32,
}

/// What was found on one page.
#[derive(Default)]
pub struct Found {
    /// In the order in which they are drawn.
    pub planes: HashMap<Plane, Vec<Glyph>>,
    pub letters: usize,
    /// Shapes of which the file does not say which letter they are.
    pub unknown: usize,
    pub images: usize,
}

/// Text that a marked passage says about itself.
struct Marked {
    /// Replaces the letters drawn within (PDF 32000-1 14.9.4).
    actual: Option<String>,
    within: Vec<(Plane, Glyph)>,
    /// A header or a page number, by the file's own word (14.8.2.2).
    pagination: bool,
}

/// Listens to the drawing of a page, and takes down its letters.
pub struct Listener {
    width: f32,
    height: f32,
    pub found: Found,
    marked: Vec<Marked>,
}

impl Listener {
    pub fn new((width, height): (f32, f32)) -> Self {
        Self { width, height, found: Found::default(), marked: Vec::new() }
    }

    fn keep(&mut self, plane: Plane, glyph: Glyph) {
        if self.marked.iter().any(|marked| marked.pagination) {
            return;
        }
        if let Some(marked) = self.marked.iter_mut().rev().find(|marked| marked.actual.is_some())
            && marked.within.len() < MOST_ON_A_PAGE
        {
            marked.within.push((plane, glyph));
            return;
        }
        self.found.planes.entry(plane).or_default().push(glyph);
    }

    /// Whether a point of the page can be seen.
    fn within(&self, at: Point) -> bool {
        let (x, y) = (at.x as f32, at.y as f32);
        (-2.0..=self.width + 2.0).contains(&x) && (-2.0..=self.height + 2.0).contains(&y)
    }
}

/// Turns a point of the page so that the lines of a plane run to the right and follow each other downwards.
fn turned(plane: Plane, at: Point) -> (f32, f32) {
    let (x, y) = (at.x as f32, at.y as f32);
    match plane {
        Plane::Upright => (x, y),
        Plane::Upwards => (-y, x),
        Plane::Turned => (-x, -y),
        Plane::Downwards => (y, -x),
        Plane::Columns => (y, -x),
    }
}

fn plane_of(across: (f64, f64), writing: WritingMode) -> Plane {
    if matches!(writing, WritingMode::Vertical) {
        return Plane::Columns;
    }
    let (x, y) = across;
    if x.abs() >= y.abs() {
        if x >= 0.0 { Plane::Upright } else { Plane::Turned }
    } else if y > 0.0 {
        Plane::Downwards
    } else {
        Plane::Upwards
    }
}

/// The text of a shape, where the file tells it.
fn text_of(shape: &Shape<'_>) -> Option<String> {
    let text = match shape.as_unicode() {
        Some(BfString::Char(c)) => c.to_string(),
        Some(BfString::String(text)) => text,
        None => {
            // Bitmap fonts of TeX name their letters by nothing but the code, which for these is that of ASCII.
            let code = char::from_u32(shape.char_code()).filter(|_| matches!(shape, Shape::Type3(_)))?;
            if code.is_ascii_graphic() { code.to_string() } else { letters::tex_ligature(code)?.to_owned() }
        }
    };
    let text = letters::plain(&text);
    // A space stays a space: it parts words. Anything else that plain letters have no room for is unknown.
    (!text.is_empty()).then_some(text)
}

impl<'a> Device<'a> for Listener {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        let placed: Vec<(Affine, f64)> = run
            .glyphs()
            .iter()
            .map(|glyph| {
                let advance = match &**glyph {
                    Shape::Outline(outline) => outline.advance_width(),
                    Shape::Type3(drawn) => drawn.advance_width(),
                };
                (props.transform * glyph.transform(), f64::from(advance.unwrap_or(500.0)))
            })
            .collect();
        let stretch = stretch(&placed);
        for (index, (glyph, (transform, advance))) in run.glyphs().iter().zip(&placed).enumerate() {
            if self.found.letters + self.found.unknown >= MOST_ON_A_PAGE {
                return;
            }
            let [a, b, c, d, ..] = transform.as_coeffs();
            let size = (c.hypot(d) * 1000.0) as f32;
            let origin = *transform * Point::ORIGIN;
            if !(0.5..=5000.0).contains(&size) || !self.within(origin) {
                continue;
            }
            let Some(text) = text_of(glyph) else {
                self.found.unknown += 1;
                continue;
            };
            let plane = plane_of((a, b), run.writing_mode());
            let (x0, y) = turned(plane, origin);
            let next = placed.get(index + 1).map(|(next, _)| turned(plane, *next * Point::ORIGIN));
            let x1 = if plane == Plane::Columns {
                x0 + size
            } else {
                let width = (advance * stretch.unwrap_or_else(|| across(*transform))) as f32;
                // What comes next in the same run tells best where this one ends, when it stands close by.
                match next {
                    Some((x, below)) if below == y && (x - x0 - width).abs() < 0.08 * size && x > x0 => x,
                    _ => x0 + width,
                }
            };
            if !x1.is_finite() || (x1 - x0).abs() > 20.0 * size {
                continue;
            }
            self.found.letters += 1;
            self.keep(plane, Glyph { text, x0: x0.min(x1), x1: x0.max(x1), y, size });
        }
    }

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        let pagination = tag == b"Artifact"
            && properties.and_then(|about| about.get::<Name<'_>>(b"Type")).is_some_and(|kind| *kind == *b"Pagination");
        let actual = properties
            .and_then(|about| about.get::<PdfString<'_>>(b"ActualText"))
            .map(|text| letters::plain(&letters::of_pdf_string(text.as_bytes())));
        // Bounded, since nothing makes a file close what it opens.
        if self.marked.len() < 1000 {
            self.marked.push(Marked { actual, within: Vec::new(), pagination });
        }
    }

    fn end_marked_content(&mut self) {
        let Some(Marked { actual: Some(actual), within, .. }) = self.marked.pop() else { return };
        let one_line = within.windows(2).all(|two| two[0].0 == two[1].0 && (two[0].1.y - two[1].1.y).abs() < 0.5 * two[0].1.size);
        let replaced = match within.first() {
            Some((plane, first)) if one_line && within.len() <= MOST_REPLACED => {
                let x0 = within.iter().map(|(_, glyph)| glyph.x0).fold(f32::MAX, f32::min);
                let x1 = within.iter().map(|(_, glyph)| glyph.x1).fold(f32::MIN, f32::max);
                Some((*plane, Glyph { text: actual, x0, x1, ..first.clone() }))
            }
            _ => None,
        };
        match replaced {
            Some((_, glyph)) if glyph.text.is_empty() => {}
            Some((plane, glyph)) => self.keep(plane, glyph),
            None => within.into_iter().for_each(|(plane, glyph)| self.keep(plane, glyph)),
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.found.images += 1;
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// How long a glyph's unit of width is on the page, by its own transform.
fn across(transform: Affine) -> f64 {
    let [a, b, c, d, ..] = transform.as_coeffs();
    let (wide, high) = (a.hypot(b), c.hypot(d));
    // Where a font is not in the file, the shapes of another are stretched into its widths: the height then tells more.
    if (0.75..1.33).contains(&(wide / high)) { high } else { wide }
}

/// The same, by how far the glyphs of a run stand from each other: this knows of stretched and of spaced letters.
fn stretch(placed: &[(Affine, f64)]) -> Option<f64> {
    let mut ratios: Vec<f64> = placed
        .windows(2)
        .filter(|two| two[0].1 > 0.0)
        .map(|two| (two[1].0 * Point::ORIGIN).distance(two[0].0 * Point::ORIGIN) / two[0].1)
        .filter(|ratio| ratio.is_finite())
        .collect();
    if ratios.len() < 3 {
        return None;
    }
    ratios.sort_by(f64::total_cmp);
    let middle = ratios[ratios.len() / 2];
    let own = across(placed[0].0);
    (0.5 * own..1.8 * own).contains(&middle).then_some(middle)
}

/// Puts marks on the letters that they stand over, whether they are drawn before or after them.
pub fn compose(glyphs: Vec<Glyph>) -> Vec<Glyph> {
    let mut composed: Vec<Glyph> = Vec::with_capacity(glyphs.len());
    let mut waiting: Option<(Glyph, char)> = None;
    for glyph in glyphs {
        if let Some((accent, mark)) = waiting.take() {
            if covers(&glyph, &accent) && glyph.text.chars().next().is_some_and(char::is_alphabetic) {
                composed.push(with_mark(glyph, mark));
                continue;
            }
            composed.push(accent);
        }
        let mark = letters::combining(&glyph.text);
        if let Some(mark) = mark {
            match composed.last_mut() {
                Some(base) if covers(base, &glyph) && base.text.chars().last().is_some_and(takes_marks) => {
                    base.text.push(mark);
                    continue;
                }
                _ => waiting = Some((glyph, mark)),
            }
        } else {
            composed.push(glyph);
        }
    }
    composed.extend(waiting.map(|(accent, _)| accent));
    composed
}

fn takes_marks(c: char) -> bool {
    c.is_alphabetic() || is_combining_mark(c)
}

/// Whether most of an accent stands over a letter.
fn covers(base: &Glyph, accent: &Glyph) -> bool {
    let middle = (accent.x0 + accent.x1) / 2.0;
    let room = 0.05 * base.size;
    (base.x0 - room..=base.x1 + room).contains(&middle) && (base.y - accent.y).abs() < 0.6 * base.size
}

fn with_mark(mut base: Glyph, mark: char) -> Glyph {
    let first = base.text.chars().next().map_or(0, char::len_utf8);
    base.text.insert(first, mark);
    base
}
