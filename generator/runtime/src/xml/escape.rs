//! Texts as XML holds them.

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Content,
    /// Between double quotes.
    Attribute,
}

/// Whether XML knows the character (XML 1.0, section 2.2).
fn is_known(char: char) -> bool {
    matches!(char,
        '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// Appends a text so that a reader gets it back; `None` if it has a character that XML does not know.
///
/// What readers change is written as a reference: ends of lines (section 2.11), and white space in attributes
/// (section 3.3.3).
pub(super) fn push(text: &str, place: Place, out: &mut String) -> Option<()> {
    for char in text.chars() {
        match (char, place) {
            ('&', _) => out.push_str("&amp;"),
            ('<', _) => out.push_str("&lt;"),
            ('>', _) => out.push_str("&gt;"),
            ('\r', _) => out.push_str("&#13;"),
            ('"', Place::Attribute) => out.push_str("&quot;"),
            ('\n', Place::Attribute) => out.push_str("&#10;"),
            ('\t', Place::Attribute) => out.push_str("&#9;"),
            (char, _) if is_known(char) => out.push(char),
            _ => return None,
        }
    }
    Some(())
}

/// Appends a text as CDATA sections; `None` if it has a character that XML does not know.
pub(super) fn push_cdata(text: &str, out: &mut String) -> Option<()> {
    for (at, piece) in text.split("]]>").enumerate() {
        if at > 0 {
            out.push_str("]]]]><![CDATA[>");
        } else {
            out.push_str("<![CDATA[");
        }
        // a reader would take the sign for a line end, and a section has no references
        for (at, line) in piece.split('\r').enumerate() {
            if at > 0 {
                out.push_str("]]>&#13;<![CDATA[");
            }
            if !line.chars().all(is_known) {
                return None;
            }
            out.push_str(line);
        }
    }
    out.push_str("]]>");
    Some(())
}
