//! Memories that come with a file.

#[path = "../../src/decode/pdf/made.rs"]
#[allow(dead_code)]
mod made;

use axum::http::{Request, StatusCode, header};
use serde_json::json;

use crate::client::{Client, multipart, run, upload};

/// The smallest picture there is: one pixel.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00,
    0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1F, 0x15, 0xC4, 0x89, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x44, 0x41, 0x54, 0x78,
    0xDA, 0x63, 0x64, 0x60, 0xF8, 0x5F, 0x0F, 0x00, 0x02, 0x87, 0x01, 0x80, 0xEB, 0x47, 0xBA, 0x92, 0x00, 0x00, 0x00, 0x00, 0x49,
    0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
];

#[test]
fn an_original_comes_back_unchanged_whole_or_in_part_and_only_to_its_owner() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let receipt = ada.upload("Nonna's kitchen.png", PIXEL, &[("content", "Cinnamon."), ("season", "winter")]).await.ok();
        let id = receipt["id"].as_str().unwrap();
        let memory = ada.get(&format!("/api/memories/get?id={id}")).await.ok();
        assert_eq!((&memory["memory_type"], &memory["content"]), (&json!("image"), &json!("Cinnamon.")));
        assert_eq!(memory["file"]["name"], "Nonna's kitchen.png");
        assert_eq!(memory["file"]["bytes"], PIXEL.len());
        assert!(memory["file"].get("key").is_none(), "where a file lies is nobody's business");

        let address = format!("/api/memories/original?id={id}");
        let whole = ada.get(&address).await;
        assert_eq!((whole.status, whole.bytes.as_slice()), (StatusCode::OK, PIXEL));
        let header = |name: &str| whole.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "image/png", "the sender said that it is HTML");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("content-security-policy").contains("sandbox"));

        let part = |range: &str| {
            let request = Request::builder().uri(&address).header(header::RANGE, range.to_owned());
            ada.send(request.body(axum::body::Body::empty()).unwrap())
        };
        let some = part("bytes=1-3").await;
        assert_eq!((some.status, some.bytes.as_slice()), (StatusCode::PARTIAL_CONTENT, &b"PNG"[..]));
        assert_eq!(some.headers["content-range"], format!("bytes 1-3/{}", PIXEL.len()));
        assert_eq!(part("bytes=-4").await.bytes, PIXEL[PIXEL.len() - 4..]);
        assert_eq!(part("bytes=9999-").await.status, StatusCode::RANGE_NOT_SATISFIABLE);
        assert_eq!(part("nonsense").await.bytes, PIXEL);

        let eve = Client::signed_up(&router).await;
        eve.get(&address).await.error(404);
        Client::new(&router).get(&address).await.error(401);
        ada.get("/api/memories/original?id=none").await.error(404);
        ada.get(&format!("{address}&size=huge")).await.error(400);

        ada.post("/api/memories/delete", json!({ "id": id })).await.ok();
        ada.get(&address).await.error(404);
    });
}

#[test]
fn who_has_a_file_asks_each_time_whether_it_still_holds() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let memory = kept(&ada, "a.png", PIXEL, &[]).await;
        let address = |size: &str| format!("/api/memories/original?id={}&size={size}", memory["id"].as_str().unwrap());
        let ask = |size: &str, headers: &[(header::HeaderName, &str)]| {
            let mut request = Request::builder().uri(address(size)).header(header::ACCEPT_ENCODING, "gzip, br");
            for (name, value) in headers {
                request = request.header(name, *value);
            }
            ada.send(request.body(axum::body::Body::empty()).unwrap())
        };
        let mut tags = std::collections::BTreeSet::new();
        for size in ["original", "display", "thumbnail"] {
            let first = ask(size, &[]).await;
            let held = first.headers["cache-control"].to_str().unwrap();
            assert!(held.contains("private") && held.contains("no-cache") && !held.contains("max-age"), "{held}");
            assert!(!first.headers.contains_key("content-encoding"), "a tag is one of these very bytes");
            let tag = first.headers["etag"].to_str().unwrap().to_owned();
            assert!(tag.starts_with('"'), "{tag} is weak");
            for known in [tag.clone(), format!("\"another\", W/{tag}"), "*".to_owned()] {
                let again = ask(size, &[(header::IF_NONE_MATCH, &known)]).await;
                assert_eq!((again.status, again.bytes.len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
                assert!(again.headers["etag"] == tag.as_str() && again.headers["cache-control"] == held);
            }
            assert_eq!(ask(size, &[(header::IF_NONE_MATCH, "\"another\"")]).await.bytes, first.bytes);
            tags.insert(tag);
        }
        assert_eq!(tags.len(), 3);
        let tag = format!("\"{}\"", memory["file"]["sha256"].as_str().unwrap());
        assert!(tags.contains(&tag), "an original is tagged with its hash");
        let range = (header::RANGE, "bytes=1-3");
        assert_eq!(ask("", &[range.clone(), (header::IF_RANGE, &tag)]).await.bytes, b"PNG");
        let whole = ask("", &[range, (header::IF_RANGE, "\"another\"")]).await;
        assert_eq!((whole.status, whole.bytes.as_slice()), (StatusCode::OK, PIXEL), "parts of two versions fit nowhere");

        let known = [(header::IF_NONE_MATCH, tag.as_str())];
        ada.post("/api/memories/delete", json!({ "id": memory["id"] })).await.ok();
        assert_eq!(ask("", &known).await.status, StatusCode::NOT_FOUND);
        ada.post("/api/accounts/sign_out", json!({})).await.ok();
        assert_eq!(ask("", &known).await.status, StatusCode::UNAUTHORIZED);
    });
}

/// A photo that says when it was taken, and by which zone's clock.
fn dated_photo(moment: &str, offset: &str) -> Vec<u8> {
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(64, 48, image::Rgb([90, 120, 60])).write_to(&mut jpeg, image::ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    // A main directory that leads to one with the moment and the zone, whose texts stand behind.
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0\x02\0".to_vec();
    let texts = [(0x9003_u16, format!("{moment}\0")), (0x9011, format!("{offset}\0"))];
    let mut at = 26 + 2 + 2 * 12 + 4;
    for (tag, text) in &texts {
        tiff.extend([&tag.to_le_bytes()[..], &[2, 0], &(text.len() as u32).to_le_bytes(), &(at as u32).to_le_bytes()].concat());
        at += text.len();
    }
    tiff.extend([0; 4]);
    tiff.extend(texts.iter().flat_map(|(_, text)| text.bytes()));
    let length = (tiff.len() as u16 + 8).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, b"Exif\0\0", &tiff, &jpeg[2..]].concat()
}

#[test]
fn the_day_of_a_photo_is_suggested_if_the_person_agrees() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        // In UTC, another year has begun already.
        let photo = dated_photo("2015:12:31 23:30:00", "-05:00");
        let asked = kept(&ada, "a.jpg", &photo, &[("use_place", "true")]).await;
        let id = asked["id"].as_str().unwrap();
        assert_eq!((&asked["happened_at"], &asked["suggested"]["happened_at"]), (&json!(null), &json!("2015-12-31T00:00:00Z")));
        assert_eq!(asked["suggested"]["season"], "winter");
        assert!(asked["image_analysis"]["caption"].as_str().unwrap().contains("winter"), "{asked}");
        let page = ada.page(&format!("/memories/{id}")).await.text;
        assert!(page.contains("31 December 2015") && page.contains("Keep: When, 31 December 2015"), "{page}");
        let form = format!("id={id}&happened_at=2015-12-31");
        let reply = ada.form("/api/memories/update", &form, &format!("http://flowery.test/memories/{id}")).await;
        assert!(reply.status.is_redirection(), "{} {}", reply.status, reply.text);
        let accepted = ada.until_ready(id).await;
        assert_eq!(
            (&accepted["happened_at"], &accepted["suggested"]["happened_at"]),
            (&json!("2015-12-31T00:00:00Z"), &json!(null))
        );
        assert_eq!(accepted["suggested"]["season"], "winter");

        let unasked = kept(&ada, "a.jpg", &photo, &[("again", "true")]).await;
        assert_eq!((&unasked["suggested"]["happened_at"], &unasked["suggested"]["season"]), (&json!(null), &json!(null)));
        let told = ada.post("/api/accounts/export", json!({})).await.ok().to_string();
        assert_eq!(told.matches("2015-12-31T23:30:00").count(), 1, "what was not agreed to is kept: {told}");
    });
}

#[test]
fn the_same_file_sent_several_times_at_once_is_kept_once() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let sent = (0..6).map(|_| ada.upload("a.png", PIXEL, &[]));
        let kept: Vec<_> = futures::future::join_all(sent).await.into_iter().map(|reply| reply.ok()).collect();
        assert!(kept.iter().all(|receipt| receipt["id"] == kept[0]["id"]), "{kept:?}");
        assert_eq!(kept.iter().filter(|receipt| receipt["already_kept"] != json!(true)).count(), 1);
        assert_eq!(ada.get("/api/memories/list").await.ok()["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn the_same_file_is_kept_once_unless_it_is_wanted_again() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let first = ada.upload("a.png", PIXEL, &[]).await.ok();
        let second = ada.upload("b.png", PIXEL, &[]).await.ok();
        assert_eq!((&second["id"], &second["already_kept"]), (&first["id"], &json!(true)));
        let third = ada.upload("b.png", PIXEL, &[("again", "true")]).await.ok();
        assert_ne!(third["id"], first["id"]);
        // What somebody else has kept is nobody's business.
        let eve = Client::signed_up(&router).await;
        assert_eq!(eve.upload("a.png", PIXEL, &[]).await.ok().get("already_kept"), None);
    });
}

#[test]
fn what_is_no_memory_is_refused_in_words() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        assert_eq!(ada.upload("a.png", b"", &[]).await.error(400)["field"], "file");
        for pretender in
            [&b"<html><script>alert(1)</script></html>"[..], b"MZ\x90\0", b"plain words", b"\0\0\0\0\0\0\0\0\0\0\0\0"]
        {
            assert_eq!(ada.upload("a.png", pretender, &[]).await.error(415)["field"], "file");
        }
        let mut large = PIXEL.to_vec();
        large.resize(21 * 1024 * 1024, 0);
        assert!(ada.upload("a.png", &large, &[]).await.error(413)["message"].as_str().unwrap().contains("20 MB"));
        ada.upload("a.png", PIXEL, &[("season", "monsoon")]).await.error(400);
        ada.upload("a.png", PIXEL, &[("content", &"x".repeat(20_001))]).await.error(400);
        ada.post("/api/memories/upload", json!({ "file": "x" })).await.error(400);
        let cut = upload().body(axum::body::Body::from("--a-line-that-stands-in-no-file\r\ncontent-disp")).unwrap();
        ada.send(cut).await.error(400);
        Client::new(&router).upload("a.png", PIXEL, &[]).await.error(401);
        assert!(ada.get("/api/memories/list").await.ok()["items"].as_array().unwrap().is_empty(), "something was kept");
    });
}

#[test]
fn a_page_without_javascript_is_sent_on() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let send = |name: &'static str, bytes: &'static [u8]| {
            let request = upload().header(header::ACCEPT, "text/html").header(header::ORIGIN, "http://flowery.test");
            ada.send(request.body(multipart(name, bytes, &[])).unwrap())
        };
        let kept = send("a.png", PIXEL).await;
        assert_eq!(kept.status, StatusCode::SEE_OTHER);
        assert!(kept.headers["location"].to_str().unwrap().starts_with("/memories/"));
        let refused = send("a.png", b"words").await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER);
        let back = refused.headers["location"].to_str().unwrap();
        assert!(back.starts_with("/memories/new?") && back.contains("__err="), "{back}");
        assert!(ada.page(back).await.text.contains("role=\"alert\""), "the page does not show what went wrong");
    });
}

/// A PDF of pages with one line each.
fn pdf(pages: &[&str]) -> Vec<u8> {
    let contents: Vec<String> = pages.iter().map(|line| made::lines(&[(72.0, 720.0, line)])).collect();
    made::pages(&contents.iter().map(String::as_str).collect::<Vec<_>>(), "", &[])
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/audio").join(name)).unwrap()
}

async fn kept(client: &Client, name: &str, bytes: &[u8], words: &[(&str, &str)]) -> serde_json::Value {
    let receipt = client.upload(name, bytes, words).await.ok();
    client.until_ready(receipt["id"].as_str().unwrap()).await
}

fn part(text: &str, span: &serde_json::Value) -> String {
    let (start, end) = (span["start"].as_u64().unwrap() as usize, span["end"].as_u64().unwrap() as usize);
    text.chars().skip(start).take(end - start).collect()
}

#[test]
fn a_document_is_read_page_by_page_and_quoted_with_its_page() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let pages = ["The attic smelled of cedar chests and mothballs.", "In June there was lavender drying under the roof."];
        let memory = kept(&ada, "attic.pdf", &pdf(&pages), &[("content", "From my aunt.")]).await;
        assert_eq!(memory["memory_type"], "pdf");
        let text = memory["file_text"]["text"].as_str().unwrap();
        let lavender = memory["scents"].as_array().unwrap().iter().find(|s| s["name"] == "lavender").unwrap();
        assert_eq!((part(text, &lavender["span"]).as_str(), &lavender["source"]), ("lavender", &json!("pdf")));
        let chunks = memory["chunks"].as_array().unwrap();
        let page_two = chunks.iter().find(|c| c["content"].as_str().unwrap().contains("lavender")).unwrap();
        assert_eq!(
            (&page_two["page"], part(text, &page_two["span"])),
            (&json!(2), page_two["content"].as_str().unwrap().to_owned())
        );
        assert!(chunks.iter().any(|c| c["source"] == "text" && c["content"] == "From my aunt."));

        let answer = ada.ask("lavender drying under a warm roof").await;
        let evidence: Vec<_> =
            answer["recommendations"].as_array().unwrap().iter().flat_map(|r| r["evidence"].as_array().unwrap()).collect();
        let quoted: Vec<_> = evidence.iter().filter(|e| e["page"] == 2).collect();
        assert!(!quoted.is_empty(), "{answer}");
        for quote in quoted {
            assert_eq!(part(text, &quote["span"]), quote["quote"].as_str().unwrap());
        }
        // What stands in a file is found like what was written.
        let found = ada.get("/api/memories/list?q=mothballs").await.ok();
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_recording_is_heard_and_what_was_misheard_is_put_right() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let memory = kept(&ada, "voice.webm", &fixture("sentence.webm"), &[]).await;
        assert_eq!(memory["memory_type"], "audio");
        let heard = memory["transcript"].as_str().unwrap();
        assert!(heard.to_lowercase().contains("figs"), "{heard}");
        let chunk = &memory["chunks"][0];
        assert_eq!(
            (&chunk["source"], part(heard, &chunk["span"])),
            (&json!("audio"), chunk["content"].as_str().unwrap().to_owned())
        );
        assert!(chunk["at_s"].is_number());

        let id = memory["id"].as_str().unwrap();
        let put_right = "We picked bergamot in September.";
        ada.post("/api/memories/update", json!({ "id": id, "transcript": put_right })).await.ok();
        let memory = ada.until_ready(id).await;
        assert_eq!(memory["transcript"], put_right);
        assert!(memory["scents"].as_array().unwrap().iter().any(|s| s["name"] == "bergamot"));

        // What cannot be kept as a transcript changes nothing else of the memory either.
        for bad in ["a\0b".to_owned(), "x".repeat(200_001)] {
            let changes = json!({ "id": id, "title": "Another title", "content": "Vetiver.", "transcript": bad });
            assert_eq!(ada.post("/api/memories/update", changes).await.error(400)["field"], "transcript");
        }
        let after = ada.get(&format!("/api/memories/get?id={id}")).await.ok();
        assert_eq!((&after["title"], &after["content"]), (&memory["title"], &memory["content"]));
        assert_eq!((&after["transcript"], &after["status"]), (&json!(put_right), &json!("ready")));

        // Silence is no failure: nothing was said.
        let mut silence =
            b"RIFF\x24\x7d\x00\x00WAVEfmt \x10\0\0\0\x01\0\x01\0\x80>\0\0\0}\0\0\x02\0\x10\0data\x00\x7d\0\0".to_vec();
        silence.resize(silence.len() + 32_000, 0);
        let silent = kept(&ada, "silence.wav", &silence, &[]).await;
        assert_eq!(silent["transcript"], "");
    });
}

#[test]
fn a_photo_is_looked_at_and_shown_without_its_metadata() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let memory = kept(&ada, "pixel.png", PIXEL, &[("content", "The sea at Brest.")]).await;
        let analysis = &memory["image_analysis"];
        assert!(
            !analysis["caption"].as_str().unwrap().is_empty()
                && analysis["colors"][0]["color"].as_str().unwrap().starts_with('#')
        );
        assert!((0.0..=1.0).contains(&analysis["confidence"].as_f64().unwrap()));
        let id = memory["id"].as_str().unwrap();
        for size in ["display", "thumbnail"] {
            let picture = ada.get(&format!("/api/memories/original?id={id}&size={size}")).await;
            assert_eq!((picture.status, picture.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "image/jpeg"));
        }
    });
}

#[test]
fn what_cannot_be_read_ends_with_a_reason() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let whole = pdf(&["Words."]);
        let encrypted = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n";
        for (name, bytes) in [
            ("cut.png", &PIXEL[..40]),
            ("cut.pdf", &whole[..whole.len() / 3]),
            ("stub.pdf", &encrypted[..]),
            ("cut.flac", b"fLaC\0\0\0\""),
        ] {
            let receipt = ada.upload(name, bytes, &[]).await.ok();
            let id = receipt["id"].as_str().unwrap();
            let mut memory = json!({});
            for _ in 0..600 {
                memory = ada.get(&format!("/api/memories/get?id={id}")).await.ok();
                if memory["status"] == "failed" || memory["status"] == "ready" {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(100)).await;
            }
            assert_eq!(memory["status"], "failed", "{name}");
            assert!(memory["error"].as_str().unwrap().ends_with(['.', '!']), "{name}: {}", memory["error"]);
        }
    });
}

#[test]
fn a_recording_that_breaks_off_is_heard_as_far_as_it_goes_and_says_so() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let whole = fixture("sentence.wav");
        let cut = kept(&ada, "cut.wav", &whole[..whole.len() * 3 / 4], &[]).await;
        assert!(cut["notice"].as_str().unwrap().contains("cut off"), "{cut}");
        assert!(!cut["transcript"].as_str().unwrap().is_empty());
        let page = ada.page(&format!("/memories/{}", cut["id"].as_str().unwrap())).await.text;
        assert!(page.contains("cut off"), "the page does not say it");
    });
}

#[test]
fn a_refused_form_comes_back_as_it_was_written_and_words_alone_are_kept() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let send = |bytes: &'static [u8], content: &'static str| {
            let request = upload().header(header::ACCEPT, "text/html").header(header::ORIGIN, "http://flowery.test");
            let words = [("content", content), ("location", "the <attic>"), ("season", "winter")];
            ada.send(request.body(multipart(if bytes.is_empty() { "" } else { "a.png" }, bytes, &words)).unwrap())
        };
        let refused = send(b"no picture", "Camphor & wool").await;
        let back = refused.headers["location"].to_str().unwrap().to_owned();
        assert!(!back.contains("Camphor"), "{back}");
        let cookie = refused.headers["set-cookie"].to_str().unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && !cookie.contains("Camphor"), "{cookie}");
        let mut returned = ada.clone();
        returned.cookie = Some(format!("{}; {}", ada.cookie.clone().unwrap(), cookie.split(';').next().unwrap()));
        let page = returned.page(&back).await.text;
        assert!(page.contains("Camphor &amp; wool</textarea>") && page.contains("the &lt;attic&gt;"), "{page}");
        assert!(!ada.page(&back).await.text.contains("Camphor"), "somebody else's words are shown");

        let kept = send(b"", "Camphor & wool").await;
        let path = kept.headers["location"].to_str().unwrap();
        let memory = ada.get(&format!("/api/memories/get?id={}", path.rsplit('/').next().unwrap())).await.ok();
        assert_eq!((&memory["memory_type"], &memory["content"]), (&json!("text"), &json!("Camphor & wool")));
    });
}

#[test]
fn what_is_shared_is_kept_or_lies_in_the_form() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let share = |client: &Client, origin: &'static str, site: &'static str, name: &'static str, bytes: &'static [u8]| {
            let request = upload().uri("/share").header(header::ORIGIN, origin).header("sec-fetch-site", site);
            let words = [("title", ""), ("text", "Look at this"), ("link", "https://example.org/fig")];
            let client = client.clone();
            async move { client.send(request.body(multipart(name, bytes, &words)).unwrap()).await }
        };
        share(&ada, "https://evil.example", "cross-site", "a.png", PIXEL).await.error(403);
        share(&ada, "null", "cross-site", "a.png", PIXEL).await.error(403);
        let kept = share(&ada, "null", "none", "a.png", PIXEL).await;
        let path = kept.headers["location"].to_str().unwrap().to_owned();
        let memory = ada.get(&format!("/api/memories/get?id={}", path.rsplit('/').next().unwrap())).await.ok();
        assert_eq!(
            (&memory["file"]["name"], &memory["content"]),
            (&json!("a.png"), &json!("Look at this\nhttps://example.org/fig"))
        );

        let words = share(&ada, "null", "none", "", b"").await;
        assert_eq!(words.headers["location"], "/memories/new");
        let mut here = ada.clone();
        let cookie = words.headers["set-cookie"].to_str().unwrap();
        here.cookie = Some(format!("{}; {}", ada.cookie.clone().unwrap(), cookie.split(';').next().unwrap()));
        assert!(here.page("/memories/new").await.text.contains("https://example.org/fig</textarea>"));

        let nobody = Client::new(&router);
        assert!(
            share(&nobody, "null", "none", "", b"").await.headers["location"].to_str().unwrap().starts_with("/sign-in?next=")
        );
    });
}

#[test]
fn everything_of_a_person_is_in_one_archive() {
    run(|router| async move {
        let ada = Client::signed_up(&router).await;
        let id =
            ada.upload("Großmutters Küche.png", PIXEL, &[("content", "Cinnamon.")]).await.ok()["id"].as_str().unwrap().to_owned();
        let eve = Client::signed_up(&router).await;
        eve.upload("not yours.png", PIXEL, &[]).await.ok();
        let page = ada.page("/settings").await.text;
        assert!(page.contains("href=\"/api/accounts/archive\""), "it is a link, which needs no JavaScript");

        let archive = ada.get("/api/accounts/archive").await;
        assert_eq!((archive.status, archive.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/x-tar"));
        assert!(archive.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.tar");
        std::fs::write(&file, &archive.bytes).unwrap();
        let told = std::process::Command::new("tar").arg("-xf").arg(&file).arg("-C").arg(folder.path()).output().unwrap();
        assert!(told.status.success() && told.stderr.is_empty(), "{}", String::from_utf8_lossy(&told.stderr));
        let unpacked = folder.path().join("flowery");
        let document: serde_json::Value = serde_json::from_slice(&std::fs::read(unpacked.join("flowery.json")).unwrap()).unwrap();
        assert_eq!(document["memories"][0]["id"], id.as_str());
        assert_eq!(std::fs::read(unpacked.join("files").join(&id).join("Großmutters Küche.png")).unwrap(), PIXEL);
        assert_eq!(std::fs::read_dir(unpacked.join("files")).unwrap().count(), 1, "nobody else's files are in it");
        Client::new(&router).get("/api/accounts/archive").await.error(401);
    });
}
