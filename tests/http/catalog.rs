use crate::client::{Client, notes, run};

#[test]
fn the_catalog_is_open_to_everybody() {
    run(|router| async move {
        let nobody = Client::new(&router);
        let found = nobody.get("/api/catalog/search?q=shalimar").await.ok();
        let shalimar = found["items"][0].clone();
        assert_eq!((shalimar["brand"].as_str(), shalimar["name"].as_str()), (Some("Guerlain"), Some("Shalimar")));
        let id = shalimar["id"].as_str().unwrap();
        let one = nobody.get(&format!("/api/catalog/fragrance?id={id}")).await.ok();
        assert_eq!(one["name"], "Shalimar");
        assert!(!one["flower"]["petals"].as_array().unwrap().is_empty());

        let similar = nobody.get(&format!("/api/catalog/similar?id={id}")).await.ok();
        let similar = similar.as_array().unwrap();
        assert!(similar.len() >= 5 && similar.iter().all(|s| s["id"] != id));
        assert!(similar.windows(2).all(|w| w[0]["score"].as_f64() >= w[1]["score"].as_f64()));
        nobody.get("/api/catalog/fragrance?id=no_such_perfume").await.error(404);
    });
}

#[test]
fn what_is_no_longer_made_leads_to_what_can_be_bought() {
    run(|router| async move {
        let nobody = Client::new(&router);
        let gone = nobody.get("/api/catalog/search?q=acqua+di+gio+profumo").await.ok()["items"][0].clone();
        assert_eq!(gone["discontinued"], true);
        let id = gone["id"].as_str().unwrap();
        let page = nobody.page(&format!("/catalog/{id}")).await.text;
        let similar = nobody.get(&format!("/api/catalog/similar?id={id}")).await.ok();
        let sold: Vec<&str> = (similar.as_array().unwrap().iter())
            .filter(|alike| alike["discontinued"] == false)
            .map(|alike| alike["id"].as_str().unwrap())
            .collect();
        assert!(sold.len() >= 3);
        let after = page.split("Closest still sold").nth(1).expect("the page has the heading");
        assert!(sold.iter().all(|id| after.contains(&format!("/catalog/{id}"))), "{sold:?}");
    });
}

#[test]
fn filters_hold_on_every_page() {
    run(|router| async move {
        let nobody = Client::new(&router);
        let mut cursor = String::new();
        let mut seen = std::collections::HashSet::new();
        loop {
            let page = nobody.get(&format!("/api/catalog/search?note=olibanum&max_price=200{cursor}")).await.ok();
            for item in page["items"].as_array().unwrap() {
                assert!(notes(item).contains(&"frankincense".to_owned()), "{item}");
                assert!(item["price"]["amount"].as_f64().unwrap() <= 200.0);
                assert!(seen.insert(item["id"].clone()), "a perfume on two pages");
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert!(seen.len() > 5, "only {} perfumes with frankincense", seen.len());
        let dior = nobody.get("/api/catalog/search?brand=dior&family=floral").await.ok();
        assert!(dior["items"].as_array().unwrap().iter().all(|i| i["brand"] == "Dior" && i["family"] == "floral"));
        assert_eq!(nobody.get("/api/catalog/search?max_price=cheap").await.error(400)["field"], "max_price");
        nobody.get("/api/catalog/search?cursor=nonsense").await.error(400);
    });
}

#[test]
fn notes_are_found_by_their_other_names() {
    run(|router| async move {
        let found = Client::new(&router).get("/api/catalog/notes?q=olibanum").await.ok();
        assert_eq!(found[0]["name"], "frankincense");
        assert!(found[0]["evocation"].as_str().is_some_and(|e| !e.is_empty()));
        let all = Client::new(&router).get("/api/catalog/notes").await.ok();
        assert!(all.as_array().unwrap().len() >= 450);
        assert!(all.as_array().unwrap().iter().all(|note| note["category"].is_string()));
    });
}
