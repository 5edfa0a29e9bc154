//! Elements by their names, and maps in which each entry is an element of its own.

use std::collections::HashMap;

use super::tree::Element;

/// The keys and values of elements that hold just these, as servers write maps that are no objects to them.
pub(super) fn entries<'x>(elements: &[&'x Element]) -> Option<Vec<(&'x str, &'x Element)>> {
    let is = |element: &Element, words: &[&str]| {
        let mut words = words.iter();
        words.any(|word| element.local.eq_ignore_ascii_case(word))
    };
    let entry = |element: &&'x Element| match element.children.as_slice() {
        [key, value] if is(key, &["key", "name"]) && is(value, &["value"]) => {
            Some((key.text.trim(), value))
        }
        _ => None,
    };
    elements.iter().map(entry).collect()
}

/// Elements of one name together, in the order of the first ones.
pub(super) fn grouped(elements: Vec<&Element>) -> Vec<(&str, Vec<&Element>)> {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<(&str, Vec<&Element>)> = Vec::new();
    for element in elements {
        let place = *places.entry(&element.local).or_insert_with(|| {
            groups.push((&element.local, Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(element);
    }
    groups
}
