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
    /// The document is not written in Swagger 2.0, OpenAPI 3.0, 3.1 or 3.2.
    ///
    /// The `openapi` or `swagger` member says which one it is; older Swagger versions are not read.
    UnknownDialect = "unknown-dialect", Error, "say `openapi: 3.0.3`, or convert the document";
    /// A reference leads to nothing, to a node of another kind, or in a circle.
    ///
    /// For a schema, any value stands in for it; elsewhere what refers to it is left out.
    UnresolvedReference = "unresolved-reference", Error, "add what it refers to, or mend its spelling";
    /// A reference leads out of the folder that references may not leave, also by way of a symbolic link.
    ///
    /// Documents come from strangers: they may not read the files of whoever generates from them. The folder
    /// is the document's own unless `--root` names a wider one.
    ReferenceOutsideRoot = "reference-outside-root", Error, "name a wider folder with `--root`";
    /// A reference leads to the network.
    ///
    /// Nothing is fetched while generating, except over https from hosts that `--allow-host` names: documents come
    /// from strangers, and what comes out should depend on the files alone. What is fetched is kept nowhere.
    RemoteReference = "remote-reference", Error, "download the file and refer to the copy, or name its host with `--allow-host`";
    /// A `$dynamicRef` is followed like a `$ref`.
    ///
    /// What it means depends on the schemas around it; the anchor of that name in the same file is taken.
    DynamicReference = "dynamic-reference", Downgrade, "use `$ref` if that is what is meant";
    /// A media type is not one, such as `access_token` where `application/json` should stand.
    ///
    /// Media types have a slash (RFC 9110, section 8.3.1). What does not is left out; in Swagger 2.0 this is
    /// what becomes of an example that stands directly under `examples`, and it is kept as the example.
    MalformedMediaType = "malformed-media-type", Downgrade, "name a media type, such as `application/json`";
    /// An operation of Swagger 2.0 has two bodies, or a body and a form.
    ///
    /// A request has one body (Swagger 2.0, Parameter Object); the first is taken.
    ConflictingBody = "conflicting-body", Error, "keep one `body` parameter, or use `formData` for all";
    /// A value is not of the type that its keyword asks for.
    ///
    /// Where its meaning is plain it is converted (`"true"` to `true`, one text to a list of one), elsewhere
    /// it is left out.
    WrongType = "wrong-type", Downgrade, "write a value of the type that the specification asks for";
    /// A keyword does not exist where it stands.
    ///
    /// It has no effect: often it is a slip of the pen, stands a level too high or too low, or belongs to
    /// another version of the specification.
    UnknownKeyword = "unknown-keyword", Warning, "correct or remove it, or begin its name with `x-`";
    /// Something that the specification demands is not there.
    ///
    /// Where it can be done without, an empty value stands in for it.
    MissingMember = "missing-member", Warning, "add it";
    /// `required: true` stands in the schema of a member.
    ///
    /// Since JSON Schema draft 4 the schema around it lists the names of required members.
    MisplacedRequired = "misplaced-required", Warning, "list the member in `required` of the schema around it";
    /// A `type` is none of those of JSON Schema.
    ///
    /// Where it is plain what is meant (`int`, `datetime`), that is taken; elsewhere anything is allowed.
    UnknownType = "unknown-type", Downgrade, "use string, number, integer, boolean, array or object, and `format`";
    /// A path does not begin with a slash.
    MalformedPath = "malformed-path", Warning, "begin the path with `/`";
    /// A key of `responses` is neither a status, nor a range, nor `default`.
    ///
    /// It can never match, and is left out.
    MalformedStatus = "malformed-status", Downgrade, "use a status such as `404`, a range such as `4XX`, or `default`";
    /// A parameter or header does not say what it holds, or says it in two ways.
    MissingSchema = "missing-schema", Warning, "give it a `schema`, or `content` with one media type";
    /// A parameter has no name, or is in no known place.
    ///
    /// It cannot be sent, and is left out. A body in `parameters` becomes a `requestBody`.
    InvalidParameter = "invalid-parameter", Error, "give it a `name`, and `in: path`, `query`, `header` or `cookie`";
    /// Path parameters and the names between braces in the path differ.
    ///
    /// What stands in the path has to be sent, so it is added or made required; what does not cannot be sent.
    PathParameter = "path-parameter", Warning, "make the `in: path` parameters and the path's template agree";
    /// A `style` does not exist, or not in that place.
    UnknownStyle = "unknown-style", Downgrade, "use a style that the specification lists for the place";
    /// A security scheme lacks what it needs to be used.
    ///
    /// Operations that ask for it cannot be authenticated with it.
    InvalidSecurityScheme = "invalid-security-scheme", Error, "complete the security scheme";
    /// A keyword of OpenAPI 3.1 stands in a document that says it is older.
    ///
    /// It is understood as 3.1 has it; other tools may not be as kind.
    NewerKeyword = "newer-keyword", Warning, "say `openapi: 3.1.0`, or use the older form";
    /// A keyword is known, but nothing can be generated from it.
    ///
    /// Some restrict values in ways that no type can (`if`, `contains`), some describe what a client does not
    /// do (`itemEncoding`). The rest of the node is used.
    KeywordIgnored = "keyword-ignored", Downgrade, "check such values in your own code, or remove the keyword";
    /// A keyword is known, and says nothing to a client.
    ///
    /// It serves other tools: the navigation of pages, or the exact bytes of an example.
    KeywordUnused = "keyword-unused", Warning, "leave it as it is, or remove it";
    /// A keyword beside a `$ref` that has no effect there.
    ///
    /// Up to OpenAPI 3.0 a reference stands for itself alone (OpenAPI 3.0, Reference Object); since then a schema
    /// may have more, other references only prose. Descriptions and `nullable` of schemas are honoured
    /// everywhere.
    IgnoredSibling = "ignored-sibling", Warning, "put the `$ref` into an `allOf`, beside a schema with the keyword";
    /// An overlay, or one of its actions, cannot be applied.
    ///
    /// It is read as Overlay 1.0 has it: `overlay`, and `actions` with `target` (RFC 9535) and `update` or
    /// `remove`. The other actions are applied.
    InvalidOverlay = "invalid-overlay", Error, "compare the action with the Overlay specification";
    /// The target of an overlay's action matches nothing.
    ///
    /// Either it is misspelt, or the document has been mended since, and the action has had its day.
    OverlayNotNeeded = "overlay-not-needed", Warning, "remove the action, or correct its target";
    /// An overlay's action changes nothing: what it finds is as it would make it.
    ///
    /// The document has been mended since, and the action has had its day. An element that is added to a list that has
    /// it already counts as no change, although it would stand there twice.
    OverlayWithoutEffect = "overlay-without-effect", Warning, "remove the action";
    /// A pattern of `--only` or `--exclude` matches no operation of the document.
    ///
    /// Patterns are compared with the tags, the operation ids and the paths as they are written, capitals and
    /// all; the other patterns have their effect.
    SelectionUnmatched = "selection-unmatched", Warning, "correct the pattern, or leave it out";
    /// A node could not be read although it was brought into shape before.
    ///
    /// It is left out, and the rest of the document goes on.
    UnreadableNode = "unreadable-node", Error, "compare the node with the OpenAPI specification";

    // lower: what the document means

    /// Two branches of an `allOf` cannot both be right about the same value.
    ///
    /// No value satisfies both. The first branch is believed for types and formats, and for enums the values
    /// that both have. Correct one of the branches, in the document or by an overlay.
    AllOfConflict = "all-of-conflict", Downgrade, "make the branches agree";

    /// A schema is built on itself through `allOf`.
    ///
    /// Nothing can satisfy such a schema literally; the inner occurrence is read as saying nothing.
    AllOfCycle = "all-of-cycle", Downgrade, "break the cycle of `allOf` references";

    /// A request body has no media type.
    ///
    /// Nobody can tell how to write it, so calls are made without a body.
    BodyWithoutContent = "body-without-content", Downgrade, "add a media type under `content`";

    /// A response that never has a body is described with one.
    ///
    /// Answers to HEAD, and those with the status 1xx, 204, 205 or 304, end after their headers (RFC 9110, section
    /// 6.4.1). The content is left out.
    ContentNeverSent = "content-never-sent", Warning, "remove `content`, or correct the status";

    /// A `oneOf` or `anyOf` that adds nothing to the type.
    ///
    /// Some only say which members go together, or stand beside another choice for the same value. The docs
    /// tell of them; the type does not.
    ChoiceIgnored = "choice-ignored", Downgrade, "check such values in your own code";

    /// Two limits of a schema contradict each other, or one allows nothing.
    ///
    /// No value keeps to both `minLength: 5` and `maxLength: 3`, and nothing is a multiple of 0. Such limits are
    /// neither told nor checked.
    ContradictoryLimits = "contradictory-limits", Warning, "correct one of the limits";

    /// A discriminator does not tell all alternatives apart.
    ///
    /// The alternatives are tried one after another instead.
    DiscriminatorIgnored = "discriminator-ignored", Downgrade, "give each alternative a value in `discriminator.mapping`";

    /// An operation id stands more than once.
    ///
    /// All operations that share it are named after their method and path instead, so that their names do
    /// not depend on the order of the document.
    DuplicateOperationId = "duplicate-operation-id", Warning, "give each operation an `operationId` of its own";

    /// A parameter of the same name and place stands twice in one list.
    DuplicateParameter = "duplicate-parameter", Warning, "remove one of the two";

    /// A value of an enum is not of the enum's type.
    ///
    /// The value is left out of the type; the enum takes unknown values anyway.
    EnumValueIgnored = "enum-value-ignored", Downgrade, "correct the value or the `type`";

    /// A schema stands inside of so many others that no type is made for it.
    ///
    /// It is read as any value. Name one of the schemas around it under `components.schemas`.
    NestedTooDeeply = "nested-too-deeply", Downgrade, "move inner schemas to `components.schemas`";

    /// `not` cannot be said with a type.
    ///
    /// The schema is read without it.
    NotIgnored = "not-ignored", Downgrade, "check such values in your own code";

    /// A request body is declared optional, yet its schema has required members.
    ///
    /// A call without it can only fail, so it is an argument of the call. The generated call still has a way
    /// to leave it out, since the document allows that.
    OptionalBodyNeeded = "optional-body-needed", Warning, "set `required: true` on the request body";

    /// A member is required but not described.
    ///
    /// Readers that insist on it fail on the vendor's own examples; it becomes an optional member that holds
    /// any value.
    RequiredWithoutProperty = "required-without-property", Downgrade, "describe the member under `properties`, or remove it from `required`";

    /// A header parameter that OpenAPI reserves: Accept, Content-Type or Authorization.
    ///
    /// The client sets these headers itself: from the responses, from the body's media type and from the
    /// credentials. What the parameter says about media types or the authentication scheme is kept.
    ReservedHeader = "reserved-header", Warning, "describe it by `requestBody`, `responses` or `security` instead";

    /// `x-specmint-token` holds something that cannot be read.
    ///
    /// It stands in an operation and is `false` (the operation hands out no token), or an object whose members settle
    /// what is inferred otherwise; the book lists all of them (Extensions). A member that cannot be read is left out, and what it would
    /// settle is inferred.
    InvalidTokenProfile = "invalid-token-profile", Downgrade, "compare it with `specmint explain-token`, which prints what was understood";

    /// `x-specmint-pagination` holds something that cannot be used.
    ///
    /// It stands in an operation and is `false` (the operation has no pages), or an object that says how the next page is
    /// asked for; the book lists its members (Extensions). What it names must be in the document: parameters of the operation, and
    /// members of what it answers. Otherwise the call has no way to walk through pages.
    InvalidPagination = "invalid-pagination", Downgrade, "mend the member, or describe in the document what it names";

    /// A `tokenUrl` leads elsewhere than the operation that it must mean.
    ///
    /// Calls of the operation go to the operation's own URL.
    TokenUrlDiffers = "token-url-differs", Warning, "correct `tokenUrl`, or the servers";
    /// The default of a server's variable is none of the values that its `enum` lists.
    ///
    /// OpenAPI 3.1 forbids it (Server Variable Object). The default is one more value, so that calls can go where they
    /// usually do.
    UnlistedDefault = "unlisted-default", Warning, "list the default, or take a value of the list";

    /// A list with fixed places is read as a list of any values.
    TupleAsList = "tuple-as-list", Downgrade, "convert the places in your own code";

    /// A security requirement names a scheme that is not declared.
    ///
    /// The alternative that needs it cannot be met and is left out.
    UnknownSecurityScheme = "unknown-security-scheme", Error, "declare the scheme under `components.securitySchemes`";
    // plan: what has no counterpart in Rust
    /// A type requires a member whose type requires it in turn, without end, so no value of it exists.
    ///
    /// The members that lead back are generated as optional ones.
    EndlessType = "endless-type", Downgrade, "take one member of the cycle out of `required`";
    /// A `pattern` is not checked when a request is validated.
    ///
    /// Patterns come from strangers, so they are matched in linear time, and what cannot be matched so is left
    /// out: looking ahead and behind, references back to groups, halves of surrogate pairs, repetitions that
    /// make the expression very large. What is no regular expression (ECMA-262) is left out as well. The docs
    /// tell of the pattern all the same.
    UncheckedPattern = "unchecked-pattern", Warning, "write the pattern without looking around and without back references, or check such values in your own code";
    /// A schema refers to itself and says nothing else.
    ///
    /// It is generated as any JSON value.
    EndlessAlias = "endless-alias", Downgrade, "say what the schema holds";
    /// An operation cannot be called as it is described, and is left out.
    OperationLeftOut = "operation-left-out", Error, "describe the operation so that a request can be made of it";
}
