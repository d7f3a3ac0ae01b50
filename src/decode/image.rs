//! A picture: upright, in the sizes that pages show, without what it says about its maker; its colors and its light; and
//! from its EXIF only when and where it was taken.
//!
//! JPEG, PNG, WebP and GIF (the first frame). The size that a file states is checked before anything is decoded.

mod exif;
pub mod files;
mod jpeg;
mod light;
mod oklab;
mod palette;
#[cfg(test)]
mod tests;

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, codecs::jpeg::JpegEncoder, imageops::FilterType,
    metadata::Orientation,
};
use serde::{Deserialize, Serialize};

use super::{Kind, MediaType, Unreadable, sniff::HEAD};

pub use self::exif::{Exif, TakenAt};
pub use self::light::Light;
pub use self::palette::Swatch;

/// What a picture may cost at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageLimits {
    /// Width × height in millions of pixels; more is refused before it is decoded.
    pub megapixels: u32,
}

impl Default for ImageLimits {
    fn default() -> Self {
        Self { megapixels: 50 }
    }
}

/// The longer side of the size that a memory's page shows, in pixels.
pub const DISPLAY: u32 = 1600;
/// The longer side of the size for lists, in pixels.
pub const THUMBNAIL: u32 = 480;
/// The longer side of what the networks look at, in pixels.
pub const SAMPLE: u32 = 960;

/// A picture, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub facts: PictureFacts,
    /// At most [`DISPLAY`] pixels, JPEG, with no metadata whatever.
    pub display: Vec<u8>,
    /// At most [`THUMBNAIL`] pixels, JPEG, with no metadata whatever.
    pub thumbnail: Vec<u8>,
    pub sample: Sample,
}

/// What is known of a picture besides its pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PictureFacts {
    /// Its colors, the most frequent first; the shares sum to 1.
    pub palette: Vec<Swatch>,
    pub light: Light,
    pub exif: Exif,
}

/// The picture as the networks look at it: at most [`SAMPLE`] pixels, three bytes (red, green, blue) a pixel, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub width: u32,
    pub height: u32,
    pub rgb: Vec<u8>,
}

/// Reads a picture of any accepted format.
pub fn read(bytes: &[u8], limits: &ImageLimits) -> Result<Picture, Unreadable> {
    // The decoders are written for well-formed files; should one of them give up on a stranger's bytes, that is an answer too.
    catch_unwind(AssertUnwindSafe(|| look_at(bytes, limits))).unwrap_or_else(|_| Err(broken()))
}

fn look_at(bytes: &[u8], limits: &ImageLimits) -> Result<Picture, Unreadable> {
    let format = match MediaType::expect(&bytes[..bytes.len().min(HEAD)])? {
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Png => ImageFormat::Png,
        MediaType::Webp => ImageFormat::WebP,
        MediaType::Gif => ImageFormat::Gif,
        media @ (MediaType::Heic | MediaType::Avif) => return Err(foreign(media)),
        other if other.kind() != Kind::Image => return Err(Unreadable::new("This file is not a picture.")),
        _ => return Err(Unreadable::new("Pictures of this kind cannot be read. Save it as JPEG or PNG.")),
    };
    if format == ImageFormat::Jpeg && !jpeg::is_whole(bytes) {
        return Err(broken());
    }
    let (full, orientation, exif) = decode(bytes, format, limits)?;
    // Quickly to twice the size first, then well: no eye sees the difference, and large pictures take a tenth of the time.
    let rough = flat(shrunk(full, DISPLAY * 2, DynamicImage::thumbnail_exact));
    let mut display = shrunk(rough, DISPLAY, smooth);
    display.apply_orientation(orientation);
    let sample = shrunk(display.clone(), SAMPLE, smooth).into_rgb8();
    let thumbnail = shrunk(display.clone(), THUMBNAIL, smooth);
    let small = shrunk(thumbnail.clone(), palette::GRID, DynamicImage::thumbnail_exact).into_rgb8();
    Ok(Picture {
        facts: PictureFacts { palette: palette::of(&small), light: light::of(&small), exif },
        display: encoded(&display, 82)?,
        thumbnail: encoded(&thumbnail, 78)?,
        sample: Sample { width: sample.width(), height: sample.height(), rgb: sample.into_raw() },
    })
}

fn foreign(media: MediaType) -> Unreadable {
    Unreadable::new(match media {
        MediaType::Heic => {
            "This picture is in Apple's HEIC format, which cannot be read here. Share it as JPEG (on an iPhone: Settings, \
             Camera, Formats, Most Compatible) and try again."
        }
        _ => "This picture is in the AVIF format, which cannot be read here. Save it as JPEG or PNG and try again.",
    })
}

fn broken() -> Unreadable {
    Unreadable::new("The picture is broken or cut off: it could not be read to its end.")
}

fn reader(bytes: &[u8], format: ImageFormat) -> ImageReader<Cursor<&[u8]>> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.no_limits();
    reader
}

/// The pixels as they are in the file, which way they are to be turned, and what the EXIF says.
fn decode(bytes: &[u8], format: ImageFormat, limits: &ImageLimits) -> Result<(DynamicImage, Orientation, Exif), Unreadable> {
    let mut decoder = reader(bytes, format).into_decoder().map_err(|_| broken())?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(broken());
    }
    let pixels = u64::from(width) * u64::from(height);
    if pixels > u64::from(limits.megapixels) * 1_000_000 {
        return Err(Unreadable::new(format!(
            "The picture has {} megapixels; {} is the most that can be read. Save it smaller and try again.",
            pixels.div_ceil(1_000_000),
            limits.megapixels
        )));
    }
    // The deepest format has eight bytes a pixel; beside them a decoder may hold its input and a few rows.
    let mut allowed = Limits::no_limits();
    allowed.max_alloc = Some(pixels * 8 + 4 * bytes.len() as u64 + (64 << 20));
    decoder.set_limits(allowed).map_err(|_| broken())?;
    let exif = decoder.exif_metadata().ok().flatten().unwrap_or_default();
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|_| broken())?;
    Ok((image, orientation, exif::read(exif)))
}

/// Eight bits a color; what was transparent lies on white.
fn flat(image: DynamicImage) -> DynamicImage {
    if !image.color().has_alpha() {
        return DynamicImage::ImageRgb8(image.into_rgb8());
    }
    let layered = image.into_rgba8();
    let mut flat = RgbImage::new(layered.width(), layered.height());
    for (to, from) in flat.pixels_mut().zip(layered.pixels()) {
        let [color @ .., alpha] = from.0;
        to.0 = color.map(|c| {
            let over = u16::from(c) * u16::from(alpha) + 255 * (255 - u16::from(alpha));
            u8::try_from((over + 127) / 255).unwrap_or(u8::MAX)
        });
    }
    DynamicImage::ImageRgb8(flat)
}

/// No longer than `longest` on either side; smaller pictures stay as they are.
fn shrunk(image: DynamicImage, longest: u32, scale: fn(&DynamicImage, u32, u32) -> DynamicImage) -> DynamicImage {
    let (width, height) = (image.width(), image.height());
    let long = width.max(height);
    if long <= longest {
        return image;
    }
    let side = |side: u32| {
        let exact = (u64::from(side) * u64::from(longest) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(exact).unwrap_or(longest).clamp(1, longest)
    };
    scale(&image, side(width), side(height))
}

fn smooth(image: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    image.resize_exact(width, height, FilterType::CatmullRom)
}

fn encoded(image: &DynamicImage, quality: u8) -> Result<Vec<u8>, Unreadable> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(image)
        .map_err(|_| Unreadable::new("The picture could not be made smaller."))?;
    Ok(bytes)
}
