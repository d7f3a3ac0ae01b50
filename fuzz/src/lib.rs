//! The decoders of `src/decode` (a link beside this file), and nothing else of the house.

use std::{collections::BTreeSet, panic, sync::Mutex, sync::Once};

pub mod decode {
    pub mod audio;
    pub mod image;
    pub mod pdf;
    pub mod sniff;
    mod unreadable;

    pub use sniff::{Kind, MediaType};
    pub use unreadable::Unreadable;
}

// Once more and alone: behind a picture's own format, no bytes that are made up come this far.
#[path = "decode/image/exif.rs"]
mod photo;

pub use photo::Exif;

/// What a segment of EXIF says.
pub fn exif(raw: Vec<u8>) -> Exif {
    photo::read(raw)
}

/// Leaves a panic that the decoder itself answers for to the decoder, and tells each place of one once. One that gets out
/// still ends the run.
pub fn let_decoders_panic() {
    static ONCE: Once = Once::new();
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            if let Ok(mut told) = TOLD.lock()
                && told.insert(place)
            {
                eprintln!("caught by the decoder, perhaps: {info}");
            }
        }));
    });
}
