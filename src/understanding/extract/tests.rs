use std::sync::LazyLock;

use super::*;
use crate::{catalog::Seed, domain::text::sentences};

static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| Taxonomy::new(Seed::read().unwrap().notes));

/// The notes that a text names, and those that it denies.
fn of(text: &str) -> (Vec<String>, Vec<String>) {
    let sentences: Vec<Sentence> = sentences(text).into_iter().map(|s| Sentence::new(text, s)).collect();
    let name = |n: &Named| TAXONOMY.notes()[n.note].name.clone();
    let (negated, said): (Vec<Named>, Vec<Named>) = named(&TAXONOMY, text, &sentences, &[]).into_iter().partition(|n| n.negated);
    (said.iter().map(name).collect(), negated.iter().map(name).collect())
}

fn check(cases: &[(&str, &[&str], &[&str])]) {
    let mut wrong = Vec::new();
    for (text, said, negated) in cases {
        let found = of(text);
        if found.0 != *said || found.1 != *negated {
            wrong.push(format!("{text:?}: said {:?}, denied {:?}", found.0, found.1));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_is_denied_is_not_there() {
    check(&[
        ("There was no trace of vanilla.", &[], &["vanilla"]),
        ("It was all smoke, without a hint of vanilla or rose.", &["smoke"], &["vanilla", "rose"]),
        ("Not a hint of jasmine anywhere.", &[], &["jasmine"]),
        ("I have never smelled patchouli in her house.", &[], &["patchouli"]),
        ("It smelled nothing like lavender.", &[], &["lavender"]),
        ("It wasn't vanilla but tobacco.", &["tobacco"], &["vanilla"]),
        ("It didn't smell of leather, only of hay.", &["hay"], &["leather"]),
        ("No vanilla, no cinnamon, just bread.", &["bread"], &["vanilla", "cinnamon"]),
        ("Without rose, musk or amber, it smelled of mint.", &["mint"], &["rose", "musk", "amber"]),
        ("Neither jasmine nor tuberose grew there.", &[], &["jasmine", "tuberose"]),
        ("A garden devoid of lavender.", &[], &["lavender"]),
        ("Tobacco instead of incense.", &["tobacco"], &["incense"]),
        ("The vanilla was nowhere to be found.", &[], &["vanilla"]),
        ("A vanilla-free kitchen.", &[], &["vanilla"]),
        ("She no longer smelled of lavender.", &[], &["lavender"]),
        ("The kitchen does not have any cinnamon.", &[], &["cinnamon"]),
        ("Anything but patchouli, please: it was cedar.", &["cedar"], &["patchouli"]),
        ("I couldn't smell the jasmine – the cinnamon was too strong.", &["cinnamon"], &["jasmine"]),
    ]);
}

#[test]
fn what_is_not_denied_is_there() {
    check(&[
        ("Not only vanilla, but cinnamon filled the air.", &["vanilla", "cinnamon"], &[]),
        ("There is nothing like lavender in July.", &["lavender"], &[]),
        ("Nothing smells like her jasmine.", &["jasmine"], &[]),
        ("Nothing but incense and myrrh.", &["incense", "myrrh"], &[]),
        ("I hated the smell of patchouli.", &["patchouli"], &[]),
        ("I couldn't stand the tuberose.", &["tuberose"], &[]),
        ("I never liked lavender.", &["lavender"], &[]),
        ("I will never forget the cinnamon.", &["cinnamon"], &[]),
        ("I can't smell jasmine without thinking of her.", &["jasmine"], &[]),
        ("He was never without his tobacco.", &["tobacco"], &[]),
        ("I had never smelled jasmine before that night.", &["jasmine"], &[]),
        ("No doubt it was vanilla.", &["vanilla"], &[]),
        ("It never overpowers the jasmine.", &["jasmine"], &[]),
        ("Don't let the patchouli fool you.", &["patchouli"], &[]),
        ("This is not your typical vanilla.", &["vanilla"], &[]),
        ("People with little to no experience of oud.", &["oud"], &[]),
        ("Not sweet or cloying, jasmine lingers.", &["jasmine"], &[]),
        ("A take-no-prisoners jasmine.", &["jasmine"], &[]),
        ("Never heavy, incense and benzoin drift by.", &["incense", "benzoin"], &[]),
        ("No, it was lavender.", &["lavender"], &[]),
        ("She did not come; the jasmine bloomed.", &["jasmine"], &[]),
        ("There was no money, and the lavender hummed with bees.", &["lavender"], &[]),
        ("We had no money but the cinnamon buns were warm.", &["cinnamon"], &[]),
        ("I didn't know that it was vetiver.", &["vetiver"], &[]),
        ("Without her, the lavender and the thyme went wild.", &["lavender", "thyme"], &[]),
    ]);
}

#[test]
fn figures_of_speech_name_no_scent() {
    check(&[
        ("An amber lampshade and violet curtains.", &[], &[]),
        ("I took it with a grain of salt.", &[], &[]),
        ("Life was no bed of roses.", &[], &[]),
        ("\"Come in,\" Jasmine said.", &[], &[]),
        ("A bed of lavender by the door.", &["lavender"], &[]),
        ("The smell of cinnamon and cloves.", &["cinnamon", "clove"], &[]),
    ]);
}

#[test]
fn clauses_feel_for_themselves() {
    let feelings = Feelings::new();
    let text = "I loathed his cigars, but the lavender in her room was lovely.";
    let sentences: Vec<Sentence> = sentences(text).into_iter().map(|s| Sentence::new(text, s)).collect();
    let said = named(&TAXONOMY, text, &sentences, &[]);
    let notes = literal_notes(&TAXONOMY, &feelings, text, &sentences, &said);
    let valence = |name: &str| notes.iter().find(|n| TAXONOMY.notes()[n.note].name == name).unwrap().valence.unwrap();
    assert!(valence("cigar") < -0.3 && valence("lavender") > 0.3);
    assert!(feelings.valence(&Sentence::new("I couldn't stand it", 0..19).words) < -0.3);
}

#[test]
fn a_long_text_is_looked_up_and_not_searched() {
    let text = "Bergamot. ".repeat(30_000);
    let sentences: Vec<Sentence> = sentences(&text).into_iter().map(|s| Sentence::new(&text, s)).collect();
    let said = named(&TAXONOMY, &text, &sentences, &[]);
    assert_eq!(said.len(), 30_000);
    let palette = palette::Palette::new(&TAXONOMY);
    let around = context::surroundings(&TAXONOMY, &palette, &text, &sentences, &said);
    let amount = |name: &str| around[0].1.iter().find(|(feature, _)| feature == name).unwrap().1;
    assert_eq!((around.len(), amount("sentence notes"), amount("words")), (1, 1.0, 30_000_f64.ln()));

    // Breaks belong to no sentence; what begins in one is not what begins before it.
    assert_eq!(clause::reaching(&sentences, &(9..10)), None);
    assert_eq!(clause::reaching(&sentences, &(9..11)), Some(1));
    assert_eq!(clause::reaching(&sentences, &(10..18)), Some(1));
    assert_eq!(clause::reaching(&sentences, &(300_000..300_001)), None);
}
