//! Examples as JSONL in the format of OpenAI's fine-tuning of chat models, checked before it leaves the house.

use std::{collections::BTreeSet, fs::OpenOptions, io::Write, path::Path};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::redact::holds_contacts;
use crate::{
    domain::ids::ExampleId,
    learning::{form, ranker::is_held_out},
    store::{
        Store,
        training_example::{self, ExampleRow},
    },
};

/// Providers refuse fewer examples than this.
pub const LEAST: usize = 10;
/// The longest example, in bytes: about 16,000 tokens.
const LONGEST: usize = 64 * 1024;

/// An example as a line of a file.
#[derive(Clone, Debug)]
pub struct Line {
    pub id: ExampleId,
    pub text: String,
}

/// Lines to learn from, and lines of other people to measure by.
#[derive(Clone, Debug, Default)]
pub struct Exported {
    pub training: Vec<Line>,
    pub held_out: Vec<Line>,
    /// Examples that say the same as another or did not pass the checks.
    pub left_out: usize,
}

/// Turns examples into lines, split by person. What says the same as a better example is left out, and so is what does not
/// pass [`validate`].
pub fn lines(examples: Vec<ExampleRow>, instructions: &str) -> Exported {
    let mut seen = BTreeSet::new();
    let mut exported = Exported::default();
    for mut example in examples {
        example.completion = in_form(example.completion);
        let text = json!({ "messages": [
            { "role": "system", "content": instructions },
            { "role": "user", "content": example.prompt },
            { "role": "assistant", "content": example.completion },
        ] })
        .to_string();
        if !seen.insert((example.prompt, example.completion)) || validate(&text).is_err() {
            exported.left_out += 1;
            continue;
        }
        let line = Line { id: example.id, text };
        if is_held_out(&example.user) { exported.held_out.push(line) } else { exported.training.push(line) }
    }
    exported
}

/// An answer in the form that is asked for today: examples from before have their order in a row.
fn in_form(completion: String) -> String {
    let Ok(mut answer) = serde_json::from_str::<Value>(&completion) else { return completion };
    match serde_json::from_value::<Vec<String>>(answer["order"].take()) {
        Ok(row) => {
            answer["order"] = form::by_place(&row);
            answer.to_string()
        }
        Err(_) => completion,
    }
}

/// Writes the examples of all who consent to a file, and those of the held-out people to `NAME.held-out.jsonl` beside it. Only
/// the owner may read them.
pub async fn write(store: &Store, file: &Path, instructions: &str, say: &(dyn Fn(String) + Send + Sync)) -> Result<()> {
    let exported = lines(training_example::all(store).await?, instructions);
    let beside = file.with_extension("held-out.jsonl");
    for (path, lines) in [(file, &exported.training), (beside.as_path(), &exported.held_out)] {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(path).with_context(|| format!("{} cannot be written, or is there already", path.display()))?;
        for line in lines {
            writeln!(out, "{}", line.text)?;
        }
        say(format!("{} examples are in {}", lines.len(), path.display()));
    }
    if exported.left_out > 0 {
        say(format!("{} were left out: they say the same as another, or did not pass the checks", exported.left_out));
    }
    if exported.training.len() < LEAST {
        say(format!("a provider wants at least {LEAST} examples to learn from"));
    }
    Ok(())
}

/// Checks a line: three messages in their roles, an answer that is about what was given, no contact data, not too long.
pub fn validate(line: &str) -> Result<()> {
    ensure!(line.len() <= LONGEST, "longer than {LONGEST} bytes");
    ensure!(!line.contains('\n'), "more than one line");
    let value: Value = serde_json::from_str(line)?;
    let Some([system, user, assistant]) = value["messages"].as_array().map(Vec::as_slice) else { bail!("not three messages") };
    let content = |message: &Value, role: &str| -> Result<String> {
        ensure!(message["role"] == role, "the role of a message is not {role}");
        match message["content"].as_str().filter(|text| !text.trim().is_empty()) {
            Some(text) => Ok(text.to_owned()),
            None => bail!("the message of the {role} is empty"),
        }
    };
    content(system, "system")?;
    let prompt: Value = serde_json::from_str(&content(user, "user")?)?;
    let answer = content(assistant, "assistant")?;
    ensure!(serde_json::from_str::<Value>(&answer)?["order"].is_object(), "the order is not in the form that is asked for");
    let answer = form::read(&answer);
    let texts = |value: &Value, list: &str, field: &str| -> Vec<String> {
        let items = value[list].as_array().into_iter().flatten();
        items.filter_map(|item| item[field].as_str().map(str::to_owned)).collect()
    };
    let offered: BTreeSet<String> = texts(&prompt, "candidates", "ref").into_iter().collect();
    let order = answer.order.unwrap_or_default();
    ensure!(
        order.len() == offered.len() && order.iter().all(|id| offered.contains(id)) && !order.is_empty(),
        "the order is not one of the candidates"
    );
    let mut about = answer.sentences.iter().map(|sentence| &sentence.about);
    ensure!(
        !answer.sentences.is_empty() && answer.malformed == 0 && about.all(|id| offered.contains(id)),
        "a sentence is about nothing that was given"
    );
    let words = texts(&prompt, "passages_of_memories", "words_of_the_person");
    let question = prompt["question"].as_str().unwrap_or_default().to_owned();
    ensure!(!question.is_empty(), "there is no question");
    for text in words.iter().chain(answer.sentences.iter().map(|sentence| &sentence.text)).chain([&question]) {
        ensure!(!holds_contacts(text), "contact data is left");
    }
    Ok(())
}
