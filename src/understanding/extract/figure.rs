//! Words of scent that speak of something else: a color, a name, a figure of speech.
//!
//! The taxonomy leaves out words that are rarely meant as notes; what is left here needs the sentence.

use std::ops::Range;

use super::clause::{Gap, Sentence};

/// What is of a color, after a color that is also a note: "an amber lampshade", "rose curtains".
const COLORED: &str = "colored coloured color colour tinted hued hue hues shade shades sky skies light lights glow sunset sunrise \
     dusk dawn dress dresses shirt sweater jumper coat scarf ribbon ribbons curtains walls wall paint eyes hair \
     lampshade lamp cheeks nails velvet silk satin carpet tiles";

/// Notes that are colors, too.
const COLORS: &str = "amber rose violet lilac lavender peach apricot plum cherry orange lemon lime olive mint cream chocolate \
     caramel honey charcoal coral copper saffron mustard salmon sand raspberry strawberry pistachio cinnamon \
     coffee turquoise iron ivory pearl ash smoke";

/// Figures of speech with a scent in them; literal ones, like a cup of tea, are none.
const PHRASES: &str = "apple of my eye; apple of her eye; apple of his eye; grain of salt; salt of the earth; salt in the wound; spice of \
     life; no bed of roses; not a bed of roses; smoke and mirrors; cherry on top; icing on the cake; not my cup of tea; \
     big apple; couch potato; cool as a cucumber; full of beans; spill the beans; low hanging fruit; milk teeth; milk \
     tooth; silk road; rose tinted; rose colored; rose coloured; pepper spray; worth his salt; worth her salt; land of \
     milk and honey; sugar daddy; cut the mustard; in a nutshell; stone cold; stone deaf; iron will";

/// Verbs that only people are the subjects of.
const PEOPLE_DO: &str = "said says told asked laughed smiled whispered replied answered cried called thought";

/// Whether the words of `mention` are no scent here.
pub(super) fn is_figurative(sentence: &Sentence, mention: &Range<usize>) -> bool {
    is_color(sentence, mention) || is_phrase(sentence, mention) || is_person(sentence, mention)
}

fn is_color(sentence: &Sentence, mention: &Range<usize>) -> bool {
    let one = mention.len() == 1 && sentence.words[mention.start].is_one_of(COLORS);
    let next = sentence.words.get(mention.end).filter(|_| sentence.gap_after(mention.end - 1) == Gap::Plain);
    one && next.is_some_and(|w| w.is_one_of(COLORED))
}

fn is_phrase(sentence: &Sentence, mention: &Range<usize>) -> bool {
    let around = mention.start.saturating_sub(4)..(mention.end + 4).min(sentence.words.len());
    let before = mention.start - around.start;
    let forms: Vec<&str> = sentence.words[around].iter().map(|w| w.form.as_str()).collect();
    PHRASES.split("; ").any(|phrase| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        let places = forms.windows(phrase.len()).enumerate().filter(|(_, window)| *window == phrase);
        places.into_iter().any(|(at, _)| at <= before && before + mention.len() <= at + phrase.len())
    })
}

fn is_person(sentence: &Sentence, mention: &Range<usize>) -> bool {
    let name = &sentence.text[sentence.words[mention.start].bytes.start - sentence.bytes.start..];
    mention.len() == 1
        && name.starts_with(char::is_uppercase)
        && sentence.words.get(mention.end).is_some_and(|w| w.is_one_of(PEOPLE_DO))
}
