//! The site by mdBook: pages, navigation, themes.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use mdbook_core::book::{Book, BookItem, Chapter, SectionNumber};
use mdbook_core::config::{Config, HtmlConfig, Search, SearchChapterSettings};
use mdbook_html::HtmlHandlebars;
use mdbook_renderer::{RenderContext, Renderer as _};

use super::contents::{Entry, Kind, Places, refused};
use super::{Draft, read, search};
use crate::file::Asset;

/// What is ours of the site, and where mdBook wants it.
const OURS: &[(&str, &str)] = &[
    ("site.css", include_str!("theme/site.css")),
    ("site.js", include_str!("theme/site.js")),
    ("theme/favicon.svg", include_str!("theme/favicon.svg")),
    // A folder to look for pictures in, which has none.
    ("src/.empty", ""),
];

/// From how many pages on there is no page with all of them, for printing.
const MANY: usize = 400;

/// What a book says of itself in its `book.toml`: title and description.
pub(super) fn said(settings: &str) -> io::Result<(Option<String>, Option<String>)> {
    let config: Config = settings
        .parse()
        .map_err(|err| refused(format!("`book.toml` cannot be read: {err:#}")))?;
    Ok((config.book.title, config.book.description))
}

/// Renders the site.
pub(super) fn render(draft: &Draft, places: &Places) -> io::Result<Vec<Asset>> {
    let desk = tempfile::tempdir()?;
    read::lay_out(desk.path(), OURS)?;
    let out = desk.path().join("out");
    let mut numbers = Vec::new();
    let items = items(&draft.entries, draft, places, &mut numbers, &[]);
    let book = Book::new_with_items(items);
    let context = RenderContext::new(desk.path(), book, config(draft)?, &out);
    // mdBook panics where it finds itself wrong: that is an error of this command and no more.
    let rendered = catch_unwind(AssertUnwindSafe(|| HtmlHandlebars::new().render(&context)));
    match rendered {
        Ok(Ok(())) => {}
        Ok(Err(err)) => return Err(refused(format!("mdBook refuses the pages: {err:#}"))),
        Err(_) => return Err(refused("mdBook gave up on the pages".to_owned())),
    }
    let mut assets = read::assets(&out)?;
    // It would have to know where the site is going to be.
    assets.retain(|asset| asset.path != "404.html" && asset.path != ".empty");
    search::install(draft, places, &mut assets)?;
    Ok(assets)
}

fn items(
    entries: &[Entry],
    draft: &Draft,
    places: &Places,
    numbers: &mut Vec<u32>,
    above: &[String],
) -> Vec<BookItem> {
    let mut items = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        if entry.kind == Kind::Part {
            items.push(BookItem::PartTitle(entry.name.clone()));
            continue;
        }
        numbers.push(u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1));
        let page = entry.path.as_ref().and_then(|path| draft.pages.get(path));
        let place = entry.path.as_ref().and_then(|path| places.get(path));
        let mut chapter = match (page, place) {
            (Some(page), Some(place)) => {
                let path = PathBuf::from(place).with_extension("md");
                Chapter::new(&entry.name, page.text.clone(), path, above.to_vec())
            }
            _ => Chapter::new_draft(&entry.name, above.to_vec()),
        };
        chapter.number = Some(SectionNumber::new(numbers.clone()));
        let above = [above, std::slice::from_ref(&entry.name)].concat();
        chapter.sub_items = self::items(&entry.entries, draft, places, numbers, &above);
        items.push(BookItem::Chapter(chapter));
        numbers.pop();
    }
    items
}

fn config(draft: &Draft) -> io::Result<Config> {
    let mut search = Search::default();
    // The index is ours: mdBook leaves out every page.
    let mut none = SearchChapterSettings::default();
    none.enable = Some(false);
    search.chapter.insert(String::new(), none);

    let mut html = HtmlConfig::default();
    html.default_theme = Some("light".to_owned());
    html.preferred_dark_theme = Some("ayu".to_owned());
    // As GitHub reads pages.
    html.smart_punctuation = false;
    html.definition_lists = false;
    html.admonitions = true;
    html.mathjax_support = false;
    html.playground.runnable = false;
    html.playground.copyable = true;
    html.no_section_label = true;
    html.print.enable = draft.pages.len() < MANY;
    html.fold.enable = true;
    html.fold.level = u8::from(draft.entries.len() < 4);
    html.additional_css = vec![PathBuf::from("site.css")];
    html.additional_js = vec![PathBuf::from("site.js")];
    html.search = Some(search);

    let mut config = Config::default();
    config.book.title = Some(draft.title.clone());
    config.book.description = Some(draft.description.clone());
    config.book.language = Some("en".to_owned());
    config.build.use_default_preprocessors = false;
    config
        .set("output.html", html)
        .map_err(|err| refused(format!("mdBook refuses its settings: {err:#}")))?;
    Ok(config)
}
