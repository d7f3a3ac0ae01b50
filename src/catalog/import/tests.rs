//! Files as strangers write them.

use super::*;
use crate::catalog::{
    Seed,
    import::{columns::Field, table::Row},
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
