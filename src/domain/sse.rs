//! Reads server-sent events out of the bytes of a response, however they were cut into pieces.
//!
//! The browser's own reader can only `GET`, and answers are asked for with `POST`; a provider's words come the same way. The grammar is the one of the HTML standard,
//! section 9.2.6 (event stream interpretation), without reconnection.

/// One event: its name (`message` where none was given) and its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerEvent {
    pub name: String,
    pub data: String,
}

/// Collects pieces of a stream until they make whole events.
#[derive(Debug, Default)]
pub struct EventReader {
    /// The line that has begun. Cut only at line ends, so that a character in two pieces is put together again.
    line: Vec<u8>,
    /// The last piece ended with a carriage return, whose line feed may still come.
    after_return: bool,
    past_first_line: bool,
    name: String,
    data: Option<String>,
}

impl EventReader {
    /// Takes the next piece and gives the events that it completes.
    pub fn push(&mut self, piece: &[u8]) -> Vec<ServerEvent> {
        let mut events = Vec::new();
        for &byte in piece {
            let after_return = std::mem::replace(&mut self.after_return, byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                _ => self.line.push(byte),
            }
        }
        events
    }

    fn end_line(&mut self) -> Option<ServerEvent> {
        let bytes = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&bytes);
        let is_first = !std::mem::replace(&mut self.past_first_line, true);
        let line = if is_first { text.strip_prefix('\u{feff}').unwrap_or(&text) } else { &text };
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            let data = self.data.take()?;
            return Some(ServerEvent { name: if name.is_empty() { "message".to_owned() } else { name }, data });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.name = value.to_owned(),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            // A comment (an empty field), or a field that only matters for reconnecting.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn event(name: &str, data: &str) -> ServerEvent {
        ServerEvent { name: name.into(), data: data.into() }
    }

    fn read(pieces: &[&[u8]]) -> Vec<ServerEvent> {
        let mut reader = EventReader::default();
        pieces.iter().flat_map(|piece| reader.push(piece)).collect()
    }

    #[test]
    fn reads_names_data_and_comments() {
        let stream = b"\xef\xbb\xbf: hello\n\nevent: token\ndata: {\"text\": 1}\nid: 7\n\ndata:a\ndata: b\ndata\n\n";
        assert_eq!(read(&[stream]), [event("token", "{\"text\": 1}"), event("message", "a\nb\n")]);
    }

    #[test]
    fn an_event_without_data_is_none_and_its_name_is_forgotten() {
        assert_eq!(read(&[b"event: token\n\ndata: x\n\n"]), [event("message", "x")]);
    }

    #[test]
    fn lines_end_in_three_ways_even_across_pieces() {
        assert_eq!(
            read(&[b"data: a\r", b"\n\r", b"\ndata: b\r\rdata: c\n\n"]),
            [event("message", "a"), event("message", "b"), event("message", "c")]
        );
    }

    #[test]
    fn a_character_in_two_pieces_is_put_together() {
        let stream = "data: Vétiver 🌿\n\n".as_bytes();
        for cut in 0..=stream.len() {
            assert_eq!(read(&[&stream[..cut], &stream[cut..]]), [event("message", "Vétiver 🌿")]);
        }
    }

    #[test]
    fn what_is_not_finished_is_not_an_event() {
        assert_eq!(read(&[b"data: half"]), []);
        assert_eq!(read(&[b"data: half\n"]), []);
    }

    fn written(events: &[ServerEvent], line_end: &str) -> Vec<u8> {
        let mut text = String::new();
        for event in events {
            text.push_str(&format!("event: {}{line_end}", event.name));
            for line in event.data.split('\n') {
                text.push_str(&format!("data: {line}{line_end}"));
            }
            text.push_str(line_end);
        }
        text.into_bytes()
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_however_it_is_cut(
            events in prop::collection::vec(("[a-z]{1,8}", "[^\r\n]{0,20}(\n[^\r\n]{0,20}){0,3}"), 0..6),
            line_end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            mut cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let events: Vec<_> = events.iter().map(|(name, data)| event(name, data)).collect();
            let bytes = written(&events, line_end);
            let mut places: Vec<usize> = cuts.drain(..).map(|cut| cut.index(bytes.len() + 1)).chain([0, bytes.len()]).collect();
            places.sort_unstable();
            let pieces: Vec<&[u8]> = places.windows(2).map(|w| &bytes[w[0]..w[1]]).collect();
            prop_assert_eq!(read(&pieces), events);
        }

        #[test]
        fn nothing_makes_it_stumble(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8)) {
            let mut reader = EventReader::default();
            for piece in &pieces {
                reader.push(piece);
            }
        }
    }
}
