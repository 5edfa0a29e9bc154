//! Names: `{namespace}prefix:local`, with namespace and prefix left out where there are none.

/// A name in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Name<'a> {
    pub(super) namespace: &'a str,
    pub(super) prefix: &'a str,
    pub(super) local: &'a str,
}

impl<'a> Name<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let (namespace, qualified) = match text.strip_prefix('{') {
            Some(rest) => rest.rsplit_once('}').unwrap_or(("", text)),
            None => ("", text),
        };
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        Self {
            namespace,
            prefix,
            local,
        }
    }

    /// Whether each part of the name can stand in XML.
    pub(super) fn is_sound(&self) -> bool {
        is_name(self.local) && (self.prefix.is_empty() || is_name(self.prefix))
    }
}

/// Whether a text is an `NCName` (Namespaces in XML 1.0, section 3).
fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_start) && chars.all(is_part)
}

fn is_start(char: char) -> bool {
    matches!(char,
        'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn is_part(char: char) -> bool {
    is_start(char)
        || matches!(char,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
