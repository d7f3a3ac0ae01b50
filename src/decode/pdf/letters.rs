//! Letters as a person would type them: without the marks that typesetting leaves.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// One letter's text, plain: ligatures and presentation forms taken apart, every kind of space a space, and nothing that is
/// not seen or that no font but its own can show.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Ligatures and presentation forms (Latin, Armenian, Hebrew, Arabic), the radicals that some fonts have for
            // characters, and letters of full or half width.
            '\u{FB00}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' => {
                plain.extend(c.nfkc());
            }
            '\u{AD}' => plain.push(c),
            // What the fonts Symbol and Wingdings have for bullets.
            '\u{F0B7}' | '\u{F0A7}' | '\u{F076}' | '\u{F0D8}' | '\u{F0A8}' => plain.push('•'),
            '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. | '\u{FFF0}'..='\u{FFFF}' => {}
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' => {}
            c if c.is_whitespace() => plain.push(' '),
            c if c.is_control() => {}
            c => plain.push(c),
        }
    }
    plain
}

/// A string of a PDF's own: UTF-16 with a mark in front, UTF-8 with one, or nearly Latin-1 (PDF 32000-1 7.9.2.2).
pub fn of_pdf_string(bytes: &[u8]) -> String {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|two| unit([two[0], two[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| pdf_doc(*byte)).collect(),
        },
    }
}

/// PDFDocEncoding where it differs from Latin-1 in letters that titles have.
fn pdf_doc(byte: u8) -> char {
    match byte {
        0x80 => '•',
        0x83 => '…',
        0x84 => '—',
        0x85 => '–',
        0x8D => '“',
        0x8E => '”',
        0x8F => '‘',
        0x90 => '’',
        0x92 => '™',
        0x93 => 'ﬁ',
        0x94 => 'ﬂ',
        0x96 => 'Œ',
        0x97 => 'Š',
        0x9C => 'œ',
        0x9D => 'š',
        0xA0 => '€',
        byte => char::from(byte),
    }
}

/// What the first of TeX's text encodings has for its ligatures.
pub fn tex_ligature(code: char) -> Option<&'static str> {
    match code {
        '\u{0B}' => Some("ff"),
        '\u{0C}' => Some("fi"),
        '\r' => Some("fl"),
        '\u{0E}' => Some("ffi"),
        '\u{0F}' => Some("ffl"),
        _ => None,
    }
}

/// The combining mark that a letter's text is nothing but, also where a font has it as a letter of its own.
pub fn combining(text: &str) -> Option<char> {
    let mut chars = text.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return None };
    match c {
        '`' | '\u{2CB}' => Some('\u{300}'),
        '´' | '\u{2CA}' => Some('\u{301}'),
        '\u{2C6}' => Some('\u{302}'),
        '\u{2DC}' => Some('\u{303}'),
        '\u{AF}' | '\u{2C9}' => Some('\u{304}'),
        '\u{2D8}' => Some('\u{306}'),
        '\u{2D9}' => Some('\u{307}'),
        '¨' => Some('\u{308}'),
        '\u{2DA}' => Some('\u{30A}'),
        '\u{2DD}' => Some('\u{30B}'),
        '\u{2C7}' => Some('\u{30C}'),
        '¸' => Some('\u{327}'),
        '\u{2DB}' => Some('\u{328}'),
        c if is_combining_mark(c) => Some(c),
        _ => None,
    }
}

/// Whether a letter is of a script that runs to the left.
pub fn leftward(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
        && !c.is_numeric()
}

/// Whether a letter is of a script that puts no spaces between words.
pub fn unspaced(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_typesetting_leaves_is_taken_away() {
        assert_eq!(plain("ﬁﬂﬃ\u{A0}\u{2009}x\u{200B}\u{FEFF}"), "fiflffi  x");
        assert_eq!(plain("\u{FEFB}"), "\u{644}\u{627}");
        assert_eq!(plain("⽇本"), "日本");
        assert_eq!(plain("\u{F0B7}\u{E001}\u{202E}\u{7}"), "•");
        assert_eq!(plain("½ m² ™"), "½ m² ™");
    }

    #[test]
    fn strings_are_read_in_each_encoding() {
        assert_eq!(of_pdf_string(b"\xFE\xFF\0R\0e\0g\0e\0n"), "Regen");
        assert_eq!(of_pdf_string(b"\xEF\xBB\xBFth\xC3\xA9"), "thé");
        assert_eq!(of_pdf_string(b"th\xE9 \x84 \xA0"), "thé — €");
    }
}
