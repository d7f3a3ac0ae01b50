//! What a picture says of itself: never a panic, and never a day or a place that cannot be.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let exif = flowery_fuzz::exif(data.to_vec());
    assert_eq!(exif.latitude.is_some(), exif.longitude.is_some());
    assert!(exif.latitude.is_none_or(|degrees| (-90.0..=90.0).contains(&degrees)));
    assert!(exif.longitude.is_none_or(|degrees| (-180.0..=180.0).contains(&degrees)));
    if let Some(at) = exif.taken_at {
        assert!((1..=12).contains(&at.month) && (1..=31).contains(&at.day) && at.hour < 24 && at.minute < 60 && at.second < 60);
        assert!((1800..=2200).contains(&at.year), "{at:?}");
        assert!(at.offset_minutes.is_none_or(|minutes| minutes.abs() <= 14 * 60), "{at:?}");
        assert!(at.to_rfc3339().len() == 25, "{at:?}");
    }
});
