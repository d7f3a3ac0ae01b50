//! What a file is: never a panic, and what reads as markup is never accepted.
#![no_main]

use flowery_fuzz::decode::{MediaType, sniff};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let media = MediaType::of(data);
    assert_eq!(media, MediaType::of(&data[..data.len().min(sniff::HEAD)]), "only the head decides");
    match MediaType::expect(data) {
        Ok(accepted) => assert_eq!(Some(accepted), media),
        Err(refused) => assert!(media.is_none() && !refused.to_string().is_empty()),
    }
    if sniff::reads_as_markup(data) {
        assert_eq!(media, None);
    }
});
