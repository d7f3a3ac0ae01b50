//! Saying why, from evidence alone: reasons for each perfume, and the answer as a whole.

mod answer;
mod kindred;
mod phrases;
mod quotes;
mod reasons;
mod recall;

pub use answer::answer;
pub use phrases::list;
pub use quotes::Quote;
pub use reasons::{Facts, Part, Reason, reason};
