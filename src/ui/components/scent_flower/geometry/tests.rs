//! What must stay true of every flower.

use super::*;

fn note(name: &str, category: Category, layer: Layer, weight: f32) -> Petal {
    Petal { note: name.into(), category, layer, weight, literal: true, evocation: String::new() }
}

fn many(count: usize, layer: Layer) -> Vec<Petal> {
    (0..count).map(|i| note(&format!("note {i:02}"), Category::Wood, layer, 1.0 - i as f32 / 100.0)).collect()
}

fn flower(petals: Vec<Petal>) -> Flower {
    Flower { petals, ..Flower::default() }
}

/// The points of a path, as pairs of numbers.
fn points(path: &str) -> Vec<(f64, f64)> {
    let numbers: Vec<f64> = path
        .split(|c: char| c.is_ascii_alphabetic() || c == ' ')
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap())
        .collect();
    numbers.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

#[test]
fn the_same_notes_give_the_same_flower_in_any_order() {
    let mut petals = many(5, Layer::Top);
    petals.push(note("rose", Category::Flower, Layer::Middle, 0.4));
    let forwards = draw(&flower(petals.clone()));
    petals.reverse();
    assert_eq!(forwards, draw(&flower(petals)));
}

#[test]
fn a_ring_is_ordered_by_category_then_name() {
    let drawing = draw(&flower(vec![
        note("oak", Category::Wood, Layer::Top, 1.0),
        note("orange", Category::Citrus, Layer::Top, 0.1),
        note("lemon", Category::Citrus, Layer::Top, 0.2),
    ]));
    let names: Vec<_> = drawing.rings[0].iter().map(|blade| blade.name.as_str()).collect();
    assert_eq!(names, ["lemon", "orange", "oak"]);
}

#[test]
fn petals_keep_to_their_ring_and_grow_with_weight() {
    for (layer, ring, inner, outer) in [(Layer::Top, 0, 34.0, 100.0), (Layer::Middle, 1, 20.0, 70.0), (Layer::Base, 2, 6.0, 42.0)]
    {
        let mut lengths = Vec::new();
        for weight in [0.0, 0.5, 1.0] {
            let drawing = draw(&flower((0..4).map(|i| note(&i.to_string(), Category::Musk, layer, weight)).collect()));
            let path = points(&drawing.rings[ring][0].outline);
            let far = path.iter().map(|(x, y)| x.hypot(*y)).fold(0.0, f64::max);
            let near = path[1].0.hypot(path[1].1);
            assert!((near - inner).abs() < 0.2, "{near}");
            assert!(far < outer + 0.5, "{far}");
            lengths.push(far);
        }
        assert!(lengths[0] < lengths[1] && lengths[1] < lengths[2]);
    }
}

#[test]
fn one_or_two_notes_are_closed_by_a_faint_pair() {
    for (count, faint) in [(0, 0), (1, 2), (2, 2), (3, 0), (9, 0)] {
        let drawing = draw(&flower(many(count, Layer::Base)));
        assert_eq!(drawing.rings[2].iter().filter(|blade| blade.faint).count(), faint);
        assert_eq!(drawing.rings[2].len(), count + faint);
    }
}

#[test]
fn beyond_nine_the_faintest_share_a_petal() {
    let ring = &draw(&flower(many(12, Layer::Top))).rings[0];
    assert_eq!(ring.len(), 9);
    assert!(ring.iter().any(|blade| blade.name == "note 08, note 09, note 10, note 11"));
}

#[test]
fn unplaced_notes_are_the_heart_alone_and_fill_up_a_pyramid() {
    let alone = draw(&flower(many(4, Layer::Other)));
    assert_eq!([0, 1, 2].map(|ring| alone.rings[ring].len()), [0, 4, 0]);
    let mut petals = many(3, Layer::Top);
    petals.extend((0..4).map(|i| note(&format!("x{i}"), Category::Herb, Layer::Other, 0.5)));
    let spread = rings_of(&petals);
    assert_eq!(spread.map(|ring| ring.len()), [3, 2, 2]);
}

#[test]
fn thorns_are_outside() {
    let thorns = vec![note("tar", Category::Smoke, Layer::Other, 1.0), note("mint", Category::Herb, Layer::Top, 1.0)];
    let drawing = draw(&Flower { petals: many(3, Layer::Top), thorns });
    assert_eq!(drawing.thorns.len(), 2);
    for (x, y) in drawing.thorns.iter().flat_map(|thorn| points(&thorn.outline)) {
        let radius = x.hypot(y);
        assert!(radius > RADIUS && radius < drawing.reach, "{radius}");
    }
}

#[test]
fn odd_weights_do_no_harm() {
    let petals = vec![
        note("a", Category::Musk, Layer::Top, f32::NAN),
        note("b", Category::Musk, Layer::Top, -3.0),
        note("c", Category::Musk, Layer::Top, 40.0),
    ];
    for blade in &draw(&flower(petals)).rings[0] {
        assert!(!blade.outline.contains("NaN") && !blade.outline.contains("inf"), "{}", blade.outline);
    }
}
