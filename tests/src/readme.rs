//! The code in the README compiles: it is the code below.

use std::path::Path;

use crate::repo;

// README
use token_clients::benchling::models::TokenCreate;
use token_clients::benchling::operations::GenerateTokenError;
use token_clients::benchling::{Client, Error};

async fn sign_in(id: &str, secret: &str) -> Result<String, Box<dyn std::error::Error>> {
    let client = Client::builder()
        .origin("https://my-tenant.benchling.com")?
        .basic_client_id_secret_auth(id, secret)
        .build()?;
    match client.generate_token(TokenCreate::new()).await {
        Ok(token) => {
            let text = token.access_token.as_ref().ok_or("no token came")?;
            Ok(text.expose().to_owned())
        }
        Err(Error::Api(refusal)) => match refusal.body() {
            GenerateTokenError::Status401(body) => Err(format!("who are you? {body:?}").into()),
            _ => Err(format!("refused with {}", refusal.status()).into()),
        },
        Err(error) => Err(error.into()),
    }
}
// README

#[test]
fn the_readme_shows_the_code_of_this_file() {
    let here = repo::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/readme.rs"));
    let shown = here
        .split("// README\n")
        .nth(1)
        .expect("the code stands between two marks");
    // Nothing is sent: a future that nobody awaits does nothing.
    drop(sign_in("id", "secret"));
    let readme = repo::read(&repo::root().join("README.md"));
    assert!(
        readme.contains(&format!("```rust\n{shown}```")),
        "README.md does not show:\n{shown}"
    );
}
