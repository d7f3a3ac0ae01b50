//! PDFs made for tests, byte by byte.

/// A PDF of these objects, the first of which is its catalog.
pub fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut starts = Vec::new();
    for (number, object) in (1..).zip(objects) {
        starts.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n").bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let xref = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for start in starts {
        bytes.extend(format!("{start:010} 00000 n \n").bytes());
    }
    bytes.extend(format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1).bytes());
    bytes
}

/// A stream with what stands in its dictionary beside the length.
pub fn stream(about: &str, content: &[u8]) -> Vec<u8> {
    [format!("<< {about} /Length {} >>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"].concat()
}

/// Pages of 595 × 842 points with these drawing instructions; `/F1` is Helvetica, and `resources` stands beside it.
pub fn pages(contents: &[&str], resources: &str, others: &[Vec<u8>]) -> Vec<u8> {
    let first = 4 + others.len();
    let kids: String = (0..contents.len()).map(|page| format!("{} 0 R ", first + 2 * page)).collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Count {} /Kids [ {kids}] >>", contents.len()).into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    objects.extend_from_slice(others);
    for (page, content) in contents.iter().enumerate() {
        let content_at = first + 2 * page + 1;
        let about = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content_at} 0 R \
             /Resources << /Font << /F1 3 0 R >> {resources} >> >>"
        );
        objects.push(about.into_bytes());
        objects.push(stream("", content.as_bytes()));
    }
    file(&objects)
}

/// Instructions that write lines in 12 points, each at its place.
pub fn lines(lines: &[(f32, f32, &str)]) -> String {
    let line = |(x, y, text): &(f32, f32, &str)| format!("1 0 0 1 {x} {y} Tm ({text}) Tj ");
    format!("BT /F1 12 Tf {}ET", lines.iter().map(line).collect::<String>())
}
