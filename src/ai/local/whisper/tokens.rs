//! The vocabulary: pieces of words, a few commands, and 1,501 marks of time, 20 ms apart.

use std::{fs, path::Path};

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;
use tokenizers::Tokenizer;

/// Seconds between two marks of time.
pub(super) const TICK: f64 = 0.02;

pub(super) struct Tokens {
    tokenizer: Tokenizer,
    /// What the decoder is given before it begins to write.
    pub opening: Vec<u32>,
    /// The end of the text. Every token below is a piece of text, every one above a command or a mark of time.
    pub end: u32,
    /// Stands for "nobody speaks here".
    pub silence: u32,
    /// The mark of the window's beginning; every token from here on is a mark.
    pub marks: u32,
    /// What is never written: sounds in brackets, notes, speakers' names.
    pub barred: Vec<u32>,
    /// What is not written at the beginning.
    pub barred_first: Vec<u32>,
}

#[derive(Deserialize)]
struct Config {
    suppress_ids: Vec<u32>,
    suppress_ids_begin: Vec<u32>,
}

impl Tokens {
    /// Reads `tokenizer.json` and `config.json`; `vocabulary` is how many tokens the network knows.
    pub(super) fn load(folder: &Path, vocabulary: usize) -> Result<Self> {
        let path = folder.join("tokenizer.json");
        let tokenizer = Tokenizer::from_file(&path).map_err(|error| anyhow!("{} is not a tokenizer: {error}", path.display()))?;
        let path = folder.join("config.json");
        let config: Config =
            serde_json::from_slice(&fs::read(&path)?).with_context(|| format!("{} is not understood", path.display()))?;
        let token = |name: &str| tokenizer.token_to_id(name).with_context(|| format!("the vocabulary has no {name}"));
        let (end, start, unmarked) = (token("<|endoftext|>")?, token("<|startoftranscript|>")?, token("<|notimestamps|>")?);
        let silence = token("<|nocaptions|>").or_else(|_| token("<|nospeech|>"))?;
        let marks = unmarked + 1;
        ensure!(vocabulary > marks as usize, "the vocabulary has no marks of time");
        // The models for English alone know no languages and no tasks; the text ends one token earlier in them.
        let opening = match start - end {
            1 if end == 50_256 => vec![start],
            _ => vec![start, token("<|en|>")?, token("<|transcribe|>")?],
        };
        let barred = (config.suppress_ids.into_iter().chain(end + 1..marks)).filter(|&id| (id as usize) < vocabulary).collect();
        let barred_first = config.suppress_ids_begin.into_iter().filter(|&id| (id as usize) < vocabulary).collect();
        Ok(Self { tokenizer, opening, end, silence, marks, barred, barred_first })
    }

    /// The words of these tokens.
    pub(super) fn text(&self, tokens: &[u32]) -> Result<String> {
        let pieces: Vec<u32> = tokens.iter().copied().filter(|&id| id < self.end).collect();
        let text = self.tokenizer.decode(&pieces, true).map_err(|error| anyhow!("tokens are no text: {error}"))?;
        Ok(text.trim().to_owned())
    }
}
