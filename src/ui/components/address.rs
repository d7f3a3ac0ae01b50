//! Addresses of pages with a query.

/// A path with its query. What is blank is left out.
pub fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let given = query.iter().filter(|(_, value)| !value.is_empty());
    for (n, (name, value)) in given.enumerate() {
        address.push(if n == 0 { '?' } else { '&' });
        address.push_str(name);
        address.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                address.push(char::from(byte));
            } else {
                address.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_and_blank_ones_left_out() {
        assert_eq!(
            address("/catalog", &[("q", ""), ("note", "tonka bean"), ("brand", "L'Œ & Co")]),
            "/catalog?note=tonka%20bean&brand=L%27%C5%92%20%26%20Co"
        );
        assert_eq!(address("/catalog", &[("q", "")]), "/catalog");
    }
}
