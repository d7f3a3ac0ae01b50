//! Why a perfume was suggested: the way from memories to it, the facts that the reason rests on, and what the score is made of.

use leptos::prelude::*;

use crate::{
    domain::{
        answer::{Evidence, Feature},
        fragrance::Pyramid,
        ids::MemoryId,
        ranking::Trait,
    },
    ui::components::{Bar, Bars, address, signed},
};

/// Contributions below this are not drawn.
const VISIBLE: f64 = 0.005;

/// The small print of a suggestion, folded away.
#[component]
pub fn Why(
    facts: Vec<String>,
    paths: Vec<Path>,
    /// What would have changed its place, as a sentence.
    turning_point: Option<String>,
    features: Vec<Feature>,
) -> impl IntoView {
    let bars = bars(features);
    let is_empty = bars.is_empty() && facts.is_empty() && paths.is_empty();
    (!is_empty).then(|| {
        view! {
            <details>
                <summary>"Why this one"</summary>
                <div class="stack">
                    {(!paths.is_empty()).then(|| view! { <Paths paths/> })}
                    {facts.into_iter().map(|fact| view! { <p class="evidence fact">{fact}</p> }).collect_view()}
                    <Bars bars/>
                    {turning_point.map(|sentence| view! { <p class="small faded">{sentence}</p> })}
                </div>
            </details>
        }
    })
}

/// A way over the graph: a memory evokes a note, and the perfume carries it.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    pub memory: MemoryId,
    pub title: String,
    pub note: String,
    /// The perfume has the note itself, and not only something of its kind.
    pub is_carried: bool,
    pub perfume: String,
}

impl Path {
    /// The ways that evidence tells of, each once.
    pub fn told_by(evidence: &[Evidence], perfume: &str, notes: &Pyramid) -> Vec<Self> {
        let mut paths: Vec<Self> = Vec::new();
        for told in evidence {
            let (Some(memory), Some(note)) = (&told.memory_id, &told.note) else { continue };
            let title = told.memory_title.clone().filter(|title| !title.is_empty());
            let title = title.unwrap_or_else(|| "a memory".to_owned());
            let (is_carried, perfume) = (notes.contains(note), perfume.to_owned());
            let path = Self { memory: memory.clone(), title, note: note.clone(), is_carried, perfume };
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
        paths
    }
}

#[component]
fn Paths(paths: Vec<Path>) -> impl IntoView {
    let step = |Path { memory, title, note, is_carried, perfume }| {
        let with_note = address("/catalog", &[("note", &note)]);
        view! {
            <li>
                <a href=format!("/memories/{memory}") dir="auto">{title}</a>
                <span aria-hidden="true">" → "</span>
                <span class="visually-hidden">" evokes "</span>
                <a href=with_note>{note}</a>
                {(!is_carried)
                    .then(|| {
                        view! {
                            <span aria-hidden="true">" → "</span>
                            <span class="visually-hidden">" and "</span>
                            "what is of its kind"
                        }
                    })}
                <span aria-hidden="true">" → "</span>
                <span class="visually-hidden">", which is in "</span>
                {perfume}
            </li>
        }
    };
    view! { <ul class="paths small" aria-label="From your memories to this perfume">{paths.into_iter().map(step).collect_view()}</ul> }
}

/// The features as bars, the weightiest first.
fn bars(mut features: Vec<Feature>) -> Vec<Bar> {
    features.retain(|f| f.contribution.abs() >= VISIBLE);
    features.sort_by(|a, b| b.contribution.abs().total_cmp(&a.contribution.abs()).then_with(|| a.name.cmp(&b.name)));
    features
        .into_iter()
        .map(|f| Bar { label: Trait::in_words(&f.name), amount: f.contribution, value: signed(f.contribution), category: None })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_told_once_and_only_whole() {
        let memory = MemoryId::from_key("m");
        let told = |note: Option<&str>, memory: Option<&MemoryId>| Evidence {
            memory_id: memory.cloned(),
            memory_title: Some("The well".into()),
            note: note.map(str::to_owned),
            ..Evidence::default()
        };
        let (moss, fern) = (told(Some("moss"), Some(&memory)), told(Some("fern"), Some(&memory)));
        let evidence = [moss.clone(), moss, told(None, Some(&memory)), told(Some("moss"), None), fern];
        let notes = Pyramid { base: vec!["moss".into()], ..Pyramid::default() };
        let paths = Path::told_by(&evidence, "Mitsouko", &notes);
        let read: Vec<_> = paths.iter().map(|path| (path.note.as_str(), path.is_carried)).collect();
        assert_eq!(read, [("moss", true), ("fern", false)]);
    }

    #[test]
    fn the_weightiest_comes_first_and_nothing_is_left_in_code() {
        let feature = |name: &str, contribution| Feature { name: name.into(), contribution, value: None };
        let drawn =
            bars(vec![feature("price", 0.1), feature("memory_notes", -0.4), feature("season", 0.001), feature("new_one", 0.2)]);
        let read: Vec<_> = drawn.iter().map(|b| (b.label.as_str(), b.value.as_str())).collect();
        assert_eq!(read, [("notes of your memories", "−0.40"), ("new one", "+0.20"), ("price", "+0.10")]);
    }
}
