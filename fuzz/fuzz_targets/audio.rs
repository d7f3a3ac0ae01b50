//! A recording: never a panic that gets out, never more sound than is allowed, and no sample that is not a number.
#![no_main]

use std::io::Cursor;

use flowery_fuzz::{
    decode::audio::{self, AudioLimits, RATE},
    let_decoders_panic,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let_decoders_panic();
    match audio::read(Cursor::new(data.to_vec()), &AudioLimits { seconds: 10 }) {
        Ok(pcm) => {
            assert!(pcm.samples.len() <= 10 * RATE as usize);
            assert!(pcm.samples.iter().all(|sample| sample.is_finite()));
            assert!((pcm.seconds - pcm.samples.len() as f64 / f64::from(RATE)).abs() < 0.1);
        }
        Err(refused) => assert!(!refused.to_string().is_empty()),
    }
});
