//! Tables of XML, as the macro of the runtime takes them: Rust expressions, set as people set them.

use crate::plan::{
    Ident, XmlBeside, XmlMember, XmlModel, XmlNeed, XmlNode, XmlRoot, XmlRootBy, XmlShape,
};
use proc_macro2::Literal;

/// The macro that gives a type its table.
pub(super) fn table(name: &Ident, model: &XmlModel) -> String {
    let of_type = |name: &Ident| format!("Of(super::{name}::__xml)");
    let shape = |one: &XmlShape| shape("", &of_type, one);
    let (head, lines, tail) = match model {
        XmlModel::Record(members, rest) => {
            let lines: String = members
                .iter()
                .map(|one| format!("        {},\n", member(one, &shape(&one.shape))))
                .collect();
            let rest = rest.as_ref().map(|rest| format!("Some({})", shape(rest)));
            let tail = format!(" {}", rest.unwrap_or_else(|| "None".to_owned()));
            ("record".to_owned(), lines, tail)
        }
        XmlModel::Choice(tag, shapes) => {
            let tag = match tag {
                Some(tag) => format!("Some({})", text(tag)),
                None => "None".to_owned(),
            };
            let lines = shapes.iter().map(|(texts, of)| {
                let texts: Vec<String> = texts.iter().map(|one| text(one)).collect();
                format!("        (&[{}], {}),\n", texts.join(", "), shape(of))
            });
            (format!("choice {tag},"), lines.collect(), String::new())
        }
    };
    let lines = if lines.is_empty() {
        "[]".to_owned()
    } else {
        format!("[\n{lines}    ]")
    };
    format!("crate::runtime::xml! {{\n    {name} {head} {lines}{tail}\n}}\n")
}

/// A root as an expression; `xml` is the path to the runtime's module, `models` to that of types.
pub(super) fn root(xml: &str, models: &str, root: &XmlRoot) -> String {
    let of_type = |name: &Ident| format!("Of({models}::{name}::__xml)");
    let make = match root.by {
        XmlRootBy::Name => "new",
        XmlRootBy::SoleMember => "sole",
    };
    let shape = shape(&format!("{xml}::Shape::"), &of_type, &root.shape);
    format!("{xml}::Root::{make}({}, {shape})", text(&root.name))
}

/// The method of a reply that reads it.
pub(super) fn reading(beside: XmlBeside) -> &'static str {
    match beside {
        XmlBeside::Nothing => "xml",
        XmlBeside::Json => "json_or_xml",
    }
}

fn member(member: &XmlMember, shape: &str) -> String {
    let (json, name) = (text(&member.wire_name), text(&member.name));
    let made = match member.node {
        XmlNode::Element => format!("element({json}, {name}, {shape})"),
        XmlNode::Attribute => format!("attribute({json}, {name}, {shape})"),
        XmlNode::Inline => format!("inline({json}, {name}, {shape})"),
        XmlNode::Text => format!("text({json}, {shape})"),
        XmlNode::Cdata => format!("cdata({json}, {shape})"),
    };
    let need = match member.need {
        XmlNeed::Optional => "",
        XmlNeed::Required => ".required()",
        XmlNeed::Nullable => ".nullable()",
    };
    made + need
}

/// A shape, `at` being the path to its variants.
fn shape(at: &str, of_type: &dyn Fn(&Ident) -> String, one: &XmlShape) -> String {
    let inner = |one: &XmlShape| shape(at, of_type, one);
    let plain = match one {
        XmlShape::Text => "Text".to_owned(),
        XmlShape::Token => "Token".to_owned(),
        XmlShape::Number => "Number".to_owned(),
        XmlShape::Bool => "Bool".to_owned(),
        XmlShape::Any => "Any".to_owned(),
        XmlShape::OneOf(values) => {
            let values: Vec<String> = values.iter().map(|value| text(value)).collect();
            format!("OneOf(&[{}])", values.join(", "))
        }
        XmlShape::List(item, of) => format!("List({}, &{})", text(item), inner(of)),
        XmlShape::Places(item, places, rest) => {
            let places: Vec<String> = places.iter().map(inner).collect();
            let (item, places) = (text(item), places.join(", "));
            format!("Places({item}, &[{places}], &{})", inner(rest))
        }
        XmlShape::Map(of) => format!("Map(&{})", inner(of)),
        XmlShape::Of(name) => of_type(name),
    };
    format!("{at}{plain}")
}

fn text(text: &str) -> String {
    Literal::string(text).to_string()
}
