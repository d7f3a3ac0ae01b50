//! What was read out of files: texts with their pages or seconds, and what was seen in pictures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use surrealdb::types::{SerdeWrapper, SurrealValue};

use super::{
    Store, StoreResult, scent_memory,
    statement::{Statement, rows_at, statement},
};
use crate::domain::{
    ids::{MemoryId, UserId},
    memory::{FileText, ImageAnalysis, Mark, Season, Swatch},
    time::Timestamp,
};

/// What the read stage made of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileReading {
    pub text: FileText,
    /// What read it.
    pub model: String,
    /// What the person should know of how it was read: that a provider's model failed, say.
    pub notice: Option<String>,
    /// The person has put the text right.
    pub corrected: bool,
    pub facts: FileFacts,
    pub image: Option<ImageAnalysis>,
}

/// What a file tells of time and place, and which notes a picture shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// By the camera's clock, whatever its zone.
    pub taken_at: Option<Timestamp>,
    pub season: Option<Season>,
    pub place: Option<String>,
    /// Canonical names of notes with how likely they belong to what is seen, 0 to 1.
    pub scents: Vec<(String, f64)>,
}

#[derive(SurrealValue)]
struct ReadingRow {
    text: String,
    #[surreal(wrap)]
    marks: Vec<Mark>,
    model: String,
    notice: Option<String>,
    corrected: bool,
    #[surreal(wrap)]
    facts: FileFacts,
}

#[derive(SurrealValue)]
struct AnalysisRow {
    objects: Vec<String>,
    #[surreal(wrap)]
    colors: Vec<Swatch>,
    mood: Vec<String>,
    setting: Option<String>,
    caption: String,
    confidence: f64,
    model: String,
}

/// The rows of `$memory` under its key.
const LET_ROWS: &str = "LET $reading = type::record('file_reading', record::id($memory));
     LET $analysis = type::record('image_analysis', record::id($memory));";

/// Deletes what was read out of the file of `$memory`, a memory of `$user`.
pub(super) const DELETE: &str = "DELETE file_reading WHERE memory = $memory AND user = $user;
     DELETE image_analysis WHERE memory = $memory AND user = $user;";

/// Has the file of `$memory`, a memory of `$user`, read again by its next walk. A text that the person has put right stays.
pub(super) const OUTDATE: &str =
    "UPDATE file_reading SET outdated = true WHERE memory = $memory AND user = $user AND !corrected RETURN NONE;";

fn of(text: String, user: &UserId, memory: &MemoryId) -> Statement {
    statement(text).bind("user", user.clone()).bind("memory", memory.clone())
}

/// What was read out of a memory's file, unless it is to be read again.
pub async fn current(store: &Store, user: &UserId, memory: &MemoryId) -> StoreResult<Option<FileReading>> {
    let text =
        "RETURN (SELECT VALUE outdated FROM ONLY type::record('file_reading', record::id($memory)) WHERE user = $user) ?? false";
    let outdated: Option<bool> = of(text.to_owned(), user, memory).row(store).await?;
    if outdated == Some(true) { Ok(None) } else { find(store, user, memory).await }
}

/// What was read out of a memory's file so far.
pub async fn find(store: &Store, user: &UserId, memory: &MemoryId) -> StoreResult<Option<FileReading>> {
    let text = format!(
        "{LET_ROWS} SELECT text, marks, model, notice, corrected, facts FROM $reading WHERE user = $user;
         SELECT objects, colors, mood, setting, caption, confidence, model FROM $analysis WHERE user = $user;"
    );
    let mut results = of(text, user, memory).run(store).await?;
    let reading: Option<ReadingRow> = rows_at(&mut results, 2)?.into_iter().next();
    let analysis: Option<AnalysisRow> = rows_at(&mut results, 3)?.into_iter().next();
    Ok(reading.map(|row| FileReading {
        text: FileText { text: row.text, marks: row.marks },
        model: row.model,
        notice: row.notice,
        corrected: row.corrected,
        facts: row.facts,
        image: analysis.map(|row| ImageAnalysis {
            objects: row.objects,
            colors: row.colors,
            mood: row.mood,
            setting: row.setting,
            caption: row.caption,
            confidence: row.confidence,
            model: row.model,
        }),
    }))
}

/// What is written in a file, or seen in it.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub text: FileText,
    pub caption: Option<String>,
}

/// What is written in the files of these memories: the first `length` scalar values of each.
pub async fn written(store: &Store, user: &UserId, ids: &[MemoryId], length: usize) -> StoreResult<BTreeMap<MemoryId, Written>> {
    #[derive(SurrealValue)]
    struct TextRow {
        memory: MemoryId,
        text: String,
        #[surreal(wrap)]
        marks: Vec<Mark>,
    }
    #[derive(SurrealValue)]
    struct CaptionRow {
        memory: MemoryId,
        caption: String,
    }
    let mut results = statement(
        "SELECT memory, string::slice(text, 0, $length) AS text, marks FROM file_reading WHERE user = $user AND memory IN $ids;
         SELECT memory, caption FROM image_analysis WHERE user = $user AND memory IN $ids;",
    )
    .bind("user", user.clone())
    .bind("ids", ids.to_vec())
    .bind("length", length)
    .run(store)
    .await?;
    let texts: Vec<TextRow> = rows_at(&mut results, 0)?;
    let captions: Vec<CaptionRow> = rows_at(&mut results, 1)?;
    let mut written: BTreeMap<MemoryId, Written> = BTreeMap::new();
    for row in texts {
        written.entry(row.memory).or_default().text = FileText { text: row.text, marks: row.marks };
    }
    for row in captions {
        written.entry(row.memory).or_default().caption = Some(row.caption);
    }
    Ok(written)
}

/// Keeps what was read, in the place of an earlier reading, with which goes what was found in another text than this; not if
/// the memory is gone, or the person has put the text right meanwhile.
pub async fn keep(store: &Store, user: &UserId, memory: &MemoryId, reading: &FileReading) -> StoreResult<()> {
    let text = format!(
        "BEGIN TRANSACTION;
         {LET_ROWS}
         IF (SELECT VALUE id FROM $memory WHERE user = $user) != [] AND (SELECT VALUE id FROM $reading WHERE corrected) = [] {{
            IF (SELECT VALUE id FROM $reading WHERE text != $text) != [] {{ {} }};
            UPSERT $reading SET memory = $memory, user = $user, text = $text, marks = $marks, model = $model,
                notice = $notice, corrected = $corrected, facts = $facts, outdated = NONE RETURN NONE;
            DELETE $analysis;
            IF $image != NONE {{
                CREATE $analysis CONTENT object::extend($image, {{ memory: $memory, user: $user }}) RETURN NONE;
            }};
         }};
         COMMIT TRANSACTION;",
        scent_memory::forget_reading()
    );
    let image = reading.image.clone().map(|image| AnalysisRow {
        objects: image.objects,
        colors: image.colors,
        mood: image.mood,
        setting: image.setting,
        caption: image.caption,
        confidence: image.confidence,
        model: image.model,
    });
    of(text, user, memory)
        .bind("text", reading.text.text.clone())
        .bind("marks", SerdeWrapper(reading.text.marks.clone()))
        .bind("model", reading.model.clone())
        .bind("notice", reading.notice.clone())
        .bind("corrected", reading.corrected)
        .bind("facts", SerdeWrapper(reading.facts.clone()))
        .bind("image", image)
        .execute(store)
        .await
}
