use super::*;
use crate::advisor::fixture::snapshot;

fn told(text: &str) -> Told {
    Told { text: text.into(), vector: Vec::new(), degree: 1.0 }
}

fn sum(description: &Description, index: usize) -> f64 {
    description.of(index).map(|(_, part)| part).sum()
}

#[test]
fn nothing_described_brings_nothing() {
    let description = Description::read(snapshot(), &Told::default(), &[]);
    assert_eq!(description.of(0).count(), 0);
}

#[test]
fn a_perfume_told_by_its_notes_comes_first() {
    let snapshot = snapshot();
    let wanted = snapshot.fragrances().iter().position(|f| f.notes.notes().count() >= 7).unwrap();
    let notes: Vec<&str> = snapshot.fragrances()[wanted].notes.notes().map(|(_, note)| note).collect();
    let text = format!("A scent of {}, worn on a long walk through the old town in the evening.", notes.join(", "));
    let description = Description::read(snapshot, &told(&text), &[]);
    let own = sum(&description, wanted);
    let better = (0..snapshot.fragrances().len()).filter(|&at| sum(&description, at) > own).count();
    assert!(better < 5, "{better} perfumes fit better than the one that was told");
}

#[test]
fn parts_are_told_against_the_mean() {
    let description = Description::read(snapshot(), &told("It smells of clean linen and soap on a warm summer morning."), &[]);
    let total: f64 = (0..snapshot().fragrances().len()).map(|at| sum(&description, at)).sum();
    assert!(total.abs() < 1.0, "{total}");
}

#[test]
fn what_is_denied_makes_no_impression() {
    let meant = |text: &str| Text::new(text).meant_stems().into_iter().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(meant("not sweet, fresh"), ["fresh"]);
    assert_eq!(meant("It isn't powdery. Soapy"), ["it", "soapi"]);
    let gallery = snapshot().gallery();
    let mean = |text: &str| {
        let impression = lexicon::Impression::new(gallery, &Text::new(text));
        let sweet = |f: &crate::domain::fragrance::Fragrance| f.accords.first().is_some_and(|accord| accord == "sweet");
        let sweet: Vec<f32> = snapshot()
            .fragrances()
            .iter()
            .zip(gallery.portraits())
            .filter(|(f, _)| sweet(f))
            .map(|(_, portrait)| impression.of(portrait))
            .collect();
        sweet.iter().sum::<f32>() / sweet.len() as f32
    };
    assert!(mean("sweet as candy") > 1.0);
    assert!(mean("never sweet").abs() < 1e-6);
}

#[test]
fn a_plain_sentence_leans_where_people_would() {
    let gallery = snapshot().gallery();
    let text = Text::new("Fresh lemon and sea breeze, crisp and cool.");
    let leaning = leaning::Leaning::new(gallery, &text, &[]);
    let mean = |accord: &str| {
        let having: Vec<f32> = snapshot()
            .fragrances()
            .iter()
            .zip(gallery.portraits())
            .filter(|(f, _)| f.accords.first().is_some_and(|first| first == accord))
            .map(|(_, portrait)| leaning.accords(portrait))
            .collect();
        having.iter().sum::<f32>() / having.len().max(1) as f32
    };
    for fresh in ["citrus", "aquatic"] {
        assert!(mean(fresh) > mean("amber") && mean(fresh) > mean("gourmand"), "{fresh}");
    }
}

#[test]
fn people_and_places_speak_of_houses() {
    let snapshot = snapshot();
    let house = |name: &str| snapshot.brands().iter().position(|house| house == name).unwrap();
    let lore = houses::lore(snapshot, &Text::new("Made by Christopher Sheldrake for the Palais Royal."));
    let best = (0..lore.len()).max_by(|&a, &b| lore[a].total_cmp(&lore[b])).unwrap();
    assert_eq!(best, house("Serge Lutens"));
    assert!(houses::lore(snapshot, &Text::new("a plain thing")).iter().all(|lore| *lore == 0.0));
    assert_eq!(houses::kinds(snapshot)[house("Serge Lutens")], houses::Kind::Niche);
}

#[test]
fn buyers_and_shops_write_differently() {
    let personal = Text::new("I love it, my husband loves it on me. I get compliments and I will buy it again.");
    let told = Text::new(
        "Bergamot and pink pepper open onto a heart of iris, rose and jasmine, before sandalwood, amber, musk and vanilla settle \
         into the skin: a perfume of dusk over the old harbor, of ropes and salt, of the last light on painted shutters, composed \
         as a tribute to travelers who return.",
    );
    assert!(style::told(&personal, 0) < 0.1);
    assert!(style::told(&told, 9) > 0.9);
}

#[test]
fn long_ago_is_heard() {
    let age = |text: &str| age::spoken_of(&Text::new(text));
    assert_eq!(age("I have worn it for 30 years"), 1.5);
    assert_eq!(age("very 80's"), 1.6);
    assert_eq!(age("so 1970s"), 2.1);
    assert_eq!(age("my grandmother wore it"), 1.0);
    assert_eq!(age("new and bright"), 0.0);
    assert_eq!(age::years(&Text::new("since 1985, in room 1204, 3 times")), [1985]);
}

#[test]
fn layers_are_read_where_they_are_named() {
    let text = "Bergamot opens it; the base is vetiver.";
    let notes = notes::NotesTold::new(snapshot(), &Text::new(text));
    assert_eq!(notes.count(), 2);
    let with = |note: &str, layer| {
        let fits = |f: &&std::sync::Arc<crate::domain::fragrance::Fragrance>| f.notes.layer(layer).iter().any(|n| n == note);
        let index = snapshot().fragrances().iter().position(|f| fits(&f)).unwrap();
        notes.of(&snapshot().gallery().portraits()[index])
    };
    assert!(with("vetiver", crate::domain::notes::Layer::Base).layers > 0.0);
}
