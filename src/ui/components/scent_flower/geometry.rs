//! From notes to petals: the drawing of a scent flower as numbers and path data.
//!
//! Units: lengths are in drawing units, the outer ring ends at [`RADIUS`] = 100 of them; angles are in radians,
//! clockwise, zero at the top; the centre of the flower is the origin. Nothing here is random and nothing depends on
//! the order in which the notes come: the same notes give the same drawing, on the server and in the browser.

use std::cmp::Ordering;
use std::f64::consts::{PI, TAU};
use std::fmt::Write as _;

use crate::domain::flower::{Flower, Petal};
use crate::domain::notes::{Category, Layer};

/// Where the outer ring ends, in drawing units.
pub const RADIUS: f64 = 100.0;

/// More notes than this in one ring: the faintest share the last petal.
const MOST_PETALS: usize = 9;

/// More dislikes than this: the rest share the last thorn.
const MOST_THORNS: usize = 12;

/// Where the petals hang on the centre, in drawing units.
const CLAW: f64 = 4.0;

/// The golden angle, by which a flower sets its seeds.
const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;

/// One of the three rings of petals: where it begins and ends (shares of the radius) and how far it is turned (shares
/// of the step between two of its petals).
struct Ring {
    inner: f64,
    outer: f64,
    turn: f64,
    /// Where along its length a petal of this ring is widest (0 at the centre, 1 at the tip).
    belly: f64,
}

/// Outer, middle, inner: top, heart, base.
const RINGS: [Ring; 3] = [
    Ring { inner: 0.34, outer: 1.00, turn: 0.0, belly: 0.60 },
    Ring { inner: 0.20, outer: 0.70, turn: 1.0 / 2.0, belly: 0.58 },
    Ring { inner: 0.06, outer: 0.42, turn: 1.0 / 3.0, belly: 0.56 },
];

/// A petal, ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Blade {
    /// The name of its note, or of the notes that share it.
    pub name: String,
    /// What the note smells of; empty when several notes share the petal.
    pub evocation: String,
    pub category: Category,
    /// `false`: the note was not said, only implied.
    pub literal: bool,
    /// Closes the form of a ring with one or two notes; stands for no note of its own.
    pub faint: bool,
    /// Path data of the closed outline.
    pub outline: String,
    /// Path data of the deeper colour near the centre (closed).
    pub blush: String,
    /// Path data of the vein (open).
    pub vein: String,
}

/// A thorn: a disliked note, outside the flower.
#[derive(Clone, Debug, PartialEq)]
pub struct Hook {
    pub name: String,
    pub evocation: String,
    /// Path data of the hook (closed).
    pub outline: String,
    /// Path data of the piece of stem it grows from (open).
    pub stem: String,
}

/// A grain of pollen: centre and radius in drawing units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grain {
    pub x: f64,
    pub y: f64,
    pub r: f64,
}

/// The whole flower.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// Outer, middle and inner ring.
    pub rings: [Vec<Blade>; 3],
    pub thorns: Vec<Hook>,
    pub pollen: Vec<Grain>,
    /// Half the side of the square that holds everything, in drawing units.
    pub reach: f64,
}

/// Draws a flower.
pub fn draw(flower: &Flower) -> Drawing {
    let notes = rings_of(&flower.petals);
    let outermost = notes.iter().position(|ring| !ring.is_empty());
    let rings = [0, 1, 2].map(|ring| blades(&RINGS[ring], &notes[ring]));
    let thorns = hooks(&flower.thorns);
    // A flower without an outer ring is held closer, so that it does not look lost on its sheet.
    let reach = match (thorns.is_empty(), outermost) {
        (false, _) => RADIUS * 1.16,
        (true, Some(1)) => RADIUS * 0.82,
        (true, Some(2)) => RADIUS * 0.56,
        (true, _) => RADIUS * 1.03,
    };
    Drawing { rings, thorns, pollen: pollen(), reach }
}

/// The order inside a ring: by category, then by name.
fn by_category_then_name(a: &Petal, b: &Petal) -> Ordering {
    a.category.cmp(&b.category).then_with(|| a.note.cmp(&b.note))
}

/// The strongest note first; among equals, the fixed order.
fn by_weight(a: &Petal, b: &Petal) -> Ordering {
    b.weight.total_cmp(&a.weight).then_with(|| by_category_then_name(a, b))
}

/// Sorts the notes into the outer, middle and inner ring. Notes of unknown layer form the middle ring when there is no
/// pyramid at all; beside a pyramid they go, one by one, where the fewest petals are.
fn rings_of(petals: &[Petal]) -> [Vec<Petal>; 3] {
    let mut rings: [Vec<Petal>; 3] = Default::default();
    let mut unplaced = Vec::new();
    for petal in petals {
        match petal.layer {
            Layer::Top => rings[0].push(petal.clone()),
            Layer::Middle => rings[1].push(petal.clone()),
            Layer::Base => rings[2].push(petal.clone()),
            Layer::Other => unplaced.push(petal.clone()),
        }
    }
    if rings.iter().all(Vec::is_empty) {
        rings[1] = unplaced;
    } else {
        unplaced.sort_by(by_category_then_name);
        for petal in unplaced {
            // The heart before the top before the base.
            let emptiest = [1, 0, 2].into_iter().min_by_key(|ring| rings[*ring].len()).unwrap_or(1);
            rings[emptiest].push(petal);
        }
    }
    for ring in &mut rings {
        *ring = gather(std::mem::take(ring), MOST_PETALS);
        ring.sort_by(by_category_then_name);
    }
    rings
}

/// At most `most` petals: the faintest notes share one, which takes the category and the weight of its strongest.
fn gather(mut petals: Vec<Petal>, most: usize) -> Vec<Petal> {
    if petals.len() <= most {
        return petals;
    }
    petals.sort_by(by_weight);
    let mut shared = petals.split_off(most - 1);
    let mut petal = shared[0].clone();
    petal.literal = shared.iter().any(|one| one.literal);
    petal.evocation = String::new();
    shared.sort_by(by_category_then_name);
    petal.note = shared.iter().map(|one| one.note.as_str()).collect::<Vec<_>>().join(", ");
    petals.push(petal);
    petals
}

/// The petals of one ring, with the faint pair that closes it when there are only one or two.
fn blades(ring: &Ring, notes: &[Petal]) -> Vec<Blade> {
    let count = notes.len();
    let depth = (ring.outer - ring.inner) * RADIUS;
    // One petal is closed to a trefoil, two to a cross: which of the places hold a note, and which the faint pair.
    let (places, own, closing): (usize, &[usize], &[usize]) = match count {
        1 => (3, &[0], &[1, 2]),
        2 => (4, &[0, 2], &[1, 3]),
        _ => (count, &[], &[]),
    };
    let step = TAU / places.max(1) as f64;
    let angle = |place: usize| step * (place as f64 + ring.turn);
    let mut blades = Vec::with_capacity(places);
    for (index, petal) in notes.iter().enumerate() {
        let place = own.get(index).copied().unwrap_or(index);
        let length = depth * (0.55 + 0.45 * share(petal.weight));
        blades.push(blade(ring, count, angle(place), length, petal, false));
    }
    for (index, place) in closing.iter().enumerate() {
        let petal = &notes[index.min(count - 1)];
        blades.push(blade(ring, count, angle(*place), depth * 0.52, petal, true));
    }
    blades
}

/// A weight as a number in 0 … 1, whatever came in.
fn share(weight: f32) -> f64 {
    if weight.is_nan() { 0.0 } else { f64::from(weight.clamp(0.0, 1.0)) }
}

/// One petal: an asymmetrical teardrop with its tip slightly turned, as a pressed petal has it.
fn blade(ring: &Ring, count: usize, angle: f64, length: f64, petal: &Petal, faint: bool) -> Blade {
    let start = ring.inner * RADIUS;
    // It fills its share of the ring, and stays a petal.
    let room = (start + ring.belly * length) * (PI / count.max(3) as f64).tan() * 1.08;
    let slimness = if count < 3 { 0.22 } else { 0.35 };
    let half_width = room.min(slimness * length).max(0.12 * length);
    let whim = whim(&petal.note);
    let shape = Shape { start, length, half_width, belly: ring.belly, bend: 0.045 * whim, lean: 0.05 * whim, angle };
    Blade {
        name: petal.note.clone(),
        evocation: petal.evocation.clone(),
        category: petal.category,
        literal: petal.literal,
        faint,
        outline: shape.outline(),
        blush: shape.blush(),
        vein: shape.vein(),
    }
}

/// A petal before it is laid on the paper. Lengths in drawing units.
struct Shape {
    /// Distance of its base from the centre.
    start: f64,
    length: f64,
    half_width: f64,
    /// Where it is widest, as a share of the length.
    belly: f64,
    /// How far the tip is turned aside, as a share of the length.
    bend: f64,
    /// By which share one side is fuller than the other.
    lean: f64,
    angle: f64,
}

impl Shape {
    /// A point of the petal (`along` 0 base … 1 tip, `across` −1 left edge … 1 right edge) on the paper.
    fn at(&self, along: f64, across: f64) -> (f64, f64) {
        let side = across * self.half_width * (1.0 + self.lean * across.signum());
        turned(self.start + along * self.length, side + self.bend * self.length * along * along, self.angle)
    }

    /// A point of the claw, the hair by which the petal hangs on the centre: `out` from the petal's base, `side` aside.
    fn claw(&self, out: f64, side: f64) -> (f64, f64) {
        turned(self.start + out, side, self.angle)
    }

    fn curve(&self, path: &mut String, points: [(f64, f64); 3]) {
        let [a, b, c] = points.map(|(along, across)| point(self.at(along, across)));
        let _ = write!(path, "C{a} {b} {c}");
    }

    fn start_at(&self, along: f64, across: f64) -> String {
        format!("M{}", point(self.at(along, across)))
    }

    fn outline(&self) -> String {
        let b = self.belly;
        let (root, hair) = (CLAW - self.start, 0.45);
        let (left, right) = (self.claw(0.0, hair), self.claw(0.0, -hair));
        let mut path = format!("M{}", point(self.claw(root, 0.0)));
        let _ = write!(path, "L{}", point(left));
        self.curve(&mut path, [(0.17, 0.14), (b - 0.28, 1.0), (b, 1.0)]);
        self.curve(&mut path, [(b + 0.44 * (1.0 - b), 1.0), (0.945, 0.42), (1.0, 0.0)]);
        self.curve(&mut path, [(0.945, -0.42), (b + 0.44 * (1.0 - b), -1.0), (b, -1.0)]);
        self.curve(&mut path, [(b - 0.28, -1.0), (0.17, -0.14), (0.0, 0.0)]);
        let _ = write!(path, "L{}Z", point(right));
        path
    }

    fn blush(&self) -> String {
        let mut path = self.start_at(0.0, 0.0);
        self.curve(&mut path, [(0.14, 0.10), (0.24, 0.52), (0.40, 0.42)]);
        self.curve(&mut path, [(0.52, 0.34), (0.60, 0.10), (0.74, 0.0)]);
        self.curve(&mut path, [(0.60, -0.10), (0.52, -0.34), (0.40, -0.42)]);
        self.curve(&mut path, [(0.24, -0.52), (0.14, -0.10), (0.0, 0.0)]);
        path.push('Z');
        path
    }

    fn vein(&self) -> String {
        let mut path = self.start_at(0.04, 0.0);
        self.curve(&mut path, [(0.35, 0.0), (0.65, 0.0), (0.90, 0.0)]);
        for (from, side) in [(0.26, 1.0), (0.32, -1.0), (0.42, 1.0), (0.48, -1.0), (0.58, 1.0), (0.64, -1.0)] {
            path.push_str(&self.start_at(from, 0.0));
            self.curve(&mut path, [(from + 0.08, 0.16 * side), (from + 0.14, 0.42 * side), (from + 0.19, 0.66 * side)]);
        }
        path
    }
}

/// The thorns, evenly outside the flower, the first beside the top.
fn hooks(thorns: &[Petal]) -> Vec<Hook> {
    let mut thorns = gather(thorns.to_vec(), MOST_THORNS);
    thorns.sort_by(by_category_then_name);
    let step = TAU / thorns.len().max(1) as f64;
    let place = |index: usize| step * (index as f64 + 0.5);
    thorns.iter().enumerate().map(|(index, thorn)| hook(place(index), thorn)).collect()
}

/// One thorn: a rose's hook that leans with the clock, on a piece of stem.
fn hook(angle: f64, thorn: &Petal) -> Hook {
    let stem = RADIUS * 1.05;
    let on = |out: f64, degrees: f64| turned(stem + out, 0.0, angle + degrees.to_radians());
    let [foot, rise, belly, tip, hollow, heel] =
        [(0.0, -3.6), (0.5, -1.8), (3.8, -0.6), (8.6, 3.9), (2.7, 1.5), (0.0, 2.4)].map(|(out, degrees)| point(on(out, degrees)));
    Hook {
        name: thorn.note.clone(),
        evocation: thorn.evocation.clone(),
        outline: format!("M{foot}C{rise} {belly} {tip}Q{hollow} {heel}Z"),
        stem: format!("M{}A{stem} {stem} 0 0 1 {}", point(on(0.0, -10.0)), point(on(0.0, 8.5))),
    }
}

/// The outlines of a flower that is not there yet: five petals, of nothing.
pub fn bud() -> Vec<String> {
    let length = 0.55 * RADIUS;
    let half_width = 0.34 * length;
    (0..5)
        .map(|place| {
            let angle = TAU / 5.0 * f64::from(place);
            Shape { start: 0.2 * RADIUS, length, half_width, belly: 0.6, bend: 0.0, lean: 0.0, angle }.outline()
        })
        .collect()
}

/// The pollen: a dark heart and a ring of grains around it, set by the golden angle.
fn pollen() -> Vec<Grain> {
    let mut grains = vec![Grain { x: 0.0, y: 0.0, r: 2.7 }];
    for seed in 1..=21_u32 {
        let seed = f64::from(seed);
        let (x, y) = turned(2.6 + 1.28 * seed.sqrt(), 0.0, seed * GOLDEN_ANGLE);
        grains.push(Grain { x, y, r: 0.86 - 0.02 * seed });
    }
    grains
}

/// The point `radius` from the centre and `side` to the right of the ray at `angle`; y grows downwards, as in SVG.
fn turned(radius: f64, side: f64, angle: f64) -> (f64, f64) {
    let (sin, cos) = angle.sin_cos();
    (radius * sin + side * cos, -radius * cos + side * sin)
}

/// A point of path data.
fn point((x, y): (f64, f64)) -> String {
    format!("{} {}", n(x), n(y))
}

/// A number of path data: one decimal is a twentieth of a pixel, and no `-0`.
fn n(value: f64) -> f64 {
    (value * 10.0).round() / 10.0 + 0.0
}

/// What makes a petal its own: a number in −1 … 1 from the name of the note (FNV-1a).
fn whim(name: &str) -> f64 {
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    f64::from((hash >> 8) % 2001) / 1000.0 - 1.0
}

#[cfg(test)]
mod tests;
