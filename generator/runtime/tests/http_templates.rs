//! Parameters against the examples of RFC 6570, section 3.2: OpenAPI's styles are its operators.
//!
//! Left out is what OpenAPI cannot say: prefixes (`{var:3}`), fragments (`{#var}`), path segments (`{/var}`),
//! several variables of one simple expression (`{x,y}`), and variables of the path that are empty or undefined,
//! which are refused, since another path would be called.

pub mod offline;

use offline::{Json, core, json};
use specmint_runtime::{Call, Core, Explode, OperationSpec, Style};

/// The variables of section 3.2, as JSON.
const VARIABLES: &[(&str, &str)] = &[
    ("count", r#"["one","two","three"]"#),
    ("dom", r#"["example","com"]"#),
    ("dub", r#""me/too""#),
    ("hello", r#""Hello World!""#),
    ("half", r#""50%""#),
    ("var", r#""value""#),
    ("who", r#""fred""#),
    ("base", r#""http://example.com/home/""#),
    ("path", r#""/foo/bar""#),
    ("list", r#"["red","green","blue"]"#),
    ("keys", r#"{"semi":";","dot":".","comma":","}"#),
    ("v", r#""6""#),
    ("x", r#""1024""#),
    ("y", r#""768""#),
    ("empty", r#""""#),
    ("empty_keys", "{}"),
    ("undef", "null"),
];

const EXAMPLES: &[(&str, &str)] = &[
    // 3.2.1, variable expansion
    ("{count}", "one,two,three"),
    ("{count*}", "one,two,three"),
    ("{;count}", ";count=one,two,three"),
    ("{;count*}", ";count=one;count=two;count=three"),
    ("{?count}", "?count=one,two,three"),
    ("{?count*}", "?count=one&count=two&count=three"),
    // 3.2.2, simple string expansion
    ("{var}", "value"),
    ("{hello}", "Hello%20World%21"),
    ("{half}", "50%25"),
    ("{dub}", "me%2Ftoo"),
    ("{list}", "red,green,blue"),
    ("{list*}", "red,green,blue"),
    ("{keys}", "semi,%3B,dot,.,comma,%2C"),
    ("{keys*}", "semi=%3B,dot=.,comma=%2C"),
    // 3.2.3, reserved expansion
    ("{+var}", "value"),
    ("{+hello}", "Hello%20World!"),
    ("{+half}", "50%25"),
    ("{base}index", "http%3A%2F%2Fexample.com%2Fhome%2Findex"),
    ("{+base}index", "http://example.com/home/index"),
    ("{+path}/here", "/foo/bar/here"),
    ("here?ref={+path}", "here?ref=/foo/bar"),
    ("up{+path}{var}/here", "up/foo/barvalue/here"),
    ("{+list}", "red,green,blue"),
    ("{+list*}", "red,green,blue"),
    ("{+keys}", "semi,;,dot,.,comma,,"),
    ("{+keys*}", "semi=;,dot=.,comma=,"),
    // 3.2.5, label expansion
    ("X{.who}", "X.fred"),
    ("X{.who}{.who}", "X.fred.fred"),
    ("X{.half}{.who}", "X.50%25.fred"),
    ("www{.dom*}", "www.example.com"),
    ("X{.var}", "X.value"),
    ("X{.empty}", "X."),
    ("X{.list}", "X.red,green,blue"),
    ("X{.list*}", "X.red.green.blue"),
    ("X{.keys}", "X.semi,%3B,dot,.,comma,%2C"),
    ("X{.keys*}", "X.semi=%3B.dot=..comma=%2C"),
    // 3.2.7, path-style parameters
    ("{;who}", ";who=fred"),
    ("{;half}", ";half=50%25"),
    ("{;empty}", ";empty"),
    ("{;v,empty,who}", ";v=6;empty;who=fred"),
    ("{;x,y}", ";x=1024;y=768"),
    ("{;x,y,empty}", ";x=1024;y=768;empty"),
    ("{;list}", ";list=red,green,blue"),
    ("{;list*}", ";list=red;list=green;list=blue"),
    ("{;keys}", ";keys=semi,%3B,dot,.,comma,%2C"),
    ("{;keys*}", ";semi=%3B;dot=.;comma=%2C"),
    // 3.2.8, form-style queries
    ("{?who}", "?who=fred"),
    ("{?half}", "?half=50%25"),
    ("{?x,y}", "?x=1024&y=768"),
    ("{?x,y,empty}", "?x=1024&y=768&empty="),
    ("{?x,y,undef}", "?x=1024&y=768"),
    ("{?list}", "?list=red,green,blue"),
    ("{?list*}", "?list=red&list=green&list=blue"),
    ("{?keys}", "?keys=semi,%3B,dot,.,comma,%2C"),
    ("{?keys*}", "?semi=%3B&dot=.&comma=%2C"),
    ("{?empty_keys}", ""),
    ("{?empty_keys*}", ""),
    // 3.2.9, their continuation
    ("?fixed=yes{&x}", "?fixed=yes&x=1024"),
    ("?fixed=yes{&x,y,empty}", "?fixed=yes&x=1024&y=768&empty="),
    ("?fixed=yes{&x,y,undef}", "?fixed=yes&x=1024&y=768"),
    ("?fixed=yes{&list}", "?fixed=yes&list=red,green,blue"),
    (
        "?fixed=yes{&list*}",
        "?fixed=yes&list=red&list=green&list=blue",
    ),
    (
        "?fixed=yes{&keys}",
        "?fixed=yes&keys=semi,%3B,dot,.,comma,%2C",
    ),
    ("?fixed=yes{&keys*}", "?fixed=yes&semi=%3B&dot=.&comma=%2C"),
    // names beyond ASCII, and templates of several kinds
    ("{?straße}", "?stra%C3%9Fe=Gr%C3%BCner%20Weg"),
    (
        "{var}/pages{.who}{;v}{?list,x}{&keys*}",
        "value/pages.fred;v=6?list=red,green,blue&x=1024&semi=%3B&dot=.&comma=%2C",
    ),
];

fn variable(name: &str) -> Json {
    let known = VARIABLES.iter().find(|(known, _)| *known == name);
    json(known.map_or(r#""Grüner Weg""#, |(_, json)| json))
}

/// An expression, as OpenAPI says it.
struct Expression {
    operator: char,
    names: Vec<(&'static str, Explode)>,
}

impl Expression {
    fn read(text: &'static str) -> Self {
        let operator = text.chars().next().filter(|first| "+.;?&".contains(*first));
        let names = &text[operator.map_or(0, char::len_utf8)..];
        let names = names.split(',').map(|name| match name.strip_suffix('*') {
            Some(name) => (name, Explode::Yes),
            None => (name, Explode::No),
        });
        Self {
            operator: operator.unwrap_or(' '),
            names: names.collect(),
        }
    }

    /// What stands for it in a path.
    fn template(&self) -> String {
        if matches!(self.operator, '?' | '&') {
            return String::new();
        }
        self.names
            .iter()
            .map(|(name, _)| format!("{{{name}}}"))
            .collect()
    }

    fn give(&self, call: &mut Call) {
        for &(name, explode) in &self.names {
            let value = variable(name);
            match self.operator {
                '+' => call.path_reserved(name, Style::Simple, explode, &value),
                '.' => call.path(name, Style::Label, explode, &value),
                ';' => call.path(name, Style::Matrix, explode, &value),
                '?' | '&' => call.query(name, Style::Form, explode, &value),
                _ => call.path(name, Style::Simple, explode, &value),
            }
        }
    }
}

fn expand(core: &Core, template: &'static str) -> String {
    let mut path = "/".to_owned();
    let mut expressions = Vec::new();
    for (index, piece) in template.split(['{', '}']).enumerate() {
        if index % 2 == 0 {
            path.push_str(piece);
        } else {
            let expression = Expression::read(piece);
            path.push_str(&expression.template());
            expressions.push(expression);
        }
    }
    let spec = Box::leak(Box::new(OperationSpec {
        id: "operation",
        method: "GET",
        path: Box::leak(path.into_boxed_str()),
        request_types: &[],
        response_types: &[],
        security: &[],
        scopes: &[],
        servers: &[],
        token: None,
    }));
    let mut call = Call::new(core, spec);
    for expression in &expressions {
        expression.give(&mut call);
    }
    let request = call.request().unwrap();
    let target = request.uri().path_and_query().unwrap().as_str();
    target[1..].to_owned()
}

#[test]
fn the_examples_of_rfc_6570_expand_as_it_says() {
    let core = core();
    for (template, expected) in EXAMPLES {
        assert_eq!(expand(&core, template), *expected, "{template}");
    }
}
