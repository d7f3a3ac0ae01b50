use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

use super::*;

fn encoded_as(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Red above, blue below, twice as wide as high.
fn two_halves(width: u32) -> DynamicImage {
    let color = |y| if y < width / 4 { Rgb([200, 30, 30]) } else { Rgb([30, 30, 200]) };
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, width / 2, |_, y| color(y)))
}

fn read_all(bytes: &[u8]) -> Result<Picture, Unreadable> {
    read(bytes, &ImageLimits::default())
}

fn refusal(bytes: &[u8]) -> String {
    read_all(bytes).unwrap_err().to_string()
}

/// Found by fuzzing: the color table ends within a color, over which the decoder of PNGs stumbles.
#[test]
fn a_color_table_that_is_cut_off_is_refused() {
    assert!(refusal(include_bytes!("../../../fuzz/regressions/image/palette.png")).contains("broken"));
}

/// One entry of an EXIF directory.
enum Entry<'a> {
    Text(u16, &'a str),
    Short(u16, u16),
    Ratios(u16, &'a [(u32, u32)]),
}

/// A little-endian TIFF structure with a main, an EXIF and a GPS directory.
fn tiff(main: &[Entry], exif: &[Entry], gps: &[Entry]) -> Vec<u8> {
    let size = |entries: &[Entry], links: usize| 2 + 12 * (entries.len() + links) + 4;
    let exif_at = 8 + size(main, 2);
    let gps_at = exif_at + size(exif, 0);
    let mut heap = Vec::new();
    let heap_at = gps_at + size(gps, 0);
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    let links: [(u16, usize); 2] = [(0x8769, exif_at), (0x8825, gps_at)];
    for (entries, links) in [(main, &links[..]), (exif, &[]), (gps, &[])] {
        out.extend(((entries.len() + links.len()) as u16).to_le_bytes());
        for entry in entries {
            let (tag, kind, count, value) = match entry {
                Entry::Short(tag, value) => (*tag, 3_u16, 1, [&value.to_le_bytes()[..], &[0, 0]].concat()),
                Entry::Text(tag, text) => (*tag, 2, text.len() + 1, [text.as_bytes(), &[0]].concat()),
                Entry::Ratios(tag, ratios) => {
                    let bytes = ratios.iter().flat_map(|(n, d)| [n.to_le_bytes(), d.to_le_bytes()]).flatten().collect();
                    (*tag, 5, ratios.len(), bytes)
                }
            };
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend((count as u32).to_le_bytes());
            if value.len() <= 4 {
                out.extend([value, vec![0; 4]].concat()[..4].iter());
            } else {
                out.extend(((heap_at + heap.len()) as u32).to_le_bytes());
                heap.extend(value);
            }
        }
        for (tag, at) in links {
            out.extend(
                [&tag.to_le_bytes()[..], &4_u16.to_le_bytes(), &1_u32.to_le_bytes(), &(*at as u32).to_le_bytes()].concat(),
            );
        }
        out.extend([0; 4]);
    }
    [out, heap].concat()
}

fn with_exif(jpeg: &[u8], tiff: &[u8]) -> Vec<u8> {
    let length = (tiff.len() + 8) as u16;
    [&jpeg[..2], &[0xFF, 0xE1], &length.to_be_bytes(), b"Exif\0\0", tiff, &jpeg[2..]].concat()
}

const DEGREES: [(u32, u32); 3] = [(38, 1), (42, 1), (3000, 100)];

fn telling(moment: &str, offset: &str, latitude: &[(u32, u32)], longitude: &[(u32, u32)]) -> Exif {
    let gps = [Entry::Text(1, "S"), Entry::Ratios(2, latitude), Entry::Text(3, "W"), Entry::Ratios(4, longitude)];
    let main = [Entry::Text(0x10F, "A camera with a name and a serial number")];
    let exif = [Entry::Text(0x9003, moment), Entry::Text(0x9011, offset)];
    let jpeg = encoded_as(&two_halves(40), ImageFormat::Jpeg);
    read_all(&with_exif(&jpeg, &tiff(&main, &exif, &gps))).unwrap().facts.exif
}

#[test]
fn every_format_gives_the_same_picture() {
    let image = two_halves(640);
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let picture = read_all(&encoded_as(&image, format)).unwrap();
        assert_eq!((picture.sample.width, picture.sample.height), (640, 320), "{format:?}");
        assert_eq!(picture.facts.palette.len(), 2, "{format:?} {:?}", picture.facts.palette);
        assert!(picture.facts.palette.iter().all(|swatch| (swatch.share - 0.5).abs() < 0.02), "{:?}", picture.facts.palette);
        let small = image::load_from_memory(&picture.thumbnail).unwrap();
        assert_eq!(small.dimensions(), (480, 240));
        assert_eq!(picture.sample.rgb.len(), 640 * 320 * 3);
    }
}

#[test]
fn sizes_are_kept_to_and_nothing_is_made_larger() {
    let picture = read_all(&encoded_as(&two_halves(4000), ImageFormat::Png)).unwrap();
    let size = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().dimensions();
    assert_eq!((size(&picture.display), size(&picture.thumbnail)), ((1600, 800), (480, 240)));
    assert_eq!((picture.sample.width, picture.sample.height), (960, 480));
    let line = RgbImage::from_pixel(9000, 1, Rgb([1, 2, 3]));
    let picture = read_all(&encoded_as(&DynamicImage::ImageRgb8(line), ImageFormat::Png)).unwrap();
    assert_eq!((size(&picture.display), size(&picture.thumbnail)), ((1600, 1), (480, 1)));
    let dot = read_all(&encoded_as(&DynamicImage::ImageRgb8(RgbImage::new(1, 1)), ImageFormat::Gif)).unwrap();
    assert_eq!((size(&dot.display), dot.facts.palette.len()), ((1, 1), 1));
}

#[test]
fn what_was_transparent_lies_on_white() {
    let clear = RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 0]));
    let picture = read_all(&encoded_as(&DynamicImage::ImageRgba8(clear), ImageFormat::Png)).unwrap();
    assert_eq!(picture.facts.palette, [Swatch { color: "#ffffff".into(), share: 1.0 }]);
}

#[test]
fn all_eight_orientations_come_out_upright() {
    // In the file as it should be seen, then laid down each way; the quadrants' colors tell whether it came back.
    let quadrant = |x, y| match (x < 32, y < 16) {
        (true, true) => Rgb([220, 20, 20]),
        (false, true) => Rgb([20, 220, 20]),
        (true, false) => Rgb([20, 20, 220]),
        (false, false) => Rgb([230, 230, 230]),
    };
    let right = DynamicImage::ImageRgb8(RgbImage::from_fn(64, 32, quadrant));
    let laid_down = [
        right.clone(),
        right.fliph(),
        right.rotate180(),
        right.flipv(),
        right.rotate270().flipv(),
        right.rotate270(),
        right.rotate90().flipv(),
        right.rotate90(),
    ];
    for (number, image) in (1..).zip(laid_down) {
        let file = with_exif(&encoded_as(&image, ImageFormat::Jpeg), &tiff(&[Entry::Short(0x112, number)], &[], &[]));
        let picture = read_all(&file).unwrap();
        assert_eq!((picture.sample.width, picture.sample.height), (64, 32), "orientation {number}");
        for (x, y) in [(8, 8), (56, 8), (8, 24), (56, 24)] {
            let at = ((y * 64 + x) * 3) as usize;
            let seen = &picture.sample.rgb[at..at + 3];
            assert!(
                seen.iter().zip(quadrant(x, y).0).all(|(a, b)| a.abs_diff(b) < 40),
                "orientation {number} at {x},{y}: {seen:?}"
            );
        }
    }
    let odd = with_exif(&encoded_as(&right, ImageFormat::Jpeg), &tiff(&[Entry::Short(0x112, 77)], &[], &[]));
    assert_eq!(read_all(&odd).unwrap().sample.width, 64);
}

#[test]
fn time_and_place_are_read() {
    let exif = telling("2016:05:31 18:20:07", "+02:00", &DEGREES, &[(9, 1), (8, 1), (0, 1)]);
    let taken = exif.taken_at.unwrap();
    assert_eq!(taken.to_rfc3339(), "2016-05-31T18:20:07+02:00");
    assert!((exif.latitude.unwrap() + 38.708_333).abs() < 1e-4 && (exif.longitude.unwrap() + 9.133_333).abs() < 1e-4);
}

#[test]
fn lies_are_left_out() {
    let moments = [
        "0000:00:00 00:00:00",
        "2999:01:01 10:00:00",
        "2016:13:31 18:20:07",
        "2016:02:30 18:20:07",
        "2016:05:31 25:20:07",
        "1970:01:01 00:00:00",
        "1066:10:14 09:00:00",
        "    :  :     :  :  ",
        "2016-05-31",
        "+016:05:31 18:20:07",
        "",
        "<script>alert(1)</script>",
        "2016:05:31 18:20:0\u{e9}",
    ];
    for moment in moments {
        assert_eq!(telling(moment, "+02:00", &DEGREES, &DEGREES).taken_at, None, "{moment}");
    }
    for offset in ["+99:00", "+02:70", "Z", "", "+-2:00", "+2:00"] {
        assert_eq!(telling("2016:05:31 18:20:07", offset, &DEGREES, &DEGREES).taken_at.unwrap().offset_minutes, None, "{offset}");
    }
    let places: [&[(u32, u32)]; 6] = [
        &[(91, 1), (0, 1), (0, 1)],
        &[(38, 0), (0, 1), (0, 1)],
        &[(38, 1), (75, 1), (0, 1)],
        &[(38, 1), (1, 0)],
        &[],
        &[(u32::MAX, 1)],
    ];
    for latitude in places {
        let exif = telling("2016:05:31 18:20:07", "+02:00", latitude, &DEGREES);
        assert_eq!((exif.latitude, exif.longitude), (None, None), "{latitude:?}");
        assert!(exif.taken_at.is_some());
    }
    let zeros = telling("2016:05:31 18:20:07", "+02:00", &[(0, 1), (0, 1), (0, 1)], &[(0, 1), (0, 1), (0, 1)]);
    assert_eq!(zeros.latitude, None);
}

#[test]
fn nothing_that_the_file_says_is_in_what_is_shown() {
    let gps = [Entry::Text(1, "N"), Entry::Ratios(2, &DEGREES), Entry::Text(3, "E"), Entry::Ratios(4, &DEGREES)];
    let main = [Entry::Text(0x10F, "CAMERA-OF-SOMEBODY"), Entry::Short(0x112, 6)];
    let exif = [Entry::Text(0x9003, "2016:05:31 18:20:07")];
    let tiff = tiff(&main, &exif, &gps);
    let jpeg = with_exif(&encoded_as(&two_halves(800), ImageFormat::Jpeg), &tiff);
    let comment = [&[0xFF, 0xFE, 0, 18][..], b"A-SECRET-COMMENT", &jpeg[2..]].concat();
    let jpeg = [&jpeg[..2], &comment].concat();
    let mut png = encoded_as(&two_halves(800), ImageFormat::Png);
    // After the header chunk: an eXIf and a tEXt chunk.
    for (name, data) in [(b"eXIf", tiff.clone()), (b"tEXt", b"Comment\0A-SECRET-COMMENT".to_vec())] {
        let body = [&name[..], &data].concat();
        let chunk = [&(data.len() as u32).to_be_bytes()[..], &body, &crc32(&body).to_be_bytes()].concat();
        png.splice(33..33, chunk);
    }
    for file in [jpeg, png] {
        let picture = read_all(&file).unwrap();
        assert!(picture.facts.exif.latitude.is_some() && picture.facts.exif.taken_at.is_some());
        assert_eq!((picture.sample.width, picture.sample.height), (400, 800));
        for shown in [&picture.display, &picture.thumbnail] {
            let mut decoder = reader(shown, ImageFormat::Jpeg).into_decoder().unwrap();
            assert_eq!(decoder.exif_metadata().unwrap(), None);
            assert_eq!(decoder.icc_profile().unwrap(), None);
            for secret in [&b"Exif"[..], b"CAMERA", b"SECRET", b"2016:05", b"http://ns.adobe"] {
                assert!(!shown.windows(secret.len()).any(|bytes| bytes == secret), "{}", String::from_utf8_lossy(secret));
            }
        }
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// A PNG that says it is so large and holds these bytes as its data.
fn png_of(width: u32, height: u32, data: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1A\n".to_vec();
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    for (name, data) in [(b"IHDR", &header[..]), (b"IDAT", data), (b"IEND", &[])] {
        let body = [&name[..], data].concat();
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(&body);
        out.extend(crc32(&body).to_be_bytes());
    }
    out
}

#[test]
fn bombs_are_refused_before_they_are_decoded() {
    assert_eq!(
        refusal(&png_of(50_000, 50_000, &[])),
        "The picture has 2500 megapixels; 50 is the most that can be read. Save it smaller and try again."
    );
    assert!(read_all(&png_of(u32::MAX >> 1, u32::MAX >> 1, &[])).is_err());
    let mut gif = b"GIF89a\xFF\xFF\xFF\xFF\0\0\0,\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\0;".to_vec();
    assert!(refusal(&gif).contains("megapixels"), "{}", refusal(&gif));
    gif[6..10].copy_from_slice(&[1, 0, 1, 0]);
    // A frame larger than its canvas.
    let _ = read_all(&gif);
    let mut webp = encoded_as(&two_halves(40), ImageFormat::WebP);
    // The lossless stream's own size: fourteen bits each.
    webp[21..25].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x0F]);
    assert!(read_all(&webp).is_err());
}

/// A zlib stream (RFC 1950, 1951) of 258 zeros as often as this, packed 158-fold: one literal, then only repetitions of it.
fn zeros(repetitions: usize) -> Vec<u8> {
    // Final block with fixed codes; the literal 0 is 00110000.
    let mut bits: Vec<bool> = [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0].map(|bit| bit == 1).to_vec();
    for _ in 0..repetitions {
        // Length 258, distance 1.
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0].map(|bit| bit == 1));
    }
    bits.extend([false; 7]);
    let packed = bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |value, bit| value << 1 | u8::from(*bit)));
    [0x78, 0x01].into_iter().chain(packed).chain([0; 4]).collect()
}

#[test]
fn a_small_picture_whose_data_swells_is_stopped() {
    let started = std::time::Instant::now();
    // 129 MB of zeros for a picture that needs 30 KB.
    let _ = read_all(&png_of(100, 100, &zeros(500_000)));
    // And such a picture that is only a row too large.
    assert!(refusal(&png_of(50_000_001, 1, &zeros(500_000))).contains("megapixels"));
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn what_is_empty_cut_off_or_something_else_is_said_so() {
    assert_eq!(refusal(b""), "The file is empty.");
    assert!(refusal(b"%PDF-1.7\n").contains("not a picture"));
    assert!(refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").contains("HEIC"));
    assert!(refusal(b"\0\0\0\x1Cftypavif\0\0\0\0avifmif1miaf").contains("AVIF"));
    let image = DynamicImage::ImageRgb8(RgbImage::from_fn(160, 90, |x, y| Rgb([x as u8, y as u8, (x * y) as u8])));
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let file = encoded_as(&image, format);
        // The last bytes of some formats only say that this was all.
        for part in [4, 12, 20, 30, 50, 90] {
            let cut = &file[..file.len() * part / 100];
            assert!(read_all(cut).is_err(), "{format:?} cut at {part} %");
        }
    }
    let jpeg = encoded_as(&image, ImageFormat::Jpeg);
    assert!(read_all(&jpeg[..jpeg.len() - 2]).is_err());
    assert!(read_all(&[jpeg, b"what a phone appends".to_vec()].concat()).is_ok());
}

#[test]
fn the_thumbnail_in_the_exif_does_not_end_the_picture() {
    let image = DynamicImage::ImageRgb8(RgbImage::from_fn(160, 90, |x, y| Rgb([x as u8, y as u8, (x * y) as u8])));
    let jpeg = encoded_as(&image, ImageFormat::Jpeg);
    let inner = encoded_as(&two_halves(16), ImageFormat::Jpeg);
    let file = with_exif(&jpeg, &[tiff(&[], &[], &[]), inner].concat());
    assert!(read_all(&file).is_ok());
    assert!(read_all(&file[..file.len() / 2]).is_err());
}

#[test]
fn light_says_what_one_sees() {
    let light = |color: [u8; 3]| {
        let image = RgbImage::from_pixel(30, 30, Rgb(color));
        read_all(&encoded_as(&DynamicImage::ImageRgb8(image), ImageFormat::Png)).unwrap().facts.light
    };
    assert!(light([250, 240, 220]).brightness > 0.9 && light([10, 10, 20]).brightness < 0.2);
    assert!(light([230, 140, 50]).warmth > 0.8 && light([60, 120, 220]).warmth < -0.8);
    assert!(light([128; 3]).saturation < 0.01 && light([128; 3]).warmth.abs() < 0.01);
    assert_eq!(light([128; 3]).contrast, 0.0);
    assert!(light([255, 0, 0]).saturation > 0.7);
}

#[test]
fn a_picture_is_handed_over_whole() {
    let folder = tempfile::tempdir().unwrap();
    let picture = read_all(&encoded_as(&two_halves(600), ImageFormat::Png)).unwrap();
    picture.write_to(folder.path()).unwrap();
    assert_eq!(Picture::read_from(folder.path()).unwrap(), picture);
    std::fs::write(folder.path().join("sample.rgb"), [0; 5]).unwrap();
    assert!(Picture::read_from(folder.path()).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn shares_sum_to_one_and_the_palette_is_the_same_each_time(
        width in 1_u32..60, height in 1_u32..60, colors in prop::collection::vec(any::<[u8; 3]>(), 1..9), seed in any::<u32>(),
    ) {
        let pick = |x: u32, y: u32| colors[(x.wrapping_mul(seed | 1).wrapping_add(y * 7)) as usize % colors.len()];
        let image = RgbImage::from_fn(width, height, |x, y| Rgb(pick(x, y)));
        let palette = palette::of(&image);
        prop_assert!((1..=6).contains(&palette.len()));
        prop_assert!((palette.iter().map(|s| s.share).sum::<f32>() - 1.0).abs() < 1e-3);
        prop_assert!(palette.windows(2).all(|pair| pair[0].share >= pair[1].share));
        prop_assert_eq!(&palette, &palette::of(&image));
        prop_assert_eq!(&palette, &palette::of(&image::imageops::flip_horizontal(&image)));
    }

    #[test]
    fn noise_after_a_signature_never_panics(signature in 0_usize..4, noise in prop::collection::vec(any::<u8>(), 0..300)) {
        let start: &[u8] = [&b"\xFF\xD8\xFF\xE0"[..], b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10", b"GIF89a\x10\0\x10\0", b"RIFF\xFF\0\0\0WEBPVP8L"][signature];
        let _ = read_all(&[start, &noise].concat());
        let _ = exif::read([b"II*\0\x08\0\0\0".to_vec(), noise].concat());
    }

    #[test]
    fn one_changed_byte_never_panics(at in 0_usize..2000, byte in any::<u8>(), format in 0_usize..4) {
        let format = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif][format];
        let mut file = encoded_as(&two_halves(24), format);
        let at = at % file.len();
        file[at] = byte;
        let _ = read_all(&file);
    }
}
