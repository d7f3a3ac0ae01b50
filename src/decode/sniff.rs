//! What a file is, by its own first bytes: its name and what a browser says about it decide nothing.
//!
//! The first signature decides, so a polyglot is only ever what it begins with. A film is read for its sound: phones and
//! browsers write voices into the very containers that hold films, and only the sound is ever taken out of them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Unreadable;

/// As many first bytes of a file as [`MediaType::of`] makes use of. Fewer will do when the file is shorter.
pub const HEAD: usize = 8 * 1024;

/// Every format that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    Jpeg,
    Png,
    Webp,
    Gif,
    Heic,
    Avif,
    Pdf,
    Mp3,
    /// The bare stream of AAC frames (ADTS).
    Aac,
    /// The family of MP4 and QuickTime.
    M4a,
    Ogg,
    Flac,
    Wav,
    Webm,
}

/// Which decoder reads a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Image,
    Pdf,
    Audio,
}

impl MediaType {
    /// The format of a file that begins with these bytes.
    pub fn of(head: &[u8]) -> Option<Self> {
        let head = &head[..head.len().min(HEAD)];
        if head.starts_with(b"\xFF\xD8\xFF") {
            Some(Self::Jpeg)
        } else if head.starts_with(b"\x89PNG\r\n\x1A\n") {
            Some(Self::Png)
        } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
            Some(Self::Gif)
        } else if head.starts_with(b"RIFF") {
            riff(head)
        } else if head.get(4..8) == Some(b"ftyp") {
            base_media(head)
        } else if head.starts_with(b"OggS\0") {
            Some(Self::Ogg)
        } else if head.starts_with(b"fLaC") {
            Some(Self::Flac)
        } else if head.starts_with(b"\x1A\x45\xDF\xA3") {
            ebml(head)
        } else if head.starts_with(b"ID3") {
            tagged(head)
        } else if let Some(stream) = mpeg_audio(head) {
            Some(stream)
        } else if is_pdf(head) {
            Some(Self::Pdf)
        } else {
            None
        }
    }

    /// The same, and where there is none, a sentence that says what the file seems to be instead.
    pub fn expect(head: &[u8]) -> Result<Self, Unreadable> {
        Self::of(head).ok_or_else(|| Unreadable::new(refusal(head)))
    }

    /// The media type as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
            Self::Pdf => "application/pdf",
            Self::Mp3 => "audio/mpeg",
            Self::Aac => "audio/aac",
            Self::M4a => "audio/mp4",
            Self::Ogg => "audio/ogg",
            Self::Flac => "audio/flac",
            Self::Wav => "audio/wav",
            Self::Webm => "audio/webm",
        }
    }

    /// How a file's name ends, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Heic => "heic",
            Self::Avif => "avif",
            Self::Pdf => "pdf",
            Self::Mp3 => "mp3",
            Self::Aac => "aac",
            Self::M4a => "m4a",
            Self::Ogg => "ogg",
            Self::Flac => "flac",
            Self::Wav => "wav",
            Self::Webm => "webm",
        }
    }

    pub const fn kind(self) -> Kind {
        match self {
            Self::Jpeg | Self::Png | Self::Webp | Self::Gif | Self::Heic | Self::Avif => Kind::Image,
            Self::Pdf => Kind::Pdf,
            Self::Mp3 | Self::Aac | Self::M4a | Self::Ogg | Self::Flac | Self::Wav | Self::Webm => Kind::Audio,
        }
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// RIFF names what it holds after its length. A WebP's first chunk is one of three, which tells it from a mere label.
fn riff(head: &[u8]) -> Option<MediaType> {
    match (head.get(8..12)?, head.get(12..16)) {
        (b"WEBP", Some(b"VP8 " | b"VP8L" | b"VP8X")) => Some(MediaType::Webp),
        (b"WAVE", Some(_)) => Some(MediaType::Wav),
        _ => None,
    }
}

/// ISO base media: the brands of the first box (ISO/IEC 14496-12 4.3; HEIF: 23008-12 10).
fn base_media(head: &[u8]) -> Option<MediaType> {
    let size = u32::from_be_bytes(head.get(..4)?.try_into().ok()?) as usize;
    if !(16..=1024).contains(&size) || !size.is_multiple_of(4) {
        return None;
    }
    let brands = &head[..size.min(head.len())];
    let major = brands.get(8..12)?;
    // "mif1" and its like only say that it is an image; the compatible brands then tell which.
    let neutral = matches!(major, b"mif1" | b"mif2" | b"miaf" | b"msf1");
    let compatible = brands.get(16..).unwrap_or_default().chunks_exact(4).filter(|_| neutral);
    std::iter::once(major).chain(compatible).find_map(|brand| match brand {
        b"avif" | b"avis" => Some(MediaType::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => Some(MediaType::Heic),
        b"M4A " | b"M4B " | b"M4P " | b"M4V " | b"mp41" | b"mp42" | b"isom" | b"avc1" | b"dash" | b"MSNV" | b"F4A " | b"F4V "
        | b"qt  " => Some(MediaType::M4a),
        [b'i', b's', b'o', version] if version.is_ascii_alphanumeric() => Some(MediaType::M4a),
        [b'3', b'g', b'p' | b'g' | b'2', _] => Some(MediaType::M4a),
        _ => None,
    })
}

/// Matroska says in its header which of its document types it is (RFC 8794 11.2.6); that of the browsers' recorders is WebM.
fn ebml(head: &[u8]) -> Option<MediaType> {
    let header = &head[..head.len().min(64)];
    header.windows(7).any(|bytes| bytes == b"\x42\x82\x84webm").then_some(MediaType::Webm)
}

/// A tag may stand before any sound; what follows it decides, where that is still in sight.
fn tagged(head: &[u8]) -> Option<MediaType> {
    let [version, _, flags, size @ ..] = head.get(3..10)? else { return None };
    if !(2..=4).contains(version) || size.iter().any(|byte| byte & 0x80 != 0) {
        return None;
    }
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    let length = size.iter().fold(0, |sum, byte| sum << 7 | usize::from(*byte)) + 10 + footer;
    let Some(rest) = head.get(length..).filter(|rest| rest.len() >= 4) else { return Some(MediaType::Mp3) };
    if rest.starts_with(b"fLaC") {
        return Some(MediaType::Flac);
    }
    // Writers pad tags with zeros beyond the length that they state.
    let frames = &rest[rest.iter().take_while(|byte| **byte == 0).count()..];
    if frames.len() < 4 { Some(MediaType::Mp3) } else { mpeg_audio(frames) }
}

/// MPEG audio layer III and ADTS have no signature but the header of each frame; so the next frame must stand where the first
/// one says that it ends (ISO/IEC 11172-3 2.4.2.3, 13818-7 6.2).
fn mpeg_audio(head: &[u8]) -> Option<MediaType> {
    let (kind, length) = frame(head)?;
    match head.get(length..).filter(|next| next.len() >= 6) {
        Some(next) => frame(next).filter(|(next, _)| *next == kind).map(|_| kind),
        None => Some(kind),
    }
}

/// Which stream a frame belongs to, and its length in bytes.
fn frame(bytes: &[u8]) -> Option<(MediaType, usize)> {
    let &[0xFF, second, third, fourth, fifth, sixth, ..] = bytes else { return None };
    if second & 0xF6 == 0xF0 {
        let rate = third >> 2 & 0x0F;
        let length = usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth >> 5);
        return (rate < 13 && length > 7).then_some((MediaType::Aac, length));
    }
    // Eleven bits of sync, then layer III.
    if second & 0xE6 != 0xE2 {
        return None;
    }
    const MPEG_1: [usize; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    const MPEG_2: [usize; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let (rates, divisor, samples) = match second >> 3 & 3 {
        3 => (MPEG_1, 1, 144),
        2 => (MPEG_2, 2, 72),
        0 => (MPEG_2, 4, 72),
        _ => return None,
    };
    let kilobits = *rates.get(usize::from(third >> 4).checked_sub(1)?)?;
    let hertz = *[44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))? / divisor;
    Some((MediaType::Mp3, samples * kilobits * 1000 / hertz + usize::from(third >> 1 & 1)))
}

/// Nothing may stand before a PDF's header but white space, a byte order mark or the line by which a print job begins.
fn is_pdf(head: &[u8]) -> bool {
    let mut rest = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    if rest.starts_with(b"\x1B%-12345X") {
        let line = |bytes: &[u8]| bytes.windows(5).position(|five| five == b"%PDF-");
        let Some(start) = line(&rest[..rest.len().min(1024)]) else { return false };
        if rest[..start].contains(&b'<') {
            return false;
        }
        rest = &rest[start..];
    }
    let white = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x0C | 0)).count();
    white <= 1024 && rest[white..].starts_with(b"%PDF-")
}

/// Whether a browser could take it for a page or run it: markup or a script's first line, in whichever encoding.
pub fn reads_as_markup(head: &[u8]) -> bool {
    // The length of a first box of 60 bytes is a `<` behind zeros.
    if head.get(4..8) == Some(b"ftyp") && base_media(head).is_some() {
        return false;
    }
    // UTF-16 of such text is the same bytes with zeros between.
    let mut text = head
        .iter()
        .copied()
        .filter(|byte| *byte != 0)
        .skip_while(|byte| byte.is_ascii_whitespace() || matches!(byte, 0xEF | 0xBB | 0xBF | 0xFE | 0xFF));
    match (text.next(), text.next()) {
        (Some(b'<'), Some(next)) => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?' | b'/' | b'%'),
        (Some(b'#'), Some(b'!')) => true,
        _ => false,
    }
}

/// Why a file is not accepted, by what it seems to be.
fn refusal(head: &[u8]) -> &'static str {
    const WANTED: &[(&[u8], &str)] = &[
        (b"PK\x03\x04", "This is a ZIP archive or an office document. Save it as a PDF, or paste its text."),
        (b"\xD0\xCF\x11\xE0", "This is an older office document. Save it as a PDF, or paste its text."),
        (b"{\\rtf", "This is a rich-text document. Save it as a PDF, or paste its text."),
        (b"%!PS", "This is a PostScript file. Save it as a PDF."),
        (b"II*\0", "TIFF and raw pictures cannot be read. Save it as JPEG or PNG."),
        (b"MM\0*", "TIFF and raw pictures cannot be read. Save it as JPEG or PNG."),
        (b"BM", "BMP pictures cannot be read. Save it as JPEG or PNG."),
        (b"\x1A\x45\xDF\xA3", "Matroska files cannot be read. Save it as WebM, MP4 or MP3."),
        (b"MZ", "This is a program."),
        (b"\x7FELF", "This is a program."),
    ];
    if head.is_empty() {
        return "The file is empty.";
    }
    if reads_as_markup(head) {
        return "This is a web page or a script, whatever its name says. Paste its text instead.";
    }
    if let Some((_, sentence)) = WANTED.iter().find(|(signature, _)| head.starts_with(signature)) {
        return sentence;
    }
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The head may end within a character.
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => "",
    };
    if !text.is_empty() && !text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return "This is plain text. Paste it into the field for words.";
    }
    "This is no picture, PDF or recording that can be read. JPEG, PNG, WebP, GIF, PDF, MP3, M4A, Ogg, FLAC, WAV and WebM can."
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A silent frame of MPEG-1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes.
    fn mp3_frame() -> Vec<u8> {
        let mut frame = vec![0xFF, 0xFB, 0x90, 0x00];
        frame.resize(417, 0);
        frame
    }

    fn id3(content: usize, follows: &[u8]) -> Vec<u8> {
        let mut file = vec![b'I', b'D', b'3', 4, 0, 0, 0, 0, (content >> 7) as u8, (content & 0x7F) as u8];
        file.resize(10 + content, 0);
        file.extend_from_slice(follows);
        file
    }

    #[test]
    fn each_format_is_told_by_its_first_bytes() {
        let known: &[(&[u8], MediaType)] = &[
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", MediaType::Jpeg),
            (b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR", MediaType::Png),
            (b"GIF89a\x01\0\x01\0", MediaType::Gif),
            (b"RIFF\x24\0\0\0WEBPVP8 ", MediaType::Webp),
            (b"RIFF\x24\0\0\0WAVEfmt ", MediaType::Wav),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", MediaType::Heic),
            (b"\0\0\0\x1Cftypmif1\0\0\0\0mif1miafavif", MediaType::Avif),
            (b"\0\0\0\x1CftypM4A \0\0\0\0M4A mp42isom", MediaType::M4a),
            // Found by fuzzing: as text, its length is a `<`.
            (b"\0\0\0<ftypM4A \0\0\0\0M4A mp42isom", MediaType::M4a),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", MediaType::M4a),
            (b"\0\0\0\x18ftypiso5\0\0\x02\0iso5dash", MediaType::M4a),
            (b"OggS\0\x02\0\0\0\0\0\0\0\0", MediaType::Ogg),
            (b"fLaC\0\0\0\x22", MediaType::Flac),
            (
                b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\xF7\x81\x01\x42\xF2\x81\x04\x42\xF3\x81\x08\x42\x82\x84webm",
                MediaType::Webm,
            ),
            (b"%PDF-1.7\n%\xE2\xE3", MediaType::Pdf),
            (b"\r\n %PDF-1.4\n", MediaType::Pdf),
            (b"\x1B%-12345X@PJL JOB\n@PJL ENTER LANGUAGE=PDF\n%PDF-1.4\n", MediaType::Pdf),
        ];
        for (head, media) in known {
            assert_eq!(MediaType::of(head), Some(*media), "{:?}", String::from_utf8_lossy(head));
            assert!(!reads_as_markup(head), "{media}");
        }
        assert_eq!(MediaType::of(&[mp3_frame(), mp3_frame()].concat()), Some(MediaType::Mp3));
        assert_eq!(MediaType::of(&id3(200, &mp3_frame())), Some(MediaType::Mp3));
        assert_eq!(MediaType::of(&id3(200, b"fLaC\0\0\0\x22")), Some(MediaType::Flac));
        assert_eq!(MediaType::of(&id3(200, &[0; 4])), Some(MediaType::Mp3));
        let adts = [b"\xFF\xF1\x50\x80\x01\x3F\xFC\0\0".as_slice(), b"\xFF\xF1\x50\x80\x01\x3F\xFC\0\0"].concat();
        assert_eq!(MediaType::of(&adts), Some(MediaType::Aac));
    }

    #[test]
    fn markup_and_scripts_are_refused_whatever_follows() {
        let page: Vec<u8> = [b"<!doctype html><script>alert(1)</script>\n".as_slice(), b"%PDF-1.4\n\x89PNG\r\n\x1A\n"].concat();
        let wide: Vec<u8> = "\u{FEFF}<svg onload=alert(1)>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for head in [page.as_slice(), &wide, b"\xEF\xBB\xBF <?xml version='1.0'?><svg/>", b"#!/bin/sh\n%PDF-1.4", b"\n<script>"] {
            assert_eq!(MediaType::of(head), None);
            assert!(reads_as_markup(head));
            assert!(MediaType::expect(head).unwrap_err().to_string().contains("web page or a script"));
        }
        assert_eq!(MediaType::of(b"\x1B%-12345X<script>alert(1)</script>%PDF-1.4"), None);
        assert_eq!(MediaType::of(b"var a = 1; // %PDF-1.4"), None);
    }

    #[test]
    fn the_first_signature_decides() {
        assert_eq!(MediaType::of(b"GIF89a/*<html>*/=1;%PDF-1.4"), Some(MediaType::Gif));
        assert_eq!(MediaType::of(b"PK\x03\x04 %PDF-1.4"), None);
    }

    #[test]
    fn what_only_looks_alike_is_refused_with_its_own_sentence() {
        let text: Vec<u8> = "\u{FEFF}Ambra und Regen".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let lone_frame_then_noise = [mp3_frame(), vec![0x11; 200]].concat();
        let cases: &[(&[u8], &str)] = &[
            (b"", "empty"),
            (b"PK\x03\x04\x14\0", "ZIP archive"),
            (b"MZ\x90\0", "program"),
            (b"II*\0", "TIFF"),
            ("Rain on dry earth, 15 °C".as_bytes(), "plain text"),
            (b"\x1A\x45\xDF\xA3\x93\x42\x82\x88matroska", "Matroska"),
            (&text, "no picture"),
            (&lone_frame_then_noise, "no picture"),
            (&id3(50, b"<html><script>"), "no picture"),
            (b"RIFF\x24\0\0\0WEBP<svg", "no picture"),
            (b"\0\0\0\x10ftypjxl \0\0\0\0", "no picture"),
            (b"\xFF\xFF\xFF\xF0ftypM4A ", "no picture"),
        ];
        for (head, part) in cases {
            let sentence = MediaType::expect(head).unwrap_err().to_string();
            assert!(sentence.contains(part), "{part}: {sentence}");
        }
        // A head that ends within a character is still text.
        assert!(MediaType::expect(&"é".as_bytes()[..1]).unwrap_err().to_string().contains("no picture"));
        assert!(MediaType::expect(&"Thé".as_bytes()[..3]).unwrap_err().to_string().contains("plain text"));
    }
}
