//! What APIs are called.

use super::module_name;

#[test]
fn an_api_is_not_called_like_what_it_or_its_crate_holds() {
    for taken in [
        "models",
        "oauth",
        "operations",
        "pages",
        "servers",
        "runtime",
    ] {
        assert_eq!(module_name(taken).plain(), format!("{taken}_api"));
    }
    assert_eq!(module_name("pets").plain(), "pets");
}
