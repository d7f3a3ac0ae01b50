//! A PDF's text: never a panic, and never text that a page could not show.
#![no_main]

use flowery_fuzz::decode::pdf::{self, PdfLimits};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let limits = PdfLimits { pages: 20 };
    match pdf::read(data, &limits) {
        Ok(document) => {
            assert!((1..=20).contains(&document.pages.len()));
            for (number, page) in (1..).zip(&document.pages) {
                assert_eq!(page.number, number);
                assert!(!page.text.contains(|c: char| c.is_control() && c != '\n'), "a control character");
            }
        }
        Err(refused) => assert!(!refused.to_string().is_empty()),
    }
});
