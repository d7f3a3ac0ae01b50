//! The profile: read, and put right.

use super::{
    Learning, NewTasteEvent, ProfileUpdate,
    ledger::Rewrite,
    portrait::{analytics, flower, leanings},
    reactions::{resolve_notes, veto},
};
use crate::{
    domain::{
        AppError, AppResult,
        fragrance::Family,
        ids::{TasteEventId, UserId},
        intent::Budget,
        profile::Profile,
        taste::{Target, TargetKind, TasteKind, TasteSource},
    },
    store::{query_log, scent_profile, taste_event},
};

/// What stating a family as liked says for it.
const PREFERRED: f64 = 0.6;
/// The sources of what is stated in the profile.
const FAMILIES: &str = "families";
const DISLIKED_NOTES: &str = "disliked_notes";
/// The dearest budget that makes sense.
const MAX_BUDGET: f64 = 100_000.0;

impl Learning {
    /// The person's taste, as they see it.
    pub async fn profile(&self, user: &UserId) -> AppResult<Profile> {
        let taste = self.taste(user).await?;
        let kept = scent_profile::find(&self.store, user).await?;
        let memories = scent_profile::memory_facts(&self.store, user).await?;
        let counts = query_log::counts(&self.store, user).await?;
        let snapshot = self.catalog.snapshot();
        Ok(Profile {
            preferred_families: kept.preferred_families,
            disliked_notes: kept.disliked_notes,
            intensity_preference: kept.intensity_preference,
            budget: kept.budget,
            notes: leanings(&taste, TargetKind::Note),
            families: leanings(&taste, TargetKind::Family),
            accords: leanings(&taste, TargetKind::Accord),
            analytics: analytics(&memories, counts, |note| snapshot.typical_layer(note)),
            flower: flower(&taste, |note| snapshot.taxonomy().get(note), |note| snapshot.typical_layer(note)),
        })
    }

    /// Changes what the person states about their taste. The stated lists become exactly what is given: a dislike that is not
    /// on the list any more is taken back, wherever it was said.
    pub async fn update_profile(&self, user: &UserId, update: ProfileUpdate) -> AppResult<Profile> {
        if let Some(Some(budget)) = &update.budget {
            check_budget(budget)?;
        }
        let disliked = match &update.disliked_notes {
            Some(names) => Some(resolve_notes(&self.catalog.snapshot(), names)?),
            None => None,
        };
        if update.intensity_preference.is_some() || update.budget.is_some() {
            scent_profile::set_limits(&self.store, user, update.intensity_preference, update.budget).await?;
        }
        if update.preferred_families.is_some() || disliked.is_some() {
            let stated = || async {
                let mut rewrite = Rewrite::of(TasteSource::Statement);
                if let Some(families) = &update.preferred_families {
                    rewrite = rewrite.with(FAMILIES, preferences(families));
                }
                if let Some(notes) = &disliked {
                    let vetoes = notes.iter().map(|note| veto(note, format!("You said that you dislike {note}."))).collect();
                    rewrite = rewrite.with(DISLIKED_NOTES, vetoes).withdrawing(self.vetoes_beside(user, notes).await?);
                }
                Ok(rewrite)
            };
            self.ledger.rewrite(user, "You changed your profile.", stated).await?;
        }
        self.profile(user).await
    }

    /// The vetoes on notes that are not among `notes`.
    async fn vetoes_beside(&self, user: &UserId, notes: &[String]) -> AppResult<Vec<TasteEventId>> {
        let events = taste_event::all(&self.store, user).await?;
        let beside = |target: &Target| target.kind == TargetKind::Note && !notes.contains(&target.id);
        Ok(events.into_iter().filter(|e| e.kind == TasteKind::Vetoed && !e.undone && beside(&e.target)).map(|e| e.id).collect())
    }
}

fn preferences(families: &[Family]) -> Vec<NewTasteEvent> {
    let mut families = families.to_vec();
    families.sort();
    families.dedup();
    families
        .into_iter()
        .map(|family| NewTasteEvent {
            target: Target::new(TargetKind::Family, family.as_str()),
            kind: TasteKind::Preferred,
            weight: PREFERRED,
            reason: format!("You said that you like {family} perfumes."),
        })
        .collect()
}

fn check_budget(budget: &Budget) -> AppResult<()> {
    let min = budget.min.unwrap_or(0.0);
    let sensible = |amount: f64| (0.0..=MAX_BUDGET).contains(&amount);
    if sensible(budget.max) && budget.max > 0.0 && sensible(min) && min <= budget.max {
        Ok(())
    } else {
        Err(AppError::bad_input("budget", "A budget is an amount above zero, and its lower end is not above its upper end."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fragrance::Currency;

    #[test]
    fn budgets_are_checked() {
        let budget = |min, max| Budget { min, max, currency: Currency::Eur };
        assert!(check_budget(&budget(None, 80.0)).is_ok() && check_budget(&budget(Some(20.0), 80.0)).is_ok());
        for bad in
            [budget(None, 0.0), budget(None, -1.0), budget(Some(90.0), 80.0), budget(None, f64::NAN), budget(Some(-1.0), 5.0)]
        {
            assert_eq!(check_budget(&bad).unwrap_err().field(), Some("budget"));
        }
    }
}
