//! The decoders of `src/decode`, and nothing else of the house.

pub mod decode {
    #[path = "../../../src/decode/pdf.rs"]
    pub mod pdf;
    #[path = "../../../src/decode/sniff.rs"]
    pub mod sniff;
    #[path = "../../../src/decode/unreadable.rs"]
    mod unreadable;

    pub use sniff::{Kind, MediaType};
    pub use unreadable::Unreadable;
}
