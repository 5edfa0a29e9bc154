//! Plain statements come out as the printer writes them.

use super::{plain, printed};

#[test]
fn plain_statements_are_formatted_as_the_printer_does() {
    let shapes: &[fn(&str) -> String] = &[
        |x| {
            format!(
                "let client = Client::builder().origin(\"https://{x}\")?.basic_auth(\"user\", \"word\").build()?;"
            )
        },
        |x| format!("let response = client.{x}call().await?;"),
        |x| {
            format!(
                "let response = client.call(\"a\", {x}1).limit(1).timeout(std::time::Duration::from_secs(10)).await?;"
            )
        },
        |x| format!("let response = client.call(models::Pet::new(\"{x}\", \"a.b, (c\")).await?;"),
        |x| {
            format!(
                "let response = client.call(models::Pet::new(\"{x}\", 1.5).tags(vec![\"a\".to_owned()])).send()?;"
            )
        },
        |x| {
            format!(
                "let value = models::Pet::new(\"{x}\", models::Kind::Cat, Some(-1.0)).born(\"2026\".parse()?);"
            )
        },
        |x| format!("println!(\"{{}}: {{response:?}} {x}\", response.status());"),
        |x| {
            format!(
                "let value = models::Outer::new(models::Inner::new(models::Core::new(\"{x}\", \"b\"), true), 1);"
            )
        },
        |x| format!("assert_eq!(server.{x}call().count(), 1);"),
        |x| format!("let policy = {x}RefreshPolicy::default();"),
    ];
    let mut plain_ones = 0;
    for shape in shapes {
        for length in 0..110 {
            let text = shape(&"x".repeat(length));
            if let Some(lines) = plain::statement(&text) {
                plain_ones += 1;
                let expected =
                    printed(std::slice::from_ref(&text), "a test").expect("the statement is Rust");
                assert_eq!(lines, expected, "{text}");
            }
        }
    }
    assert!(plain_ones > 500, "{plain_ones} of 1,100 are plain");
}

#[test]
fn what_is_not_plain_is_left_to_the_printer() {
    for text in [
        "match client.call().await { Ok(it) => it, Err(error) => return Err(error.into()) }",
        "let value = if a { b } else { c };",
        "let text = \"letters of other alphabets: буквы\";",
        "let each = list.iter().map(|one| one.name());",
    ] {
        assert_eq!(plain::statement(text), None, "{text}");
    }
}
