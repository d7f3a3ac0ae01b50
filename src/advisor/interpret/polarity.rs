//! The signs of a sentence: which words turn a wish into its opposite, and how far that reaches.

/// What a phrase does to what follows it, or to what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cue {
    /// What follows is not wanted, as far as the list goes.
    Decline,
    /// The next thing alone is not wanted.
    DeclineOne,
    /// What follows is wanted, once a refusal before it has named something.
    Wish,
    /// What follows is wanted, whatever stands before it.
    Insist,
    /// What follows is neither wanted nor declined.
    Mention,
    /// An exception: unwanted after a wish, wanted after a refusal.
    Except,
    /// A refusal or a wish ends here.
    Turn,
    /// What stands right before it in its clause is not wanted.
    DeclineBefore,
    /// All that stands before it in its clause is not wanted.
    DeclineAllBefore,
    /// The word right before it is not wanted: `vanilla-free`.
    Free,
    /// It only looks like a sign.
    Nothing,
}

use Cue::*;

/// Phrases with their signs. The longest one that fits counts.
pub(super) const CUES: &[(Cue, &[&str])] = &[
    (
        Decline,
        &[
            "no", "not", "non", "without", "never", "neither", "nor", "nothing", "nothing with", "nothing like", "none", "zero", "sans", "minus",
            "avoid", "avoiding", "skip", "omit", "exclude", "excluding", "leave out", "leaving out", "hate", "hates", "hated",
            "detest", "loathe", "dislike", "dislikes", "despise", "cant", "cannot", "dont", "do not", "doesnt", "didnt", "wont",
            "wouldnt", "isnt", "arent", "shouldnt", "mustnt", "allergic to", "allergic", "allergy to", "sensitive to",
            "intolerant to", "free of", "free from", "devoid of", "lacking", "anything but", "everything but", "all but",
            "tired of", "sick of", "bored of", "bored with", "fed up with", "enough of", "steer clear of", "stay away from",
            "keep away from", "get rid of", "other than", "apart from", "aside from", "less", "too much", "anything without",
            "without any", "cant stand", "cannot stand", "cant bear", "averse to", "no more", "reminds me of nothing like",
        ],
    ),
    (DeclineOne, &["too", "instead of", "rather than", "overly", "in place of"]),
    (Except, &["except", "except for", "excepting", "save for", "with the exception of"]),
    (Turn, &["but", "however", "though", "although", "yet", "instead", "whereas", "while", "otherwise"]),
    (
        Wish,
        &[
            "love", "loves", "like", "likes", "adore", "enjoy", "want", "wants", "need", "prefer", "looking for", "searching for",
            "something", "show", "give", "find", "recommend", "suggest", "think of", "maybe", "perhaps", "ideally", "preferably",
            "please", "just", "only", "more", "lots of", "plenty of", "a lot of", "mostly", "mainly", "id like", "id love", "crave",
            "craving", "smells of", "smell of", "smelling of", "smells like", "smell like", "everything", "with", "similar", "which", "what",
        ],
    ),
    (
        Mention,
        &[
            "dont mind", "do not mind", "doesnt bother", "wouldnt mind", "not only", "not just", "not necessarily", "own",
            "i own", "already own", "already have", "i have", "ive got", "i wear", "wearing", "currently wear", "in my collection",
            "no problem with", "nothing wrong with", "no objection to", "not opposed to", "not against", "dont care if",
        ],
    ),
    (
        Insist,
        &[
            "cant get enough of", "cannot get enough of", "cant live without", "cannot live without", "cant resist", "cannot resist",
            "nothing but", "not without", "never without", "nothing beats", "none other than", "nothing better than", "no less than",
            "not afraid of", "cant wait for",
        ],
    ),
    (
        Nothing,
        &[
            "not sure", "im not sure", "dont know", "do not know", "no idea", "no clue", "no matter", "why not", "if not", "cant find",
            "cannot find", "couldnt find", "cant decide", "cant choose", "no thanks", "no preference", "not much", "dont you",
            "no doubt", "not to mention", "never mind", "no rush", "not yet", "i have never", "doesnt matter", "dont worry", "not really sure",
            "no longer have", "dont have", "do not have", "dont own", "no budget", "not long", "like a", "do you have", "no limit", "hate it when", "i hate when",
        ],
    ),
    (
        DeclineBefore,
        &["gives me a headache", "gives me headaches", "makes me sick", "makes me sneeze", "makes me nauseous", "leave it out", "leave that out", "turns me off", "bothers me", "is not for me", "isnt for me", "isnt my thing", "is not my thing", "not my thing", "is a no", "is a no go", "cant stand it", "cant stand that", "cant wear it", "hate it", "avoid it", "skip it", "not for me", "is out", "makes my nose itch", "is too much for me", "disgusts me", "doesnt agree with me", "is a dealbreaker", "is off the table"],
    ),
    (
        DeclineAllBefore,
        &["give me a headache", "give me headaches", "make me sick", "make me sneeze", "make me nauseous", "leave them out", "leave those out", "turn me off", "bother me", "are not for me", "arent for me", "arent my thing", "are a no", "cant stand them", "cant wear them", "hate them", "avoid them", "skip them", "are out", "disgust me", "dont agree with me"],
    ),
    (Free, &["free"]),
];

/// The longest cue that starts with these words, and how many words it takes.
pub(super) fn cue_at(words: &[&str]) -> Option<(Cue, usize)> {
    CUES.iter()
        .flat_map(|(cue, phrases)| phrases.iter().map(move |phrase| (*cue, *phrase)))
        .filter_map(|(cue, phrase)| {
            let length = phrase.split(' ').count();
            (words.len() >= length && phrase.split(' ').eq(words[..length].iter().copied())).then_some((cue, length))
        })
        .max_by_key(|(_, length)| *length)
}
