//! A picture: never a panic that gets out, and what is shown is whole, small and ours.
#![no_main]

use flowery_fuzz::{
    decode::image::{self, DISPLAY, ImageLimits, SAMPLE},
    let_decoders_panic,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let_decoders_panic();
    match image::read(data, &ImageLimits { megapixels: 1 }) {
        Ok(picture) => {
            let facts = &picture.facts;
            assert!(u64::from(facts.width) * u64::from(facts.height) <= 1_000_000);
            let share: f32 = facts.palette.iter().map(|swatch| swatch.share).sum();
            assert!((share - 1.0).abs() < 1e-3, "the colors sum to {share}");
            let sample = &picture.sample;
            assert!(sample.width.max(sample.height) <= SAMPLE);
            assert_eq!(sample.rgb.len() as u64, u64::from(sample.width) * u64::from(sample.height) * 3);
            for jpeg in [&picture.display, &picture.thumbnail] {
                assert!(jpeg.starts_with(b"\xFF\xD8\xFF") && jpeg.len() < (DISPLAY * DISPLAY * 3) as usize);
                assert!(!jpeg.windows(4).any(|part| part == b"Exif"));
            }
        }
        Err(refused) => assert!(!refused.to_string().is_empty()),
    }
});
