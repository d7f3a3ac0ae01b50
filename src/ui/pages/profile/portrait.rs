//! The flower, and beside it the same as words.

use leptos::{either::Either, prelude::*};

use crate::{
    domain::{
        fragrance::Family,
        profile::{NamedLeaning, Profile},
    },
    ui::components::{FlowerSize, Pyramid, ScentFlower, address, size_of},
};

/// How many families and accords are named.
const NAMED: usize = 8;

/// What has grown so far, or the invitation to begin.
#[component]
pub fn Portrait(taste: Profile) -> impl IntoView {
    let Profile { flower, families, accords, .. } = taste;
    if flower.petals.is_empty() {
        return Either::Left(view! {
            <div class="empty">
                <ScentFlower flower size=FlowerSize::Medium decorative=true/>
                <p>"Nothing has grown yet. A first memory is enough to begin."</p>
                <a class="button primary" href="/memories/new">"Write down a memory"</a>
            </div>
        });
    }
    Either::Right(view! {
        <section class="portrait" aria-label="Your flower">
            <div class="portrait-flower">
                <ScentFlower flower=flower.clone() size=FlowerSize::Large interactive=true label="Your taste"/>
            </div>
            <div class="portrait-words">
                <h2 class="visually-hidden">"The notes you lean towards"</h2>
                <Pyramid flower sized=true/>
                <dl class="pyramid">
                    {line("Families", families, family_word)}
                    {line("Accords", accords, accord_word)}
                </dl>
            </div>
        </section>
    })
}

/// The liked ones of a kind, most liked first, as large as they are liked. No line if there are none.
fn line<V: IntoView + 'static>(
    title: &'static str,
    leanings: Vec<NamedLeaning>,
    word: fn(&NamedLeaning, String) -> V,
) -> impl IntoView {
    let mut liked: Vec<NamedLeaning> = leanings.into_iter().filter(|l| l.leaning.weight > 0.0 && !l.leaning.vetoed).collect();
    liked.sort_by(|a, b| b.leaning.weight.total_cmp(&a.leaning.weight).then_with(|| a.name.cmp(&b.name)));
    liked.truncate(NAMED);
    (!liked.is_empty()).then(|| {
        let words = liked.iter().map(|l| word(l, format!("note w{}", size_of(l.leaning.weight as f32)))).collect_view();
        view! {
            <div>
                <dt>{title}</dt>
                <dd>{words}</dd>
            </div>
        }
    })
}

fn family_word(leaning: &NamedLeaning, class: String) -> impl IntoView + use<> {
    let label = Family::from_word(&leaning.name).map_or_else(|| leaning.name.clone(), |family| family.label().to_owned());
    view! { <a class=class href=address("/catalog", &[("family", &leaning.name)])>{label}</a> }
}

fn accord_word(leaning: &NamedLeaning, class: String) -> impl IntoView + use<> {
    view! { <a class=class href=address("/catalog", &[("q", &leaning.name)])>{leaning.name.clone()}</a> }
}
