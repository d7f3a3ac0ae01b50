//! Whether a text is personal, as buyers write, or told, as shops do: a logistic model of its length, of how often its writer
//! speaks of themselves, and of how many notes it names.

use super::Text;

/// The weights of the constant, of the logarithm of the length against [`LENGTH`], of ten times the share of words in the first
/// person, and of the fives of notes that it names.
const WEIGHTS: [f32; 4] = [-1.404, 2.508, -4.231, 2.502];
/// In words.
const LENGTH: f32 = 60.0;
/// More notes than these make it no more of a story.
const MANY_NOTES: usize = 10;

const FIRST_PERSON: &[&str] = &["i", "im", "ive", "me", "mine", "my", "myself", "our", "us", "we"];

/// 0 (personal) to 1 (told).
pub(super) fn told(text: &Text, notes: usize) -> f32 {
    let count = text.words.len().max(1) as f32;
    let first = text.words.iter().filter(|word| FIRST_PERSON.contains(&word.folded.as_str())).count() as f32;
    let signs = [1.0, (count / LENGTH).ln(), 10.0 * first / count, notes.min(MANY_NOTES) as f32 / 5.0];
    let sum: f32 = WEIGHTS.iter().zip(signs).map(|(weight, sign)| weight * sign).sum();
    1.0 / (1.0 + (-sum).exp())
}
