//! What names come out of what words.

use super::{Case, Rank, Scope, Wish};
use crate::pointer::Pointer;

#[test]
fn wishes_become_idents() {
    #[rustfmt::skip]
    let table = [
        // wish           case            ident             why
        ("petStore",      Case::Field,    "pet_store"),     // words are split
        ("type",          Case::Field,    "r#type"),        // keyword
        ("gen",           Case::Method,   "r#gen"),         // keyword since edition 2024
        ("type",          Case::Module,   "type_"),         // a file called `type.rs`, without `r#`
        ("mod",           Case::Module,   "mod_"),          // `mod.rs` means something else
        ("CON",           Case::Module,   "con_"),          // a device on Windows
        ("com1",          Case::Module,   "com1_"),         // another
        ("self",          Case::Field,    "self_"),         // keyword that cannot be raw
        ("Self",          Case::Type,     "Self_"),         // keyword that cannot be raw
        ("super",         Case::Method,   "super_"),        // keyword that cannot be raw
        ("crate",         Case::Module,   "crate_"),        // keyword that cannot be raw
        ("_",             Case::Field,    "underscore"),    // legal nowhere
        ("2fa",           Case::Type,     "_2fa"),          // digit first
        ("2fa",           Case::Field,    "_2fa"),          // digit first
        ("2fa",           Case::Module,   "n_2fa"),         // not the name of the type in it
        ("+1",            Case::Variant,  "Plus1"),         // a sign that counts
        ("-1",            Case::Variant,  "Minus1"),        // a sign that counts
        ("*",             Case::Variant,  "Star"),          // nothing but a sign
        ("",              Case::Variant,  "Empty"),         // a legal enum value
        ("",              Case::Field,    "empty"),         // a legal member name
        ("TokenOAuth2",   Case::Module,   "token_oauth2"),  // a brand is one word
        ("TokenOAuth2",   Case::Type,     "TokenOAuth2"),   // and keeps its capitals in a type
        ("oAuth",         Case::Constant, "OAUTH"),         // a brand is one word
        ("IPv6Address",   Case::Field,    "ipv6_address"),  // a brand is one word
        ("userIDs",       Case::Field,    "user_ids"),      // plural of an acronym
        ("HTTPServer",    Case::Type,     "HttpServer"),    // acronyms are words
        ("_links",        Case::Field,    "links"),         // signs in front go
        ("@type",         Case::Field,    "r#type"),        // signs in front go
        ("don't",         Case::Field,    "dont"),          // an apostrophe does not split
        ("größe",         Case::Field,    "grosse"),        // Latin with marks
        ("名前",           Case::Field,    "ming_qian"),     // another alphabet
        ("Привет мир",    Case::Type,     "PrivetMir"),     // another alphabet
        ("😀",            Case::Variant,  "Grinning"),      // a picture has a name
        ("\u{200b}",      Case::Field,    "unnamed"),       // nothing to read at all
        ("https://e.org/v2/not-found.html", Case::Variant, "NotFound"), // the telling part of a URL
        ("auth_token_create", Case::Type, "AuthTokenCreate"),
    ];
    for (wish, case, ident) in table {
        assert_eq!(
            Scope::default().claim(wish, case).as_str(),
            ident,
            "{wish:?} as {case:?}"
        );
    }
}

fn names(wishes: &[(&str, Rank, &str)]) -> Vec<String> {
    let parts: Vec<(Vec<String>, Rank, Pointer)> = wishes
        .iter()
        .map(|(words, rank, at)| {
            (
                words.split(' ').map(str::to_owned).collect(),
                *rank,
                Pointer::parse(at),
            )
        })
        .collect();
    let wishes: Vec<Wish<'_>> = parts
        .iter()
        .map(|(words, rank, at)| Wish {
            words,
            rank: *rank,
            at,
        })
        .collect();
    let names = Scope::default().claim_all(&wishes, &[Case::Type, Case::Module]);
    names
        .into_iter()
        .map(|names| names[0].as_str().to_owned())
        .collect()
}

#[test]
fn collisions_end_the_same_in_any_order() {
    let wishes = [
        ("pet-store", Rank::Named, "/components/schemas/pet-store"),
        ("PetStore", Rank::Named, "/components/schemas/PetStore"),
        ("pet_store", Rank::Named, "/components/schemas/pet_store"),
        ("pet Store", Rank::Derived, "/paths/~1pet/get"),
        ("PET_STORE", Rank::Named, "/components/schemas/PET_STORE"),
    ];
    let forward = names(&wishes);
    let mut backward = wishes;
    backward.reverse();
    let mut reversed = names(&backward);
    reversed.reverse();
    assert_eq!(forward, reversed);
    assert_eq!(
        forward,
        [
            "PetStoreMinus",
            "PetStore",
            "PetStoreUnderscore",
            "PetStoreGet",
            "PetStoreUnderscoreUpper"
        ]
    );
}

#[test]
fn a_components_own_name_wins_over_a_derived_one() {
    let wishes = [
        (
            "PostToken Response",
            Rank::Derived,
            "/paths/~1token/post/responses/200",
        ),
        (
            "post_token_response",
            Rank::Named,
            "/components/schemas/post_token_response",
        ),
    ];
    assert_eq!(
        names(&wishes),
        ["PostTokenResponse200", "PostTokenResponse"]
    );
}

#[test]
fn files_differ_where_capitals_do_not_count() {
    let wishes = [
        ("Fieldset", Rank::Named, "/components/schemas/Fieldset"),
        ("FIELDSET", Rank::Named, "/components/schemas/FIELDSET"),
    ];
    assert_eq!(names(&wishes), ["Fieldset", "FieldsetUpper"]);
}

#[test]
fn an_unrelated_wish_changes_no_other_name() {
    let wishes = [
        ("a-b", Rank::Named, "/components/schemas/a-b"),
        ("a_b", Rank::Named, "/components/schemas/a_b"),
        ("Unrelated", Rank::Named, "/components/schemas/Unrelated"),
    ];
    assert_eq!(names(&wishes)[..2], names(&wishes[..2]));
}

#[test]
fn long_names_are_cut_between_words() {
    let wish = "word ".repeat(60);
    let name = Scope::default().claim(&wish, Case::Field);
    assert!(
        name.as_str().len() <= 80 && name.as_str().ends_with("_word"),
        "{name}"
    );
}

#[test]
fn long_names_are_told_apart_although_they_are_cut() {
    let long = "many words ".repeat(30);
    let url = format!("https://e.org/{}", "path/".repeat(30));
    for wish in [long.as_str(), "unbroken".repeat(20).as_str(), url.as_str()] {
        for case in [Case::Type, Case::Variant, Case::Module] {
            let mut scope = Scope::default();
            let first = scope.claim(wish, case);
            let second = scope.claim(wish, case);
            assert_ne!(first, second, "{wish:?} as {case:?}");
            assert!(second.as_str().len() <= 80, "{second}");
        }
    }
}

#[test]
fn addresses_that_differ_in_their_ending_are_told_apart() {
    let mut scope = Scope::default();
    let first = scope.claim("https://e.org/a/page.html", Case::Variant);
    let second = scope.claim("https://e.org/b/page.html", Case::Variant);
    assert_ne!(first, second);
}
