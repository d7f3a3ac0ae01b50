//! The catalog as a whole: from the seed through the store to answers.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;
use crate::{
    domain::{ids::NoteId, page::PAGE_SIZE},
    store::{
        fragrance,
        fragrance_note::{self, NoteVector},
    },
};

/// Texts that share words are near: enough where meaning is not what is tested.
#[derive(Default)]
struct WordHashes {
    embedded: AtomicUsize,
}

#[async_trait]
impl Embedder for WordHashes {
    fn model(&self) -> &str {
        "word-hashes"
    }

    fn dimension(&self) -> usize {
        32
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        self.embedded.fetch_add(texts.len(), Ordering::Relaxed);
        Ok(texts.iter().map(|text| unit(bag(text))).collect())
    }
}

fn bag(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0; 32];
    for word in text.split_whitespace() {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        vector[usize::try_from(hasher.finish() % 32).unwrap()] += 1.0;
    }
    vector
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    vector.iter_mut().for_each(|v| *v /= length);
    vector
}

async fn catalog() -> (Store, Arc<WordHashes>, Catalog) {
    let store = Store::in_memory().await.unwrap();
    let embedder = Arc::new(WordHashes::default());
    let catalog = Catalog::open(store.clone(), embedder.clone()).await.unwrap();
    (store, embedder, catalog)
}

#[tokio::test]
async fn what_is_sown_comes_back_and_nothing_is_done_twice() {
    let (store, embedder, catalog) = catalog().await;
    let seed = Seed::read().unwrap();
    let snapshot = catalog.snapshot();
    assert_eq!(snapshot.fragrances().len(), seed.fragrances.len());
    assert_eq!(snapshot.taxonomy().notes().len(), seed.notes.len());
    for fragrance in &seed.fragrances {
        assert_eq!(snapshot.get(&fragrance.id).unwrap().as_ref(), fragrance);
    }
    let embedded = || embedder.embedded.load(Ordering::Relaxed);
    let accords: BTreeSet<&String> = seed.fragrances.iter().flat_map(|fragrance| &fragrance.accords).collect();
    assert_eq!(embedded(), seed.notes.len() + accords.len());

    let again = Catalog::open(store.clone(), embedder.clone()).await.unwrap();
    assert_eq!(again.snapshot().fragrances(), snapshot.fragrances());
    assert_eq!(embedded(), seed.notes.len() + 2 * accords.len(), "no note has changed, so none is embedded");

    // A perfume that comes into the store by another way appears after a refresh.
    let mut imported = seed.fragrances[0].clone();
    imported.id = FragranceId::from_key("imported");
    imported.name = "Imported".into();
    imported.notes = Default::default();
    let facts = fragrance::FragranceFacts { fragrance: imported, notes: Vec::new(), fact_hash: "x".into() };
    fragrance::put_all(&store, vec![facts]).await.unwrap();
    catalog.refresh().await.unwrap();
    assert!(catalog.fragrance(&FragranceId::from_key("imported")).is_ok());

    searching(&catalog);
    likeness(&catalog);
}

fn searching(catalog: &Catalog) {
    let search = |filter: CatalogFilter| catalog.search(&filter, Cursor::default()).unwrap();
    let q = |q: &str| search(CatalogFilter { q: Some(q.into()), ..Default::default() }).items;
    assert_eq!(q("shal")[0].name, "Shalimar");
    assert_eq!(q("ysl black opium")[0].name, "Black Opium");
    assert!(q("olibanum and oakmoss")[0].notes.contains("frankincense"));
    assert!(q("zzzzqqq").is_empty());

    let cassis = search(CatalogFilter { note: Some("Cassis".into()), ..Default::default() });
    assert!(
        !cassis.items.is_empty() && cassis.items.iter().all(|f| f.notes.notes().any(|(_, n)| n.starts_with("black currant")))
    );
    let cheap = search(CatalogFilter { max_price: Some(30.0), family: Some("fougere".into()), ..Default::default() });
    assert!(!cheap.items.is_empty() && cheap.items.iter().all(|f| f.price.is_some_and(|p| p.euros() <= 30.0)));
    let house = search(CatalogFilter { brand: Some("hermes".into()), ..Default::default() });
    assert!(house.items.iter().all(|f| f.brand == "Hermès") && house.items.len() > 3);
    assert!(search(CatalogFilter { note: Some("unobtainium".into()), ..Default::default() }).items.is_empty());
    let strange = CatalogFilter { family: Some("strange".into()), ..Default::default() };
    assert_eq!(catalog.search(&strange, Cursor::default()).unwrap_err().field(), Some("family"));

    let first = search(CatalogFilter::default());
    assert_eq!(first.items.len(), PAGE_SIZE);
    assert!(first.items.is_sorted_by(|a, b| a.popularity >= b.popularity));
    let mut seen = 0;
    let mut cursor = Cursor::default();
    loop {
        let page = catalog.search(&CatalogFilter::default(), cursor).unwrap();
        seen += page.items.len();
        match page.next_cursor {
            Some(next) => cursor = Cursor::parse(Some(&next)).unwrap(),
            None => break,
        }
    }
    assert_eq!(seen, catalog.snapshot().fragrances().len());

    assert_eq!(catalog.notes(Some("oliba"))[0].name, "frankincense");
    assert_eq!(catalog.notes(Some("Rose"))[0].name, "rose");
    assert_eq!(catalog.notes(None).len(), catalog.snapshot().taxonomy().notes().len());
}

fn likeness(catalog: &Catalog) {
    let snapshot = catalog.snapshot();
    for at in (0..snapshot.fragrances().len()).step_by(37) {
        let own = similarity(&snapshot, at, at);
        assert!((own - 1.0).abs() < 1e-6, "{own}");
        let other = (at * 7 + 3) % snapshot.fragrances().len();
        let (there, back) = (similarity(&snapshot, at, other), similarity(&snapshot, other, at));
        assert!((there - back).abs() < 1e-9 && (0.0..=1.0).contains(&there));
    }
    let shalimar = snapshot.fragrances().iter().find(|f| f.name == "Shalimar").unwrap();
    let near = catalog.similar(&shalimar.id, 8).unwrap();
    assert_eq!(near.len(), 8);
    assert!(near.is_sorted_by(|a, b| a.1 >= b.1));
    assert!(near.iter().all(|(f, _)| !(f.brand == "Guerlain" && f.name.starts_with("Shalimar"))));
    assert!(catalog.similar(&FragranceId::from_key("nothing"), 8).is_err());
    for gone in snapshot.fragrances().iter().filter(|f| f.discontinued) {
        let near = catalog.similar(&gone.id, 4).unwrap();
        assert!(near.is_sorted_by(|a, b| a.1 >= b.1));
        assert!(near.iter().filter(|(f, _)| !f.discontinued).count() >= STILL_SOLD, "{}", gone.full_name());
    }

    let flower = catalog.flower(shalimar);
    assert_eq!(flower.petals.len(), shalimar.notes.notes().count());
    let weight = |note: &str| flower.petals.iter().find(|p| p.note == note).unwrap().weight;
    assert!(weight(&shalimar.notes.top[0]) > weight(&shalimar.notes.top[1]));

    assert!(snapshot.rarity("musk") < snapshot.rarity("cypriol"));
    assert_eq!(snapshot.typical_layer("bergamot"), crate::domain::notes::Layer::Top);
    assert_eq!(snapshot.typical_layer("sandalwood"), crate::domain::notes::Layer::Base);
}

/// Vectors around a few centers, as those of texts lie.
fn clustered(rng: &mut StdRng, count: usize) -> Vec<Vec<f32>> {
    let mut random = |spread: f32| -> Vec<f32> { (0..32).map(|_| rng.random_range(-spread..spread)).collect() };
    let centers: Vec<Vec<f32>> = (0..12).map(|_| random(1.0)).collect();
    (0..count).map(|at| unit(centers[at % 12].iter().zip(random(0.5)).map(|(c, r)| c + r).collect())).collect()
}

#[tokio::test]
async fn the_process_and_the_database_find_what_an_oracle_finds() {
    const ROWS: usize = 600;
    const K: usize = 10;
    let store = Store::in_memory().await.unwrap();
    let mut rng = StdRng::seed_from_u64(7);
    let vectors = clustered(&mut rng, ROWS);
    let notes = Seed::read().unwrap().notes;
    let ids: Vec<NoteId> = notes.iter().take(ROWS).map(|note| note.id.clone()).collect();
    fragrance_note::put_all(&store, notes.into_iter().map(|note| (note, String::new())).collect()).await.unwrap();
    fragrance_note::fit_vectors(&store, "random", 32).await.unwrap();
    let rows = ids.iter().zip(&vectors);
    let rows = rows.map(|(note, vector)| NoteVector { note: note.clone(), text_hash: String::new(), vector: vector.clone() });
    fragrance_note::put_vectors(&store, "random", rows.collect()).await.unwrap();

    let flat = FlatVectors::new(32, &vectors).unwrap();
    let (mut by_process, mut by_database, mut all) = (0, 0, 0);
    for query in clustered(&mut rng, 40) {
        let cosine = |row: &[f32]| row.iter().zip(&query).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let mut oracle: Vec<usize> = (0..ROWS).collect();
        oracle.sort_by(|a, b| cosine(&vectors[*b]).total_cmp(&cosine(&vectors[*a])));
        oracle.truncate(K);
        let exact: Vec<usize> = flat.nearest(&query, K).into_iter().map(|(at, _)| at).collect();
        let stored = fragrance_note::nearest(&store, &query, K, 80).await.unwrap();
        assert_eq!(stored.len(), K);
        assert!((stored[0].1 - cosine(&vectors[oracle[0]])).abs() < 1e-3);
        all += K;
        by_process += oracle.iter().filter(|at| exact.contains(at)).count();
        by_database += oracle.iter().filter(|at| stored.iter().any(|(found, _)| *found == ids[**at])).count();
    }
    assert_eq!(by_process, all);
    assert!(by_database as f64 >= 0.95 * all as f64, "{by_database} of {all}");
}

#[tokio::test]
async fn another_model_replaces_the_vectors_of_the_last() {
    let store = Store::in_memory().await.unwrap();
    let note = Seed::read().unwrap().notes.swap_remove(0);
    let id = note.id.clone();
    fragrance_note::put_all(&store, vec![(note, String::new())]).await.unwrap();
    for (model, dimension) in [("small", 4), ("large", 8)] {
        fragrance_note::fit_vectors(&store, model, dimension).await.unwrap();
        let vector = NoteVector { note: id.clone(), text_hash: String::new(), vector: unit(vec![1.0; dimension]) };
        fragrance_note::put_vectors(&store, model, vec![vector]).await.unwrap();
        assert_eq!(fragrance_note::vectors(&store, model).await.unwrap().len(), 1);
        assert_eq!(fragrance_note::nearest(&store, &unit(vec![1.0; dimension]), 3, 40).await.unwrap().len(), 1);
    }
    assert!(fragrance_note::vectors(&store, "small").await.unwrap().is_empty());
}
