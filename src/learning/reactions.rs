//! What people make of what they were suggested: reactions to a perfume, ratings of an answer.

use super::{
    Learning, NewTasteEvent,
    ledger::Rewrite,
    spread::{join, spread},
};
use crate::{
    catalog::Snapshot,
    domain::{
        AppError, AppResult,
        answer::{FeedbackReceipt, Reaction},
        fragrance::Fragrance,
        ids::{FragranceId, QueryId, RecommendationId, TasteEventId, UserId},
        taste::{Target, TargetKind, TasteEvent, TasteKind, TasteSource},
        text::{limits, optional},
    },
    store::query_log,
};

/// How much the best rating of an answer says for each of its perfumes.
const ANSWER: f64 = 0.15;

impl Reaction {
    /// What it says about the perfume, −1 to 1.
    const fn weight(self) -> f64 {
        match self {
            Self::Clicked => 0.05,
            Self::Liked => 0.5,
            Self::Disliked => -0.6,
            Self::Purchased => 0.8,
        }
    }

    const fn kind(self) -> TasteKind {
        match self {
            Self::Clicked => TasteKind::Clicked,
            Self::Liked => TasteKind::Liked,
            Self::Disliked => TasteKind::Disliked,
            Self::Purchased => TasteKind::Purchased,
        }
    }

    /// The reaction that cannot stand beside it.
    const fn opposite(self) -> Option<Self> {
        match self {
            Self::Liked => Some(Self::Disliked),
            Self::Disliked => Some(Self::Liked),
            Self::Clicked | Self::Purchased => None,
        }
    }

    fn source_id(self, id: &RecommendationId) -> String {
        format!("{id}:{}", self.as_str())
    }

    /// The reaction that an event about a perfume tells of. What it says of the perfume's notes is not the reaction itself.
    fn told_by(event: &TasteEvent) -> Option<(RecommendationId, Self)> {
        let tells = event.source == TasteSource::Feedback && event.target.kind == TargetKind::Fragrance;
        let (id, reaction) = event.source_id.rsplit_once(':').filter(|_| tells)?;
        Some((id.parse().ok()?, Self::from_word(reaction)?))
    }
}

impl Learning {
    /// Keeps a reaction to a recommendation, or takes it back, and learns from it. Liking takes a dislike back, and the
    /// other way round.
    pub async fn react(
        &self,
        user: &UserId,
        id: &RecommendationId,
        reaction: Reaction,
        undo: bool,
    ) -> AppResult<FeedbackReceipt> {
        let unknown = || AppError::not_found("recommendation");
        let target = query_log::reaction_target(&self.store, user, id).await?.ok_or_else(unknown)?;
        if !query_log::set_reaction(&self.store, user, id, reaction, !undo).await? {
            return Err(unknown());
        }
        let snapshot = self.catalog.snapshot();
        let name = name_of(&snapshot, &target.fragrance);
        let reason = match undo {
            true => format!("You took back that you {} {name}.", reaction.label()),
            false => format!("You {} {name}.", reaction.label()),
        };
        // What is taken back leaves its opposite as it is.
        let moved: Vec<Reaction> = [Some(reaction), reaction.opposite().filter(|_| !undo)].into_iter().flatten().collect();
        let as_it_is = || async {
            let now = query_log::reaction_target(&self.store, user, id).await?.ok_or_else(unknown)?.reactions;
            let rewrite = moved.iter().fold(Rewrite::of(TasteSource::Feedback), |rewrite, reaction| {
                let did = format!("You {} {name}", reaction.label());
                let says = || events_on(&snapshot, &target.fragrance, reaction.kind(), reaction.weight(), &did);
                let events = if now.get(*reaction) { says() } else { Vec::new() };
                rewrite.with(&reaction.source_id(id), events)
            });
            Ok(rewrite)
        };
        let receipt = self.ledger.rewrite(user, &reason, as_it_is).await?;
        self.ranker.try_to_learn_of(user).await;
        self.try_to_exemplify(user, &target.query).await;
        Ok(receipt)
    }

    /// Takes one event back: it stays in the story, and counts no longer. With what a reaction says of its perfume, the reaction
    /// itself is taken back.
    pub async fn undo(&self, user: &UserId, id: &TasteEventId) -> AppResult<FeedbackReceipt> {
        let (event, receipt) = self.ledger.undo(user, id).await?;
        if let Some((recommendation, reaction)) = Reaction::told_by(&event) {
            query_log::set_reaction(&self.store, user, &recommendation, reaction, false).await?;
            self.ranker.try_to_learn_of(user).await;
        }
        Ok(receipt)
    }

    /// Rates a whole answer, 1 to 5 with 3 as neutral. Notes that are named as disliked become vetoes, which stand until they
    /// are taken back: also where the answer is rated again.
    pub async fn rate(
        &self,
        user: &UserId,
        id: &QueryId,
        rating: u8,
        text: Option<String>,
        disliked_notes: Vec<String>,
    ) -> AppResult<FeedbackReceipt> {
        check_rating(rating)?;
        let text = optional("text", "The comment", text, limits::NOTES)?;
        let snapshot = self.catalog.snapshot();
        let disliked = resolve_notes(&snapshot, &disliked_notes)?;
        let unknown = || AppError::not_found("question");
        if !query_log::set_rating(&self.store, user, id, rating, text).await? {
            return Err(unknown());
        }
        let reason = format!("You gave {rating} of 5 to an answer.");
        let as_it_is = || async {
            let (question, answered) = query_log::get(&self.store, user, id).await?.ok_or_else(unknown)?;
            let rating = question.rating.unwrap_or(rating);
            let weight = ANSWER * (f64::from(rating) - 3.0) / 2.0;
            let mut events = Vec::new();
            for fragrance in answered.iter().map(|row| &row.fragrance).filter(|_| weight != 0.0) {
                let did = format!("You gave {rating} of 5 to an answer with {}", name_of(&snapshot, fragrance));
                events.extend(events_on(&snapshot, fragrance, TasteKind::Rated, weight, &did));
            }
            let rewrite = Rewrite::of(TasteSource::Feedback).with(id.as_str(), join(events));
            Ok(disliked.iter().fold(rewrite, |rewrite, note| {
                let veto = veto(note, format!("You said of an answer that you dislike {note}."));
                rewrite.with(&format!("{id}:{note}"), vec![veto])
            }))
        };
        let receipt = self.ledger.rewrite(user, &reason, as_it_is).await?;
        self.try_to_exemplify(user, id).await;
        Ok(receipt)
    }
}

/// A rating is 1 to 5.
pub(super) fn check_rating(rating: u8) -> AppResult<()> {
    if (1..=5).contains(&rating) { Ok(()) } else { Err(AppError::bad_input("rating", "A rating is a number from 1 to 5.")) }
}

/// A stated dislike: a law until it is taken back.
pub(super) fn veto(note: &str, reason: String) -> NewTasteEvent {
    NewTasteEvent { target: Target::note(note), kind: TasteKind::Vetoed, weight: -1.0, reason }
}

/// The canonical names of disliked notes, each once. One that the taxonomy does not know is named in the error: a law that
/// nobody can keep is worse than none.
pub(super) fn resolve_notes(snapshot: &Snapshot, names: &[String]) -> AppResult<Vec<String>> {
    let mut resolved = Vec::new();
    for name in names.iter().map(|n| n.trim()).filter(|n| !n.is_empty()) {
        let note = snapshot.taxonomy().resolve(name).ok_or_else(|| {
            let shown: String = name.chars().take(60).collect();
            AppError::bad_input(
                "disliked_notes",
                format!("We do not know a note called “{shown}”. Please pick one from the list."),
            )
        })?;
        if !resolved.contains(&note.name) {
            resolved.push(note.name.clone());
        }
    }
    Ok(resolved)
}

/// The events of a reaction. Of a perfume that has left the catalog only the perfume itself is known.
pub(super) fn events_on(snapshot: &Snapshot, id: &FragranceId, kind: TasteKind, weight: f64, did: &str) -> Vec<NewTasteEvent> {
    match snapshot.get(id) {
        Some(fragrance) => spread(fragrance, kind, weight, did, |note| snapshot.rarity(note)),
        None => vec![NewTasteEvent {
            target: Target::new(TargetKind::Fragrance, id.as_str()),
            kind,
            weight,
            reason: format!("{did}."),
        }],
    }
}

fn name_of(snapshot: &Snapshot, id: &FragranceId) -> String {
    snapshot.get(id).map(|f| Fragrance::full_name(f)).unwrap_or_else(|| "a perfume that has left the catalog".to_owned())
}
