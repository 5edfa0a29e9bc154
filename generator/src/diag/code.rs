//! The catalogue: every code, its severity, its explanation and its help.

use super::Severity;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal, $severity:ident, $help:literal;)+) => {
        /// What kind of problem a diagnostic reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $variant,)+ }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Code] = &[$(Code::$variant),+];

            /// The stable name, in kebab-case.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text),+ }
            }

            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity),+ }
            }

            /// What to do about it, as an imperative.
            #[must_use]
            pub fn help(self) -> &'static str {
                match self { $(Code::$variant => $help),+ }
            }

            /// What it means, why it is reported and what to do, in Markdown.
            #[must_use]
            pub fn explain(self) -> &'static str {
                match self { $(Code::$variant => concat!($($doc, "\n"),+)),+ }
            }
        }
    };
}

codes! {
    // load: texts, dialects, references, and what is mended
    /// The text is neither JSON nor YAML.
    ///
    /// Nothing can be generated from it. The place is where the parser gave up.
    SyntaxError = "syntax-error", Error, "mend the syntax at this place";
    /// A mapping gives the same key more than once.
    ///
    /// JSON and YAML leave open which one counts; here it is the last.
    DuplicateKey = "duplicate-key", Warning, "keep one of them";
    /// A node could not be read although it was brought into shape before.
    ///
    /// It is left out, and the rest of the document goes on.
    UnreadableNode = "unreadable-node", Error, "compare the node with the OpenAPI specification";
}
