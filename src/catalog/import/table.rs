//! A stranger's CSV file as rows of fields: whatever its delimiter, encoding, list separator and rating scale.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use csv::StringRecord;

use super::{
    Source,
    columns::{Columns, Field},
};

/// Rows that decide how a file is written: enough to see it, few enough to be read at once.
const SAMPLE: usize = 2_000;

/// A table, read.
#[derive(Debug)]
pub(super) struct Table {
    columns: Columns,
    rows: Vec<Line>,
    separator: char,
    /// The lowest and the highest rating that can be given.
    scale: (f64, f64),
    /// Names are written `jean-paul-gaultier`.
    slugs: bool,
}

/// A line of the file: its record, or why there is none.
#[derive(Debug)]
struct Line {
    /// In the file, the header being line 1.
    number: u64,
    record: Result<StringRecord, String>,
}

/// A row of the table.
pub(super) struct Row<'a> {
    table: &'a Table,
    pub line: u64,
    record: &'a StringRecord,
}

impl Table {
    pub fn open(path: &Path, source: Source) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Self::read(&decode(bytes), source).with_context(|| format!("{} is no catalog", path.display()))
    }

    pub fn read(text: &str, source: Source) -> Result<Self> {
        let head = text.lines().find(|line| !line.trim().is_empty()).context("it is empty")?;
        let count = |delimiter: char| head.matches(delimiter).count();
        let delimiter = [',', ';', '\t'].into_iter().max_by_key(|&d| (count(d), d == ',')).unwrap_or(',');
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter as u8).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let columns = Columns::of(reader.headers().context("its header cannot be read")?.iter());
        for (field, title) in [(Field::Brand, "brand"), (Field::Name, "name")] {
            if !columns.has(field) {
                bail!("no column of its header is the {title} of a perfume");
            }
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let (number, record) = match record {
                Ok(record) => (record.position().map_or(0, csv::Position::line), Ok(record)),
                Err(error) => (error.position().map_or(0, csv::Position::line), Err(error.to_string())),
            };
            rows.push(Line { number, record });
        }
        let mut table = Self { columns, rows, separator: ',', scale: (0.0, 10.0), slugs: false };
        table.separator = table.list_separator();
        table.scale = match source {
            Source::Parfumo => (0.0, 10.0),
            Source::Fragrantica => (1.0, 5.0),
            Source::Auto if table.rows().filter_map(|row| row.number(Field::Rating)).all(|rating| rating <= 5.0) => (1.0, 5.0),
            Source::Auto => (0.0, 10.0),
        };
        table.slugs = table.is_slugged();
        Ok(table)
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().filter_map(|line| line.record.as_ref().ok().map(|record| Row { table: self, line: line.number, record }))
    }

    /// The lines that are no rows, with the reason.
    pub fn unreadable(&self) -> impl Iterator<Item = (u64, &str)> {
        self.rows.iter().filter_map(|line| line.record.as_ref().err().map(|reason| (line.number, reason.as_str())))
    }

    fn list_separator(&self) -> char {
        let lists = [Field::Top, Field::Middle, Field::Base, Field::Notes, Field::Accords];
        let holds = |c: char| self.rows().take(SAMPLE).any(|row| lists.iter().any(|&list| row.text(list).contains(c)));
        ['|', ';'].into_iter().find(|&c| holds(c)).unwrap_or(',')
    }

    fn is_slugged(&self) -> bool {
        let slug = |text: &str| !text.contains(char::is_whitespace) && !text.chars().any(char::is_uppercase);
        let mut sample = self.rows().take(SAMPLE).peekable();
        let has_dash = self.rows().take(SAMPLE).any(|row| row.text(Field::Brand).contains('-'));
        has_dash && sample.peek().is_some() && sample.all(|row| slug(row.text(Field::Brand)) && slug(row.text(Field::Name)))
    }
}

impl<'a> Row<'a> {
    /// The first filled column of a field; blank if there is none.
    pub fn text(&self, field: Field) -> &'a str {
        self.texts(field).next().unwrap_or_default()
    }

    fn texts(&self, field: Field) -> impl Iterator<Item = &'a str> {
        let columns = self.table.columns.of_field(field).iter();
        columns.filter_map(|&at| self.record.get(at)).filter(|text| !text.is_empty())
    }

    /// The entries of a list, be it in one column or in several.
    pub fn list(&self, field: Field) -> impl Iterator<Item = &'a str> {
        let separator = self.table.separator;
        self.texts(field).flat_map(move |text| text.split(separator)).map(str::trim).filter(|entry| !entry.is_empty())
    }

    /// A number, also with a decimal comma or written `2004.0`.
    pub fn number(&self, field: Field) -> Option<f64> {
        let text = self.text(field).replace(',', ".");
        text.trim().parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// The rating, 0 to 1; none where nobody rated.
    pub fn rating(&self) -> Option<f64> {
        let (low, high) = self.table.scale;
        let rating = self.number(Field::Rating).filter(|rating| *rating > 0.0)?;
        Some(((rating - low) / (high - low)).clamp(0.0, 1.0))
    }

    /// A name as it is written, or as it must have been before it was made an address.
    pub fn title(&self, field: Field) -> String {
        let text = self.text(field);
        if !self.table.slugs {
            return text.split_whitespace().collect::<Vec<_>>().join(" ");
        }
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        };
        text.split('-').filter(|word| !word.is_empty()).map(capital).collect::<Vec<_>>().join(" ")
    }
}

/// UTF-8, or else Latin-1, in which every byte is a letter.
fn decode(bytes: Vec<u8>) -> String {
    let text = String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
    text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)
}
