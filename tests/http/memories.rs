use serde_json::{Value, json};

use crate::client::{Client, run};

fn scent<'a>(memory: &'a Value, name: &str) -> Option<&'a Value> {
    memory["scents"].as_array().unwrap().iter().find(|s| s["name"] == name)
}

#[test]
fn a_memory_is_understood() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let content = "In winter my grandmother peeled oranges by the stove. The kitchen smelled of cinnamon and woodsmoke, with no trace of vanilla.";
        let memory = ada.remember(content).await;
        assert_eq!(memory["content"], content);
        assert_eq!(memory["memory_type"], "text");
        for note in ["orange", "cinnamon"] {
            let scent = scent(&memory, note).unwrap_or_else(|| panic!("{note} is missing in {}", memory["scents"]));
            assert_eq!(scent["literal"], true);
            let (start, end) = (scent["span"]["start"].as_u64().unwrap(), scent["span"]["end"].as_u64().unwrap());
            let said: String = content.chars().skip(start as usize).take((end - start) as usize).collect();
            assert!(said.starts_with(note), "{said:?} is not where {note} is said");
        }
        assert!(scent(&memory, "vanilla").is_none(), "a negated note was taken for said");
        let chunks = memory["chunks"].as_array().unwrap();
        assert!(!chunks.is_empty());
        for chunk in chunks {
            let (start, end) = (chunk["span"]["start"].as_u64().unwrap(), chunk["span"]["end"].as_u64().unwrap());
            let part: String = content.chars().skip(start as usize).take((end - start) as usize).collect();
            assert_eq!(chunk["content"], part.as_str());
        }
        assert_eq!(memory["season"], Value::Null, "what the person did not say is only suggested");
        assert_eq!(memory["suggested"]["season"], "winter");
    });
}

#[test]
fn scenes_imply_notes() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let memory = ada.remember("After the summer storm the dry fields steamed and the wet stones of the path shone. I stood there breathing the rain on the earth.").await;
        let implied: Vec<_> = memory["scents"].as_array().unwrap().iter().filter(|s| s["literal"] == false).collect();
        assert!(implied.iter().any(|s| s["name"] == "petrichor"), "{}", memory["scents"]);
    });
}

#[test]
fn memories_are_listed_edited_and_deleted() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let first = ada.remember("The harbor smelled of tar and salt.").await;
        ada.remember("Lilac in my aunt's garden in May.").await;
        let all = ada.get("/api/memories/list").await.ok();
        assert_eq!(all["items"].as_array().unwrap().len(), 2);
        let found = ada.get("/api/memories/list?q=harbor").await.ok();
        assert_eq!(found["items"][0]["id"], first["id"]);

        let id = first["id"].as_str().unwrap();
        ada.post("/api/memories/update", json!({ "id": id, "content": "The harbor smelled of fresh lavender." })).await.ok();
        let after = ada.until_ready(id).await;
        assert!(scent(&after, "lavender").is_some() && scent(&after, "tar").is_none(), "{}", after["scents"]);

        ada.post("/api/memories/delete", json!({ "id": id })).await.ok();
        ada.get(&format!("/api/memories/get?id={id}")).await.error(404);
        assert_eq!(ada.get("/api/memories/list").await.ok()["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_correction_holds_and_teaches() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let memory = ada.remember("Cinnamon buns and coffee on Sunday morning.").await;
        let id = memory["id"].as_str().unwrap();
        ada.post("/api/memories/correct", json!({ "id": id, "note": "cinnamon", "present": false })).await.ok();
        ada.post("/api/memories/correct", json!({ "id": id, "note": "cardamom", "present": true })).await.ok();
        let corrected = ada.get(&format!("/api/memories/get?id={id}")).await.ok();
        assert!(scent(&corrected, "cinnamon").is_none() && scent(&corrected, "cardamom").is_some(), "{}", corrected["scents"]);
        let history = ada.get("/api/profile/history").await.ok().to_string();
        assert!(history.contains("\"correction\""), "{history}");
        assert_eq!(
            ada.post("/api/memories/correct", json!({ "id": id, "note": "no such smell", "present": true })).await.error(400)["field"],
            "note"
        );
    });
}

#[test]
fn a_bad_memory_pushes_its_notes_away() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let memory =
            ada.remember("I was terrified and sick at the dentist; the awful smell of cloves still makes me feel ill.").await;
        assert!(memory["valence"].as_f64().unwrap() < 0.0, "{}", memory["valence"]);
        let profile = ada.get("/api/profile/get").await.ok();
        let clove = profile["notes"].as_array().unwrap().iter().find(|n| n["name"] == "clove").unwrap().clone();
        assert!(clove["weight"].as_f64().unwrap() < 0.0, "{clove}");
    });
}

#[test]
fn other_peoples_memories_do_not_exist() {
    run(|router| async move {
        let (ada, eve) = (Client::signed_up(&router).await, Client::signed_up(&router).await);
        let memory = ada.remember("Frankincense in the cold church.").await;
        let id = memory["id"].as_str().unwrap();
        let theirs = eve.get(&format!("/api/memories/get?id={id}")).await.error(404);
        let unknown = eve.get("/api/memories/get?id=abcdefghijkmnpqrstuv").await.error(404);
        assert_eq!(theirs, unknown);
        eve.post("/api/memories/update", json!({ "id": id, "content": "mine now" })).await.error(404);
        eve.post("/api/memories/delete", json!({ "id": id })).await.error(404);
        eve.post("/api/memories/correct", json!({ "id": id, "note": "rose", "present": true })).await.error(404);
        assert_eq!(eve.get("/api/memories/list").await.ok()["items"].as_array().unwrap().len(), 0);
        ada.get(&format!("/api/memories/get?id={id}")).await.ok();
    });
}

#[test]
fn a_deleted_memory_is_quoted_nowhere() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let memory = ada.remember("Saffron and rose petals drying on the roof in Isfahan.").await;
        let answer = ada.ask("a rose with saffron").await;
        let path = format!("/api/ask/get?id={}", answer["query_id"].as_str().unwrap());
        assert!(ada.get(&path).await.text.contains("Isfahan"));
        ada.post("/api/memories/delete", json!({ "id": memory["id"] })).await.ok();
        let kept = ada.get(&path).await.ok();
        assert!(!kept.to_string().contains("Isfahan"), "{kept}");
        assert_eq!(kept["recommendations"].as_array().unwrap().len(), 5);
        assert!(!ada.get("/api/profile/history").await.text.contains("Isfahan"));
    });
}

#[test]
fn words_that_were_taken_out_are_quoted_nowhere_also_if_the_new_ones_are_never_read() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let memory = ada.remember("Saffron and rose petals drying on the roof in Isfahan. The evening was warm.").await;
        let id = memory["id"].as_str().unwrap();
        ada.post("/api/memories/update", json!({ "id": id, "content": "The harbor smelled of tar." })).await.ok();
        let stopped = ada.post("/api/memories/cancel", json!({ "id": id })).await;
        assert!(stopped.status.is_success() || stopped.status == 409, "{}", stopped.text);
        let answer = ada.ask("a rose with saffron").await;
        assert!(!answer.to_string().contains("Isfahan"), "{answer}");
        let now = ada.get(&format!("/api/memories/get?id={id}")).await.ok();
        assert!(!now["chunks"].to_string().contains("Isfahan") && scent(&now, "saffron").is_none(), "{now}");
        let found = ada.get("/api/memories/list?q=saffron%20rose%20petals").await.text;
        assert!(!found.contains("Isfahan"), "{found}");
    });
}
