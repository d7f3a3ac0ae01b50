//! What memories speak of: notes and perfumes, each with the place where it was said.

use surrealdb::types::SurrealValue;

use super::{
    Store, StoreResult, new_key,
    statement::{Statement, statement},
};
use crate::domain::{
    ids::{ExtractedScentId, FragranceId, MemoryId, NoteId, UserId},
    memory::ScentSource,
    text::Span,
};

/// A note, before it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewNote {
    pub note: NoteId,
    /// The canonical name.
    pub name: String,
    pub literal: bool,
    /// 0 to 1.
    pub confidence: f64,
    pub source: ScentSource,
    pub span: Option<Span>,
    /// How good or bad it feels where it is said, −1 to 1.
    pub valence: f64,
    /// The person said that it is there.
    pub confirmed: bool,
}

/// A perfume that is named, before that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct NewFragrance {
    pub fragrance: FragranceId,
    pub brand: String,
    pub name: String,
    pub family: String,
    /// How sure it is that this perfume is meant, 0 to 1.
    pub confidence: f64,
    pub source: ScentSource,
    pub span: Span,
    /// How good or bad the memory feels, −1 to 1.
    pub valence: f64,
}

/// A note of a memory.
#[derive(Clone, Debug, SurrealValue)]
pub struct NoteRow {
    pub id: ExtractedScentId,
    pub memory: MemoryId,
    pub scent_name: String,
    pub literal: bool,
    pub confidence: f64,
    #[surreal(wrap)]
    pub source: ScentSource,
    #[surreal(wrap)]
    pub span: Option<Span>,
    pub valence: f64,
    pub confirmed: bool,
}

/// A perfume of a memory.
#[derive(Clone, Debug)]
pub struct FragranceRow {
    pub fragrance: FragranceId,
    pub source: ScentSource,
    pub span: Option<Span>,
}

/// A note of one of a person's memories.
#[derive(Clone, Debug, PartialEq, SurrealValue)]
pub struct RememberedNote {
    pub memory: MemoryId,
    pub memory_title: String,
    /// The canonical name.
    pub name: String,
    pub literal: bool,
    pub confidence: f64,
    /// Which text the span points into.
    #[surreal(wrap)]
    pub source: ScentSource,
    #[surreal(wrap)]
    pub span: Option<Span>,
    /// How good or bad it feels in that memory, −1 to 1.
    pub valence: f64,
}

#[derive(SurrealValue)]
struct ScentRow {
    id: ExtractedScentId,
    memory: MemoryId,
    user: UserId,
    scent_name: String,
    brand: Option<String>,
    kind: String,
    family: Option<String>,
    literal: bool,
    confidence: f64,
    #[surreal(wrap)]
    source: ScentSource,
    #[surreal(wrap)]
    span: Option<Span>,
    valence: f64,
    confirmed: bool,
}

#[derive(SurrealValue)]
struct EvokesRow {
    r#in: MemoryId,
    out: NoteId,
    weight: f64,
    #[surreal(wrap)]
    source: ScentSource,
    extracted_scent: ExtractedScentId,
}

#[derive(SurrealValue)]
struct ResemblesRow {
    r#in: ExtractedScentId,
    out: FragranceId,
    score: f64,
}

/// Deletes the scents of `$memory`, a memory of `$user`. Edges go with the scent they start from.
pub(super) const DELETE: &str = "
    LET $known = (SELECT VALUE id FROM extracted_scent WHERE memory = $memory AND user = $user);
    DELETE $known;
    DELETE $memory->evokes WHERE in.user = $user;";

/// Writes `$scents`, `$evokes` and `$resembles`; see [`bind_new`].
pub(super) const INSERT: &str = "
    INSERT INTO extracted_scent $scents RETURN NONE;
    INSERT RELATION INTO evokes $evokes RETURN NONE;
    INSERT RELATION INTO resembles $resembles RETURN NONE;";

/// Deletes what was found of the note `$note`, named `$name`, in `$memory`, a memory of `$user`.
pub(super) const DELETE_NOTE: &str = "
    DELETE $memory->evokes WHERE out = $note AND in.user = $user;
    DELETE extracted_scent WHERE memory = $memory AND user = $user AND kind = 'note' AND scent_name = $name;";

/// Fills the parameters of [`INSERT`].
pub(super) fn bind_new(
    statement: Statement,
    user: &UserId,
    memory: &MemoryId,
    notes: Vec<NewNote>,
    fragrances: Vec<NewFragrance>,
) -> Statement {
    let (mut scents, mut evokes, mut resembles) = (Vec::new(), Vec::new(), Vec::new());
    for note in notes {
        let id = ExtractedScentId::from_key(new_key());
        evokes.push(EvokesRow {
            r#in: memory.clone(),
            out: note.note,
            weight: note.confidence,
            source: note.source,
            extracted_scent: id.clone(),
        });
        scents.push(ScentRow {
            id,
            memory: memory.clone(),
            user: user.clone(),
            scent_name: note.name,
            brand: None,
            kind: "note".into(),
            family: None,
            literal: note.literal,
            confidence: note.confidence,
            source: note.source,
            span: note.span,
            valence: note.valence,
            confirmed: note.confirmed,
        });
    }
    for named in fragrances {
        let id = ExtractedScentId::from_key(new_key());
        resembles.push(ResemblesRow { r#in: id.clone(), out: named.fragrance, score: named.confidence });
        scents.push(ScentRow {
            id,
            memory: memory.clone(),
            user: user.clone(),
            scent_name: named.name,
            brand: Some(named.brand),
            kind: "fragrance".into(),
            family: Some(named.family),
            literal: true,
            confidence: named.confidence,
            source: named.source,
            span: Some(named.span),
            valence: named.valence,
            confirmed: false,
        });
    }
    statement.bind("scents", scents).bind("evokes", evokes).bind("resembles", resembles)
}

/// The notes of these memories, by memory and then by confidence.
pub async fn notes_of(store: &Store, user: &UserId, memories: &[MemoryId]) -> StoreResult<Vec<NoteRow>> {
    statement(
        "SELECT id, memory, scent_name, literal, confidence, source, span,
            valence ?? 0f AS valence, confirmed
         FROM extracted_scent
         WHERE memory IN $memories AND user = $user AND kind = 'note' ORDER BY memory, confidence DESC, scent_name",
    )
    .bind("memories", memories.to_vec())
    .bind("user", user.clone())
    .rows(store)
    .await
}

/// The perfumes that a memory names, in the order of the text.
pub async fn fragrances_of(store: &Store, user: &UserId, memory: &MemoryId) -> StoreResult<Vec<FragranceRow>> {
    #[derive(SurrealValue)]
    struct Row {
        fragrances: Vec<FragranceId>,
        #[surreal(wrap)]
        source: ScentSource,
        #[surreal(wrap)]
        span: Option<Span>,
    }
    let rows: Vec<Row> = statement(
        "SELECT ->resembles->fragrance AS fragrances, source, span FROM extracted_scent
         WHERE memory = $memory AND user = $user AND kind = 'fragrance' ORDER BY span.start",
    )
    .bind("memory", memory.clone())
    .bind("user", user.clone())
    .rows(store)
    .await?;
    let named = |row: Row| {
        row.fragrances.into_iter().map(move |fragrance| FragranceRow { fragrance, source: row.source, span: row.span })
    };
    Ok(rows.into_iter().flat_map(named).collect())
}

/// The notes of all memories of a person.
pub async fn of_user(store: &Store, user: &UserId) -> StoreResult<Vec<RememberedNote>> {
    statement(
        "SELECT memory, memory.title AS memory_title, scent_name AS name, literal, confidence, source, span,
            valence ?? 0f AS valence
         FROM extracted_scent WHERE user = $user AND kind = 'note' ORDER BY memory, confidence DESC, name",
    )
    .bind("user", user.clone())
    .rows(store)
    .await
}
