//! Which perfume a bottle's label names.

use super::{houses::other_names, phrases::key, snapshot::Snapshot};

/// Shorter names are found by chance between other letters.
const SHORTEST: usize = 4;

/// The words of a label without their spaces: labels break and space names as they like, and readers of pictures guess.
fn squashed(text: &str) -> String {
    key(text).replace(' ', "")
}

impl Snapshot {
    /// The perfume that the lines of a label name, by its place in the catalog. Its house has to stand there too, since a sign in
    /// the background says "Rose Garden" as well. Of several concentrations, the one that the label tells, or the best known.
    pub fn on_label(&self, lines: &[&str]) -> Option<usize> {
        let label = squashed(&lines.join(" "));
        let has_house = |at: &usize| {
            let brand = &self.fragrances()[*at].brand;
            other_names(brand).iter().chain([brand]).map(|house| squashed(house)).any(|house| {
                if house.chars().count() < SHORTEST {
                    lines.iter().any(|line| squashed(line) == house)
                } else {
                    label.contains(&house)
                }
            })
        };
        let has_name = |at: &usize| {
            let name = squashed(&self.fragrances()[*at].name);
            name.chars().count() >= SHORTEST && label.contains(&name)
        };
        // Short names ("N°5") are found as titles are, with the house before or after them.
        let backward: Vec<&str> = lines.iter().rev().copied().collect();
        let titles = [lines.join(" "), backward.join(" ")];
        let titled = titles.iter().flat_map(|text| self.fragrance_mentions(text)).flat_map(|(bearers, _)| bearers);
        let spelled = (0..self.fragrances().len()).filter(has_name);
        titled.chain(spelled).filter(has_house).max_by(|&a, &b| {
            let rank = |at: usize| {
                let fragrance = &self.fragrances()[at];
                let kind: Option<String> =
                    fragrance.concentration.map(|kind| squashed(kind.label())).filter(|kind| label.contains(kind.as_str()));
                (squashed(&fragrance.name).len(), kind.as_ref().map_or(0, String::len), fragrance.popularity)
            };
            let ((a_name, a_told, a_known), (b_name, b_told, b_known)) = (rank(a), rank(b));
            (a_name, a_told).cmp(&(b_name, b_told)).then(a_known.total_cmp(&b_known))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::catalog::titles::tests::SNAPSHOT;

    fn named(lines: &[&str]) -> Option<String> {
        SNAPSHOT.on_label(lines).map(|at| SNAPSHOT.fragrances()[at].full_name())
    }

    #[test]
    fn labels_name_perfumes_however_they_are_set() {
        for (lines, name) in [
            (&["SHALIMAR", "GUERLAIN"][..], "Guerlain Shalimar"),
            (&["N°5", "CHANEL", "PARIS", "EAU DE PARFUM"], "Chanel No. 5"),
            (&["TERRE", "D'HERMES", "HERMÉS", "PARIS"], "Hermès Terre d'Hermès"),
            (&["LELABO", "SANTAL33", "EAU DE PARFUM 50 ml"], "Le Labo Santal 33"),
            (&["GIORGIO ARMANI", "ACQUA DI GIO", "PROFUMO"], "Giorgio Armani Acqua di Giò Profumo"),
            (&["Mugler", "ANGEL"], "Thierry Mugler Angel"),
        ] {
            assert_eq!(named(lines).as_deref(), Some(name), "{lines:?}");
        }
    }

    #[test]
    fn other_words_in_a_picture_name_none() {
        for lines in [&[][..], &["ROSE GARDEN", "OPEN 9-5"], &["CHANEL"], &["YAMAHA"], &["Dear diary, a long day by the sea"]] {
            assert_eq!(named(lines), None, "{lines:?}");
        }
    }

    #[test]
    fn the_concentration_decides_between_perfumes_of_one_name() {
        let kind = |line| SNAPSHOT.on_label(&["CHANEL", "N°5", line]).and_then(|at| SNAPSHOT.fragrances()[at].concentration);
        assert_ne!(kind("EAU DE PARFUM"), kind("PARFUM"));
    }
}
