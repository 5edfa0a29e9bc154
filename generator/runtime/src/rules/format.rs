//! Formats of texts that are kept as texts, as far as a look can tell: what is refused here no reader of
//! the format takes.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether the text may be of the format (JSON Schema draft 2020-12, validation, section 7.3). Formats that
/// are not known hold.
pub(super) fn holds(format: &str, text: &str) -> bool {
    match format {
        "email" | "idn-email" => is_email(text),
        "hostname" => is_hostname(text),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "uri" | "iri" => is_uri(text),
        _ => true,
    }
}

/// Something on both sides of the last `@`, and no white space but between quotes (RFC 5321, section 4.1.2).
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    !local.is_empty()
        && !domain.is_empty()
        && !domain.contains(char::is_whitespace)
        && (is_quoted || !local.contains(char::is_whitespace))
}

/// Labels of letters, digits and inner hyphens, 63 at most each and 253 in all (RFC 1123, section 2.1).
fn is_hostname(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// A scheme and a colon, and no white space (RFC 3986, section 3.1).
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let is_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(is_scheme)
        && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
}
