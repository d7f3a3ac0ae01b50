//! An intent that came from outside: names made canonical, nonsense refused.

use crate::{
    catalog::{ACCORDS, Snapshot},
    domain::{
        AppError, AppResult,
        intent::{Budget, Intent},
        text::{fold, limits},
    },
};

use super::moods::MOODS;

/// How many things one list may name.
const MOST: usize = 60;

/// The same intent in the words of the catalog, or what is wrong with it.
pub fn check(snapshot: &Snapshot, intent: Intent) -> AppResult<Intent> {
    let refuse = |message: String| AppError::bad_input("intent", message);
    let named = |names: Vec<String>, what: &str, canonical: &dyn Fn(&str) -> Option<String>| -> AppResult<Vec<String>> {
        if names.len() > MOST {
            return Err(refuse(format!("That is a long list: up to {MOST} of a kind can be asked for.")));
        }
        let mut known = Vec::new();
        for name in names {
            let short: String = name.chars().take(40).collect();
            let name = canonical(&name).ok_or_else(|| refuse(format!("“{short}” is no {what} that is known here.")))?;
            if !known.contains(&name) {
                known.push(name);
            }
        }
        Ok(known)
    };
    let note = |name: &str| snapshot.taxonomy().resolve(name).map(|note| note.name.clone());
    let brand = |name: &str| snapshot.brand(name).map(str::to_owned);
    let accord = |name: &str| ACCORDS.iter().find(|a| fold(a) == fold(name)).map(|a| (*a).to_owned());
    let mood = |name: &str| MOODS.iter().find(|(m, _)| *m == name).map(|(m, _)| (*m).to_owned());

    for perfumes in [&intent.unwanted_fragrances, &intent.unlike] {
        if perfumes.len() > MOST || perfumes.iter().any(|id| snapshot.get(id).is_none()) {
            return Err(AppError::not_found("perfume"));
        }
    }
    let like = match intent.like {
        Some(mut anchor) => {
            let fragrance = snapshot.get(&anchor.fragrance_id).ok_or_else(|| AppError::not_found("perfume"))?;
            (anchor.brand, anchor.name) = (fragrance.brand.clone(), fragrance.name.clone());
            Some(anchor)
        }
        None => None,
    };
    if intent.budget.is_some_and(|budget| !is_sensible(&budget)) {
        return Err(refuse("A budget is an amount above zero, and its lower end is not above its upper end.".into()));
    }
    if intent.occasion.as_ref().is_some_and(|o| o.chars().count() > limits::SHORT) {
        return Err(refuse(format!("The occasion may have up to {} characters.", limits::SHORT)));
    }
    Ok(Intent {
        wanted_notes: named(intent.wanted_notes, "note", &note)?,
        unwanted_notes: named(intent.unwanted_notes, "note", &note)?,
        wanted_categories: distinct(intent.wanted_categories),
        unwanted_categories: distinct(intent.unwanted_categories),
        wanted_accords: named(intent.wanted_accords, "accord", &accord)?,
        unwanted_accords: named(intent.unwanted_accords, "accord", &accord)?,
        wanted_families: distinct(intent.wanted_families),
        unwanted_families: distinct(intent.unwanted_families),
        wanted_brands: named(intent.wanted_brands, "house", &brand)?,
        unwanted_brands: named(intent.unwanted_brands, "house", &brand)?,
        moods: named(intent.moods, "mood", &mood)?,
        seasons: distinct(intent.seasons),
        like,
        ..intent
    })
}

fn distinct<T: PartialEq>(list: Vec<T>) -> Vec<T> {
    let mut kept = Vec::new();
    for item in list {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    kept
}

fn is_sensible(budget: &Budget) -> bool {
    let min = budget.min.unwrap_or(0.0);
    budget.max.is_finite() && budget.max > 0.0 && (0.0..=budget.max).contains(&min)
}
