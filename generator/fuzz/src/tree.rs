//! Changes a document as a tree: what comes out is JSON, and more often than bytes at random still OpenAPI.

use serde_json::{Map, Value, json};

/// How many nodes a change may add at once.
const LARGEST_GRAFT: usize = 200;

/// Keywords that a change may put anywhere.
const KEYWORDS: &[&str] = &[
    "$ref",
    "$id",
    "$anchor",
    "$defs",
    "$dynamicRef",
    "type",
    "properties",
    "items",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "required",
    "enum",
    "const",
    "nullable",
    "format",
    "default",
    "example",
    "examples",
    "discriminator",
    "propertyName",
    "mapping",
    "additionalProperties",
    "patternProperties",
    "prefixItems",
    "unevaluatedProperties",
    "if",
    "then",
    "dependentSchemas",
    "contentEncoding",
    "readOnly",
    "writeOnly",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "pattern",
    "parameters",
    "requestBody",
    "responses",
    "content",
    "schema",
    "schemes",
    "headers",
    "callbacks",
    "webhooks",
    "links",
    "security",
    "securitySchemes",
    "flows",
    "scopes",
    "tokenUrl",
    "servers",
    "url",
    "variables",
    "in",
    "name",
    "style",
    "explode",
    "encoding",
    "components",
    "schemas",
    "paths",
    "get",
    "post",
    "query",
    "additionalOperations",
    "operationId",
    "tags",
    "swagger",
    "openapi",
    "definitions",
    "consumes",
    "produces",
    "collectionFormat",
    "itemSchema",
    "200",
    "default",
    "2XX",
    "application/json",
    "multipart/form-data",
    "application/x-www-form-urlencoded",
    "x-enum-varnames",
];

/// Texts that a change may put anywhere a value stands.
const TEXTS: &[&str] = &[
    "",
    "string",
    "integer",
    "number",
    "boolean",
    "array",
    "object",
    "null",
    "file",
    "date-time",
    "uuid",
    "binary",
    "byte",
    "int64",
    "decimal",
    "password",
    "query",
    "path",
    "header",
    "cookie",
    "querystring",
    "body",
    "formData",
    "form",
    "deepObject",
    "spaceDelimited",
    "multi",
    "csv",
    "oauth2",
    "apiKey",
    "http",
    "bearer",
    "basic",
    "#",
    "#/",
    "/",
    "{",
    "}",
    "{id}",
    "/a/{b}",
    "..",
    "self",
    "Self",
    "crate",
    "r#type",
    "\u{0}",
    "\u{202e}",
    "é",
    "日本",
    "*/",
    "//",
    "\"",
    "`",
    "2.0",
    "3.0.0",
    "3.1.0",
    "3.2.0",
    "#/components/schemas/Pet",
    "other.yaml#/a",
    "https://example.com/a.json",
    "-1",
    "1e400",
];

/// Numbers that a change may put anywhere a value stands.
const NUMBERS: &[f64] = &[0.0, -1.0, 1.5, 200.0, 9_007_199_254_740_993.0, -1e18, 1e300];

/// One tree-wise change of the JSON in `data[..size]`; `None` if it is no JSON, or the change does not fit, or
/// it is the turn of the bytes.
pub fn mutate(data: &mut [u8], size: usize, longest: usize, seed: u32) -> Option<usize> {
    let mut dice = Dice(u64::from(seed) ^ 0x9e37_79b9_7f4a_7c15);
    if dice.below(8) == 0 {
        return None;
    }
    let mut tree: Value = serde_json::from_slice(&data[..size]).ok()?;
    for _ in 0..=dice.below(3) {
        change(&mut tree, &mut dice);
    }
    let text = serde_json::to_vec(&tree).ok()?;
    if text.len() > longest.min(data.len()) {
        return None;
    }
    data[..text.len()].copy_from_slice(&text);
    Some(text.len())
}

fn change(tree: &mut Value, dice: &mut Dice) {
    let from = dice.below(count(tree));
    let graft = nth(tree, &mut { from }).cloned();
    let graft = graft.filter(|graft| count(graft) <= LARGEST_GRAFT);
    let pointers = pointers(tree);
    let pointer = pointers[dice.below(pointers.len())].clone();
    let at = dice.below(count(tree));
    let Some(node) = nth(tree, &mut { at }) else {
        return;
    };
    let old = node.take();
    *node = match (dice.below(12), old) {
        (0, _) => value(dice),
        (1, old) => graft.unwrap_or(old),
        (2, _) => json!({ "$ref": format!("#{pointer}") }),
        (3, old) => json!([old]),
        (4, old) => json!({ keyword(dice): old }),
        (5, old) => json!({ keyword(dice): [old.clone(), graft] }),
        (6 | 7, Value::Object(mut map)) => {
            let value = graft.unwrap_or_else(|| value(dice));
            map.insert(keyword(dice), value);
            Value::Object(map)
        }
        (8, Value::Object(map)) => renamed(map, dice),
        (_, Value::Object(mut map)) => {
            let key = map.keys().nth(dice.below(map.len().max(1))).cloned();
            key.map(|key| map.shift_remove(&key));
            Value::Object(map)
        }
        (6..=8, Value::Array(mut list)) => {
            list.push(graft.unwrap_or_else(|| value(dice)));
            Value::Array(list)
        }
        (_, Value::Array(mut list)) if !list.is_empty() => {
            list.remove(dice.below(list.len()));
            Value::Array(list)
        }
        (_, _) => value(dice),
    };
}

fn renamed(map: Map<String, Value>, dice: &mut Dice) -> Value {
    let chosen = dice.below(map.len().max(1));
    let entries = map.into_iter().enumerate().map(|(index, (key, value))| {
        if index == chosen {
            (keyword(dice), value)
        } else {
            (key, value)
        }
    });
    Value::Object(entries.collect())
}

fn keyword(dice: &mut Dice) -> String {
    let words = if dice.below(6) == 0 { TEXTS } else { KEYWORDS };
    words[dice.below(words.len())].to_owned()
}

fn value(dice: &mut Dice) -> Value {
    match dice.below(9) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(false),
        3 => json!({}),
        4 => json!([]),
        5 => NUMBERS[dice.below(NUMBERS.len())].into(),
        6 => keyword(dice).into(),
        _ => TEXTS[dice.below(TEXTS.len())].into(),
    }
}

fn children(tree: &Value) -> Vec<&Value> {
    match tree {
        Value::Array(list) => list.iter().collect(),
        Value::Object(map) => map.values().collect(),
        _ => Vec::new(),
    }
}

fn count(tree: &Value) -> usize {
    1 + children(tree).into_iter().map(count).sum::<usize>()
}

/// The node with the number `left`, counted from the root down.
fn nth<'t>(tree: &'t mut Value, left: &mut usize) -> Option<&'t mut Value> {
    if *left == 0 {
        return Some(tree);
    }
    *left -= 1;
    match tree {
        Value::Array(list) => list.iter_mut().find_map(|child| nth(child, left)),
        Value::Object(map) => map.values_mut().find_map(|child| nth(child, left)),
        _ => None,
    }
}

/// The pointers of all nodes.
fn pointers(tree: &Value) -> Vec<String> {
    fn walk(tree: &Value, at: String, found: &mut Vec<String>) {
        match tree {
            Value::Array(list) => {
                for (index, child) in list.iter().enumerate() {
                    walk(child, format!("{at}/{index}"), found);
                }
            }
            Value::Object(map) => {
                for (key, child) in map {
                    let key = key.replace('~', "~0").replace('/', "~1");
                    walk(child, format!("{at}/{key}"), found);
                }
            }
            _ => {}
        }
        found.push(at);
    }
    let mut found = Vec::new();
    walk(tree, String::new(), &mut found);
    found
}

/// Numbers that only the seed decides (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap_or_default();
        number % limit.max(1)
    }
}
