use std::sync::LazyLock;

use crate::catalog::{FlatVectors, Seed, Snapshot, Taxonomy};

pub(in crate::catalog) static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| {
    let Seed { notes, fragrances } = Seed::read().unwrap();
    let vectors = FlatVectors::new(1, &vec![vec![1.0]; fragrances.len()]).unwrap();
    Snapshot::new(Taxonomy::new(notes).into(), fragrances, vectors).unwrap()
});

fn named(text: &str) -> Vec<String> {
    let found = SNAPSHOT.fragrance_mentions(text);
    found.into_iter().map(|(perfumes, _)| SNAPSHOT.fragrances()[perfumes[0]].full_name()).collect()
}

#[test]
fn perfumes_go_by_their_names() {
    for (text, name) in [
        ("something like Terre d'Hermès but softer", "Hermès Terre d'Hermès"),
        ("dior sauvage without the pepper", "Dior Sauvage"),
        ("my mother wore shalimar", "Guerlain Shalimar"),
        ("My mother wore Angel.", "Thierry Mugler Angel"),
        ("chanel no 5", "Chanel No. 5"),
        ("Chanel No5, of course", "Chanel No. 5"),
        ("like black opium but cheaper", "Yves Saint Laurent Black Opium"),
        ("Angel by Mugler", "Thierry Mugler Angel"),
        ("jadore", "Dior J'adore"),
    ] {
        assert_eq!(named(text), [name], "{text}");
    }
}

#[test]
fn everyday_words_are_no_perfumes() {
    for text in [
        "It smells like green tea and roses.",
        "Happy that the angel on the tree was beautiful",
        "Joy. Pure joy.",
        "a gift for her, the one and only",
        "cool water on my face, light blue sky",
        "The chance of rain was slim",
        "She has an obsession with milk",
    ] {
        assert_eq!(named(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_name_stands_for_all_concentrations() {
    let found = SNAPSHOT.fragrance_mentions("Bleu de Chanel");
    let perfumes = &found[0].0;
    assert!(perfumes.len() >= 2);
    assert!(perfumes.iter().all(|&at| SNAPSHOT.fragrances()[at].name == "Bleu de Chanel"));
    assert!(perfumes.windows(2).all(|pair| SNAPSHOT.is_same_line(pair[0], pair[1])));
}

#[test]
fn flankers_are_of_the_same_line() {
    let at = |full: &str| SNAPSHOT.fragrances().iter().position(|f| f.full_name() == full).unwrap();
    assert!(SNAPSHOT.is_same_line(at("Yves Saint Laurent Black Opium"), at("Yves Saint Laurent Black Opium")));
    assert!(!SNAPSHOT.is_same_line(at("Guerlain Shalimar"), at("Guerlain Mitsouko")));
    assert!(SNAPSHOT.is_same_line(at("Davidoff Cool Water"), at("Davidoff Cool Water Woman")));
}
