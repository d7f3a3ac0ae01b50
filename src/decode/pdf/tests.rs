use super::{
    made::{self, lines, pages},
    *,
};

fn text(bytes: &[u8]) -> String {
    let document = read(bytes, &PdfLimits::default()).unwrap();
    document.pages.into_iter().map(|page| page.text).collect::<Vec<_>>().join("\n---\n")
}

fn refused(bytes: &[u8]) -> String {
    read(bytes, &PdfLimits::default()).unwrap_err().to_string()
}

#[test]
fn words_come_with_the_number_of_their_page() {
    let file = pages(&[&lines(&[(72.0, 700.0, "Rain on dry earth.")]), "", &lines(&[(72.0, 700.0, "Caf\\351")])], "", &[]);
    let document = read(&file, &PdfLimits::default()).unwrap();
    let told: Vec<(u32, &str)> = document.pages.iter().map(|page| (page.number, page.text.as_str())).collect();
    assert_eq!(told, [(1, "Rain on dry earth."), (2, ""), (3, "Café")]);
}

#[test]
fn columns_are_read_one_after_the_other_and_a_title_over_both_first() {
    let left = [
        "The first column tells us of",
        "a garden in the month of",
        "May, of lilac and wet green",
        "leaves after a night of rain",
    ];
    let right = [
        "while the second column is",
        "about a harbour in the far",
        "north, about tar and rope,",
        "and about the salt of the sea.",
    ];
    let mut drawn: Vec<(f32, f32, &str)> = vec![(120.0, 780.0, "Two places that I remember by their smell alone")];
    // Row by row, as a word processor's table would draw them.
    for (row, (left, right)) in left.iter().zip(right).enumerate() {
        let y = 720.0 - 14.0 * row as f32;
        drawn.push((72.0, y, left));
        drawn.push((310.0, y, right));
    }
    assert_eq!(
        text(&pages(&[&lines(&drawn)], "", &[])),
        "Two places that I remember by their smell alone\n\nThe first column tells us of a garden in the month of May, of lilac and wet \
         green leaves after a night of rain while the second column is about a harbour in the far north, about tar and rope, and \
         about the salt of the sea."
    );
}

#[test]
fn the_cells_of_a_table_stay_in_their_rows() {
    let mut drawn = Vec::new();
    for (row, (left, right)) in [("Top", "bergamot"), ("Heart", "iris"), ("Base", "vetiver"), ("Year", "1988")].iter().enumerate()
    {
        let y = 720.0 - 14.0 * row as f32;
        drawn.push((72.0, y, *left));
        drawn.push((310.0, y, *right));
    }
    assert_eq!(text(&pages(&[&lines(&drawn)], "", &[])), "Top bergamot\nHeart iris\nBase vetiver\nYear 1988");
}

#[test]
fn letters_drawn_twice_and_out_of_order_are_read_once_and_in_order() {
    let content = lines(&[(72.3, 700.0, "Bold"), (72.0, 700.0, "Bold"), (150.0, 700.0, "last"), (104.0, 700.0, "middle")]);
    assert_eq!(text(&pages(&[&content], "", &[])), "Bold middle last");
}

#[test]
fn a_word_that_the_file_spells_itself_is_taken_from_there() {
    let content = "BT /F1 12 Tf 72 700 Td (of ) Tj /Span << /ActualText (office) >> BDC (o\\256ce) Tj EMC ( work) Tj ET";
    assert_eq!(text(&pages(&[content], "", &[])), "of office work");
    let content =
        "/Artifact << /Type /Pagination >> BDC BT /F1 12 Tf 72 800 Td (Page 7) Tj ET EMC BT /F1 12 Tf 72 700 Td (Told) Tj ET";
    assert_eq!(text(&pages(&[content], "", &[])), "Told");
}

#[test]
fn text_that_stands_across_is_read_too() {
    let content =
        "BT /F1 12 Tf 72 700 Td (Upright words of the page) Tj ET BT /F1 12 Tf 0 1 -1 0 40 300 Tm (Sideways words) Tj ET";
    assert_eq!(text(&pages(&[content], "", &[])), "Upright words of the page\n\nSideways words");
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = bytes.windows(from.len()).rposition(|window| window == from.as_bytes()).unwrap();
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

#[test]
fn each_kind_of_bad_file_has_a_sentence_of_its_own() {
    let good = pages(&[&lines(&[(72.0, 700.0, "Rain")])], "", &[]);
    let image =
        made::stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", b"x");
    let scanned = pages(&["500 0 0 700 40 40 cm /Im Do"], "/XObject << /Im 4 0 R >>", &[image]);
    let locked = replaced(
        &good,
        "/Root 1 0 R",
        "/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 \
         /O <0000000000000000000000000000000000000000000000000000000000000000> \
         /U <0000000000000000000000000000000000000000000000000000000000000000> >>",
    );
    let none = made::file(&[b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), b"<< /Type /Pages /Count 0 /Kids [] >>".to_vec()]);
    let cases: &[(&[u8], &str)] = &[
        (b"", "empty"),
        (b"%PDF-1.7\nstartxref\n0\n%%EOF", "damaged"),
        (&good[..good.len() / 2], "cut off"),
        (b"%PDF-1.4", "cut off"),
        (&none, "no pages"),
        (&pages(&[""], "", &[]), "no words"),
        (&scanned, "scanned"),
        (&locked, "password"),
    ];
    for (bytes, part) in cases {
        let sentence = refused(bytes);
        assert!(sentence.contains(part), "{part}: {sentence}");
    }
    let two = pages(&["", ""], "", &[]);
    assert!(read(&two, &PdfLimits { pages: 1 }).unwrap_err().to_string().contains("has 2 pages; it may have up to 1"));
}

#[test]
fn loops_end() {
    // The pages' tree holds itself, and so does a drawing.
    let tree = made::file(&[
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Count 9 /Kids [ 2 0 R 2 0 R ] >>".to_vec(),
    ]);
    assert!(refused(&tree).contains("no pages"));
    let form = made::stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /Fm 4 0 R >> >>", b"/Fm Do");
    assert!(refused(&pages(&["/Fm Do"], "/XObject << /Fm 4 0 R >>", &[form])).contains("no words"));
}
