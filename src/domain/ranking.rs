//! What the order of an answer goes by.

use super::notes::vocabulary;

vocabulary! {
    /// What speaks for or against a perfume. The label is how people read it beside a bar.
    Trait {
        Meaning => "text_similarity", "what you meant";
        Words => "bm25", "your very words";
        WantedNotes => "wanted_notes", "notes you asked for";
        WantedKinds => "wanted_categories", "kinds of notes you asked for";
        WantedAccords => "wanted_accords", "the impression you asked for";
        WantedFamily => "wanted_family", "the family you asked for";
        WantedHouse => "wanted_house", "the house you asked for";
        Moods => "moods", "moods";
        Memories => "memory_notes", "notes of your memories";
        Neighbors => "neighbors", "notes of what you liked";
        TasteNotes => "taste_notes", "notes you lean to";
        TasteAccords => "taste_accords", "impressions you lean to";
        TasteFamily => "taste_family", "families you lean to";
        TasteHouse => "taste_house", "houses you lean to";
        TastePerfume => "taste_perfume", "what you said of it";
        Anchor => "anchor", "likeness to the one you named";
        Liked => "liked", "likeness to what you liked";
        Disliked => "disliked", "distance from what you disliked";
        Familiar => "familiar", "the character of what you know";
        KnownName => "known_name", "a name like those you know";
        KnownHouse => "known_house", "a house you know";
        KnownPerfumer => "known_perfumer", "a perfumer you know";
        Era => "era", "the years of what you know";
        AsKnown => "as_known", "as well known as what you know";
        Classic => "classic", "the test of time";
        Rating => "rating", "what others think of it";
        Season => "season", "season";
        Time => "time", "time of day";
        Occasion => "occasion", "occasion";
        Loudness => "intensity", "how loud it is";
        Longevity => "longevity", "how long it lasts";
        Layers => "layer_agreement", "notes in their place";
        Price => "price", "price";
        Popularity => "popularity", "how well it is known";
        ToldNotes => "told_notes", "notes you told of";
        ToldWords => "told_words", "words you told it in";
        Impression => "impression", "the impression of your words";
        Times => "times", "the times you spoke of";
        Lore => "lore", "names and places you spoke of";
        Likeness => "likeness", "likeness to one you spoke of";
        Custom => "custom", "what people mostly tell of";
    }
}

impl Trait {
    /// How people read a feature that goes by this name; one of an earlier version as well as can be.
    pub fn in_words(name: &str) -> String {
        Self::from_word(name).map_or_else(|| name.replace('_', " "), |feature| feature.label().to_owned())
    }
}
