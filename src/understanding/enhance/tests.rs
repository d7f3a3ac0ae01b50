use super::*;
use crate::domain::{
    memory::{MemoryType, Season, Status, Suggested},
    time::Timestamp,
};

fn memory(content: &str) -> MemoryRow {
    let at = Timestamp::from_unix_nanos(0);
    MemoryRow {
        id: crate::domain::ids::MemoryId::from_key("m"),
        title: content.into(),
        content: content.into(),
        memory_type: MemoryType::Text,
        occasion: None,
        emotion: None,
        location: None,
        season: None,
        happened_at: None,
        file: None,
        suggested: Suggested::default(),
        valence: 0.0,
        status: Status::Received,
        error: None,
        notice: None,
        corrections: Default::default(),
        revision: 1,
        created_at: at,
        updated_at: at,
    }
}

fn enhanced(memory: &MemoryRow) -> Enhanced {
    let reading = Reading::of_text(&memory.content, None);
    enhance(&Feelings::new(), memory, &reading)
}

fn of(content: &str) -> Enhanced {
    enhanced(&memory(content))
}

#[test]
fn good_and_bad_are_told_apart() {
    for good in [
        "We laughed all afternoon; I have never been happier.",
        "Her kitchen felt safe and cozy, and I loved the cinnamon.",
        "It smelled like home and I felt calm.",
    ] {
        assert!(of(good).valence > 0.4, "{good}: {:?}", of(good));
    }
    for bad in [
        "I hated the smell of his cigars. It made me nauseous.",
        "The hospital corridor; I was terrified and crying.",
        "The lilies at the funeral were suffocating.",
        "It was not a happy house.",
    ] {
        assert!(of(bad).valence < -0.2, "{bad}: {:?}", of(bad));
    }
    assert_eq!(of("The drawer smelled like old paper.").valence, 0.0);
}

#[test]
fn what_the_person_says_leads() {
    let mut told = memory("We laughed and danced.");
    told.emotion = Some("disgust".into());
    let enhanced = enhanced(&told);
    assert!(enhanced.valence < -0.2);
    assert_eq!(enhanced.suggested.emotion, None);
}

#[test]
fn seasons_are_read_from_names_and_signs() {
    for (text, season) in [
        ("Every summer we drove to the coast.", Some(Season::Summer)),
        ("In the fall, leaves burned in the yard.", Some(Season::Fall)),
        ("I watched the apples fall from the tree.", None),
        ("We drank spring water.", None),
        ("Snow lay on the roof.", Some(Season::Winter)),
        ("In May the lilac came.", Some(Season::Spring)),
        ("It may rain.", None),
        ("From winter to summer.", None),
    ] {
        assert_eq!(of(text).suggested.season, season, "{text}");
    }
    let mut dated = memory("The market.");
    dated.happened_at = Timestamp::parse("2001-10-05");
    assert_eq!(enhanced(&dated).suggested.season, Some(Season::Fall));
    dated.season = Some(Season::Winter);
    assert_eq!(enhanced(&dated).suggested.season, None);
}

#[test]
fn places_people_and_occasions() {
    for (text, place) in [
        ("We spent a week in Porto, by the river.", Some("Porto")),
        ("A morning at Lake Como with coffee.", Some("Lake Como")),
        ("I sat in Nonna's kitchen.", Some("Nonna's kitchen")),
        ("The smoke drifted through the old barn.", Some("barn")),
        ("In July, at Christmas, in English.", None),
        ("I kept a library of scents.", None),
    ] {
        assert_eq!(of(text).suggested.location.as_deref(), place, "{text}");
    }
    let told = of("At my cousin's wedding, Grandma's shawl and my father's pipe; Granny sang.");
    assert_eq!(told.suggested.people, ["cousin", "grandmother", "father"]);
    assert_eq!(told.suggested.occasion.as_deref(), Some("wedding"));
}
