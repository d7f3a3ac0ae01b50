//! PDF → the text of its pages.
//!
//! `hayro` interprets the file (docs/pdf.md tells why it); what it draws is listened to here. From where the letters stand
//! follow words, lines, columns and paragraphs.

mod glyphs;
mod layout;
mod letters;
mod margins;
mod prose;

use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, TransformExt,
    hayro_syntax::{DecryptionError, LoadPdfError, Pdf},
    interpret_page,
    kurbo::Rect,
};
use serde::{Deserialize, Serialize};

use super::Unreadable;
use glyphs::Listener;
use margins::Sheet;
use prose::Vocabulary;

/// More letters than a shelf of novels are no memory.
const MOST_LETTERS: usize = 5_000_000;

/// How much of a PDF is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PdfLimits {
    /// Pages; a longer file is refused.
    pub pages: u32,
}

impl Default for PdfLimits {
    fn default() -> Self {
        Self { pages: 300 }
    }
}

/// What a PDF says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Every page of the file in its order, also those without text.
    pub pages: Vec<Page>,
}

/// The text of a page: paragraphs are parted by an empty line, lines that were broken on purpose by a line break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Counts from 1, whatever is printed on the page.
    pub number: u32,
    pub text: String,
}

/// The text of a PDF.
pub fn read(bytes: &[u8], limits: &PdfLimits) -> Result<Document, Unreadable> {
    let fail = |sentence: &str| Err(Unreadable::new(sentence));
    if bytes.is_empty() {
        return fail("The file is empty.");
    }
    let cut = is_cut_off(bytes);
    let pdf = match Pdf::new(bytes.to_vec()) {
        _ if cut => return fail("The end of this PDF is missing: it was cut off on its way. Add it once more."),
        Ok(pdf) => pdf,
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => {
            return fail("This PDF is locked with a password. Save a copy without one, and add that.");
        }
        Err(LoadPdfError::Decryption(_)) => return fail("This PDF is encrypted in a way that cannot be read."),
        Err(LoadPdfError::Invalid) => return fail("This PDF could not be read: it seems to be damaged."),
    };
    let pages = pdf.pages();
    if pages.is_empty() {
        return fail("This PDF has no pages.");
    }
    if pages.len() > limits.pages as usize {
        let (has, may) = (pages.len(), limits.pages);
        return Err(Unreadable::new(format!("This PDF has {has} pages; it may have up to {may}. Add the part that matters.")));
    }
    let cache = InterpreterCache::new();
    let (mut sheets, mut letters, mut unknown, mut images) = (Vec::with_capacity(pages.len()), 0, 0, 0);
    for page in pages.iter() {
        let (width, height) = page.render_dimensions();
        let bounds = Rect::new(0.0, 0.0, width.into(), height.into());
        let transform = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(transform, bounds, &cache, pdf.xref(), InterpreterSettings::default());
        let mut listener = Listener::new((width, height));
        interpret_page(page, &mut context, &mut listener);
        let found = listener.found;
        (letters, unknown, images) = (letters + found.letters, unknown + found.unknown, images + found.images);
        if letters > MOST_LETTERS {
            return fail("This PDF holds more text than can be read at once. Add the part that matters.");
        }
        sheets.push(Sheet { height, blocks: layout::blocks(found) });
    }
    // Symbols of formulas may well be unknown; words that lack every third letter are no words.
    if 2 * unknown > letters {
        return fail(
            "The letters of this PDF are only drawn: it does not say which they are. Print it to a new PDF, or add pictures of it.",
        );
    }
    margins::drop(&mut sheets);
    let known = Vocabulary::of(&sheets);
    let mut texts: Vec<String> = sheets.iter().map(|sheet| prose::of_page(&sheet.blocks, &known)).collect();
    prose::mend(&mut texts, &known);
    if !texts.iter().any(|text| text.chars().any(char::is_alphanumeric)) {
        return match images {
            0 => fail("There are no words in this PDF."),
            _ => fail(
                "This PDF holds pictures of pages and no text: it was scanned. Add the pages as pictures, or type what matters.",
            ),
        };
    }
    let pages = (1..).zip(texts).map(|(number, text)| Page { number, text }).collect();
    Ok(Document { pages })
}

/// Whether the end of the file is missing: what says where everything stands is written last.
fn is_cut_off(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(32 * 1024)..];
    let finds = |text: &[u8]| tail.windows(text.len()).rposition(|window| window == text);
    if finds(b"startxref").is_none() {
        return finds(b"%%EOF").is_none();
    }
    // A file that is ordered for the web has such an end near its beginning too; but it also says how long it is.
    let head = &bytes[..bytes.len().min(1024)];
    let Some(linear) = head.windows(11).position(|window| window == b"/Linearized") else { return false };
    let about = &head[linear..];
    let about = &about[..about.windows(2).position(|window| window == b">>").unwrap_or(about.len())];
    let length = about.windows(3).position(|window| window == b"/L ").and_then(|at| number(&about[at + 3..]));
    length.is_some_and(|length| length > bytes.len())
}

fn number(bytes: &[u8]) -> Option<usize> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()
}

#[cfg(test)]
mod made;
#[cfg(test)]
mod tests;
