//! Files as strangers write them.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;

use super::{job::CatalogImport, *};
use crate::{
    catalog::{
        Seed,
        import::{columns::Field, table::Row},
    },
    domain::{fragrance::Fragrance, ids::NoteId},
    jobs::Queue,
    scratch::LEFTOVER,
    store::{Store, fragrance, fragrance_note},
    understanding::tests::HOUSE,
};

fn harvest(text: &str, source: Source) -> Harvest {
    let seed = Seed::read().unwrap();
    let taxonomy = Taxonomy::new(seed.notes);
    let table = Table::read(text, source).unwrap();
    harvest_of(&table, &taxonomy, seed.fragrances.iter().map(|fragrance| fragrance.brand.as_str()))
}

#[test]
fn a_glued_name_comes_apart() {
    let text = "Number,Name,Brand,Release_Year,Concentration,Rating_Value,Rating_Count,Main_Accords,Top_Notes,Middle_Notes,Base_Notes\n\
        1,Million Paco Rabanne 2008 Eau de Toilette,Paco Rabanne,2008.0,,7.5,1200.0,\"Spicy, Sweet\",\"Blood orange, Foulness\",Rose,Leather\n\
        0071,Tidal Pool,CB I Hate Perfume,2004.0,,,,,,,\n\
        ,,,,,,,,,,\n\
        ,,Dior,,,,,,,,\n";
    let found = harvest(text, Source::Parfumo);
    let million = &found.entries[0].fragrance;
    assert_eq!((million.name.as_str(), million.brand.as_str(), million.year), ("1 Million", "Paco Rabanne", Some(2008)));
    assert_eq!(million.concentration, Some(crate::domain::fragrance::Concentration::EauDeToilette));
    assert_eq!(million.accords, ["spicy", "sweet"]);
    assert_eq!(million.notes.top, ["blood orange", "foulness"]);
    assert_eq!(found.entries[0].unknown, ["foulness"]);
    assert!((million.rating.unwrap().mean - 0.75).abs() < 1e-9);
    assert_eq!(found.entries[1].fragrance.name, "0071 Tidal Pool");
    let reasons: Vec<&str> = found.rejects.iter().map(|(_, reason)| reason.as_str()).collect();
    assert_eq!(reasons, ["it is a blank line", "it has no name"]);
}

#[test]
fn slugs_become_names_and_split_columns_one_list() {
    let text = "fragrantica_id,Perfume,Brand,Gender,Rating Value,Rating Count,Year,Top,Perfumer1,Perfumer2,mainaccord1,mainaccord2\n\
        1,la-belle,jean-paul-gaultier,women,4.2,900,2019,\"pear, bergamot\",Quentin Bisch,Sonia Constant,vanilla,fruity\n";
    let found = harvest(text, Source::Auto);
    let belle = &found.entries[0].fragrance;
    assert_eq!((belle.brand.as_str(), belle.name.as_str()), ("Jean Paul Gaultier", "La Belle"));
    assert_eq!(belle.accords, ["vanilla", "fruity"]);
    assert_eq!(belle.perfumers, ["Quentin Bisch", "Sonia Constant"]);
    assert!((belle.rating.unwrap().mean - 0.8).abs() < 1e-9);
}

#[test]
fn another_shape_is_read_by_its_header() {
    let text = "\u{feff}House;Fragrance;Launch year;Head notes;Heart notes;Base notes;Price\n\
        Guerlain;Shalimar;1925;Bergamotte|Zitrone;Iris;Vanille|Tonka bean;98,50\n";
    let found = harvest(text, Source::Auto);
    let shalimar = &found.entries[0].fragrance;
    assert_eq!(shalimar.notes.top[0], "bergamot");
    assert_eq!(shalimar.price.unwrap().amount, 98.5);
    assert_eq!(shalimar.year, Some(1925));
    assert!(Table::read("a,b\n1,2\n", Source::Auto).is_err());
    assert!(Table::read("", Source::Auto).is_err());
}

#[test]
fn rows_are_read_column_by_column() {
    let table = Table::read("brand,name,notes\nA,B,rose|musk\nC,\"D \"\"E\"\"\",", Source::Auto).unwrap();
    let rows: Vec<Row> = table.rows().collect();
    assert_eq!(rows[0].list(Field::Notes).collect::<Vec<_>>(), ["rose", "musk"]);
    assert_eq!(rows[1].title(Field::Name), "D \"E\"");
    assert_eq!(rows[1].line, 3);
}

/// Imports a file and reads what the store has of this house then.
async fn imported(store: &Store, text: &str, house: &str) -> BTreeMap<String, Fragrance> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    Importer::new(store.clone()).run(file.path(), Source::Auto, false, &|_| {}).await.unwrap();
    let notes = fragrance_note::all(store).await.unwrap();
    let names = notes.into_iter().map(|note| (note.id, note.name)).collect();
    let all = fragrance::all(store, &names).await.unwrap();
    all.into_iter().filter(|known| known.brand == house).map(|known| (known.name.clone(), known)).collect()
}

/// The notes that imports brought.
async fn flagged(store: &Store) -> BTreeMap<String, NoteId> {
    let notes = fragrance_note::all(store).await.unwrap().into_iter().filter(|note| note.flagged);
    notes.map(|note| (note.name, note.id)).collect()
}

#[tokio::test]
async fn unknown_notes_that_are_spelled_alike_are_one_and_other_scripts_stay_apart() {
    let store = Store::in_memory().await.unwrap();
    let text = "brand,name,notes\n\
        Zzyx,One,qwertz|leather\n\
        Zzyx,Two,qwértz|qwertz|leather\n\
        Zzyx,Three,Ъыъ|Эюя\n\
        Zzyx,Four,夜の雨\n\
        Ночь,Ъыъ,leather\n\
        Ночь,Эюя,leather\n";
    let first = imported(&store, text, "Zzyx").await;
    assert_eq!(first["One"].notes.other, ["qwertz", "leather"]);
    assert_eq!(first["Two"].notes.other, ["qwertz", "leather"]);
    assert_eq!(first["Three"].notes.other, ["ъыъ", "эюя"]);
    assert_eq!(first["Four"].notes.other, ["夜の雨"]);
    let kept = flagged(&store).await;
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["qwertz", "ъыъ", "эюя", "夜の雨"]);
    let night = imported(&store, text, "Ночь").await;
    assert_eq!(night.len(), 2);
    assert!(night.values().all(|known| known.id.as_str().len() == 12), "{night:?}");

    // Once more, with another spelling and another script: what is there stays, and only the new is added.
    let text = format!("{text}Zzyx,Five,qwêrtz|Щщщ\nНочь,Щщщ,qwertz\n");
    let again = imported(&store, &text, "Zzyx").await;
    assert_eq!(again["Five"].notes.other, ["qwertz", "щщщ"]);
    assert!(first.iter().all(|(name, known)| again[name] == *known));
    let now = flagged(&store).await;
    assert!(kept.iter().all(|(name, id)| now[name] == *id));
    assert_eq!(now.len(), kept.len() + 1);
    assert_eq!(imported(&store, &text, "Zzyx").await, again);
    assert_eq!(imported(&store, &text, "Ночь").await.len(), 3);
}

#[test]
fn keys_tell_names_apart() {
    use super::entry::record_key;
    assert_eq!(record_key("Terre d'Hermès"), "terre_d_hermes");
    assert_eq!(record_key("qwértz"), record_key("Qwertz"));
    assert_ne!(record_key("Роза"), record_key("Лилия"));
    assert_ne!(record_key("Роза 5"), record_key("Лилия 5"));
    assert!(record_key("Роза 5").starts_with("5_"));
}

#[test]
fn a_catalog_that_no_import_waits_for_does_not_stay() {
    HOUSE.runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let queue = Queue::new(HOUSE.store.clone());
        let path = folder.path().to_owned();
        let imports = CatalogImport::new(HOUSE.store.clone(), queue, Arc::clone(&HOUSE.catalog), path).unwrap();
        let csv = || futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"Brand,Name\n"))]);
        let left = || std::fs::read_dir(folder.path()).unwrap().count();
        drop(imports.receive(csv()).await.unwrap());
        assert_eq!(left(), 0, "a form that is not taken leaves nothing");
        let waiting = imports.queue(imports.receive(csv()).await.unwrap(), Source::Auto, true).await.unwrap();
        // As the kill of a server does: nobody tidies up.
        std::mem::forget(imports.receive(csv()).await.unwrap());
        imports.sweep(LEFTOVER).await.unwrap();
        assert_eq!(left(), 2, "it may still be on its way in");
        imports.sweep(Duration::ZERO).await.unwrap();
        assert_eq!(left(), 1);
        imports.stop(&waiting).await.unwrap();
        assert_eq!(left(), 0);
    });
}
