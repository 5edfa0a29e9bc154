//! The files of a document, and what a reference's text leads to.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use serde_json::Value;

use super::identity::Identities;
use super::remote::{self, Remote};
use crate::diag::{Code, Diagnostics};
use crate::load::{FileId, LoadOptions, Source};
use crate::pointer::Pointer;

/// How many references may lead to one another before one of them leads to something.
const LONGEST_CHAIN: usize = 64;

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Target {
    /// The index of the file; 0 is the document.
    pub(super) file: usize,
    /// The node.
    pub(super) at: Pointer,
}

/// Why a reference leads to nothing.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) message: String,
}

/// One file.
pub(super) struct File {
    /// Its name in the table of origins.
    pub(super) id: FileId,
    /// What it says.
    pub(super) tree: Rc<Value>,
    /// Its path as people see it.
    pub(super) shown: PathBuf,
    /// Its folder on the disk, if it is on a disk.
    folder: Option<PathBuf>,
    /// Its URL, if it came over the network.
    url: Option<String>,
    /// Nodes with names of their own, once somebody asks.
    identities: Option<Rc<Identities>>,
}

/// The document's file and those it refers to, each read once.
pub(super) struct Files {
    list: Vec<File>,
    by_path: HashMap<PathBuf, usize>,
    /// The remote ones, by the URLs that are asked for and those that answered.
    by_url: HashMap<String, usize>,
    /// The folder that references may not leave.
    root: Option<PathBuf>,
    remote: Remote,
}

impl Files {
    /// Begins with the document itself.
    pub(super) fn new(id: FileId, source: &Source, tree: Rc<Value>, options: &LoadOptions) -> Self {
        let root = options.root.as_deref();
        let shown = PathBuf::from(&source.path);
        let folder = folder(&shown).canonicalize().ok();
        let root = root.map_or_else(|| folder.clone(), |root| root.canonicalize().ok());
        let by_path = shown
            .canonicalize()
            .ok()
            .map(|path| (path, 0))
            .into_iter()
            .collect();
        Self {
            list: vec![File {
                id,
                tree,
                shown,
                folder,
                url: None,
                identities: None,
            }],
            by_path,
            by_url: HashMap::new(),
            root,
            remote: Remote::new(&options.hosts),
        }
    }

    /// One of the files.
    pub(super) fn get(&self, file: usize) -> &File {
        &self.list[file]
    }

    /// Lets go of the document's tree, so that it can be changed.
    pub(super) fn release_document(&mut self) -> Rc<Value> {
        std::mem::take(&mut self.list[0].tree)
    }

    /// The node that a target names. `resolve` only returns targets that exist.
    pub(super) fn node<'t>(tree: &'t Value, at: &Pointer) -> Option<&'t Value> {
        tree.pointer(at.as_str())
    }

    /// Follows the text of a reference in `file`.
    ///
    /// # Errors
    /// If it leads out of the root, to the network, or to nothing.
    pub(super) fn resolve(
        &mut self,
        file: usize,
        text: &str,
        diags: &mut Diagnostics,
    ) -> Result<Target, Refusal> {
        self.follow(file, text, diags, 0)
    }

    fn follow(
        &mut self,
        file: usize,
        text: &str,
        diags: &mut Diagnostics,
        depth: usize,
    ) -> Result<Target, Refusal> {
        if depth > LONGEST_CHAIN {
            let message = format!("`{text}` leads in a circle");
            return Err(Refusal {
                code: Code::UnresolvedReference,
                message,
            });
        }
        let (uri, fragment) = text.split_once('#').unwrap_or((text, ""));
        if let Some(target) = self.named(file, text) {
            return Ok(target);
        }
        let found = if uri.is_empty() {
            Ok(Target {
                file,
                at: Pointer::root(),
            })
        } else if let Some(target) = self.named(file, uri) {
            Ok(target)
        } else {
            self.open(file, uri, diags).map(|file| Target {
                file,
                at: Pointer::root(),
            })
        };
        let Target { file: target, at } = match found {
            Ok(target) => target,
            Err(refusal) => return self.bare_name(file, text).ok_or(refusal),
        };
        let written = fragment;
        for fragment in [decoded(written), written.to_owned()] {
            if !fragment.is_empty()
                && !fragment.starts_with('/')
                && let Some(found) = self.named(target, &format!("#{fragment}"))
            {
                return Ok(found);
            }
            let from = Target {
                file: target,
                at: at.clone(),
            };
            if let Some(found) = self.walk(from, &Pointer::parse(&fragment), diags, depth)? {
                return Ok(found);
            }
        }
        self.bare_name(file, text).ok_or_else(|| Refusal {
            code: Code::UnresolvedReference,
            message: format!("`{text}` leads to nothing"),
        })
    }

    /// Goes down a pointer, through references that stand on the way.
    fn walk(
        &mut self,
        from: Target,
        pointer: &Pointer,
        diags: &mut Diagnostics,
        depth: usize,
    ) -> Result<Option<Target>, Refusal> {
        let Target { mut file, mut at } = from;
        for token in pointer.tokens() {
            let mut hops = depth;
            loop {
                let tree = Rc::clone(&self.list[file].tree);
                match tree.pointer(at.as_str()) {
                    Some(Value::Object(map)) if map.contains_key(&token) => break,
                    Some(Value::Array(list)) if is_index(&token, list.len()) => break,
                    Some(Value::Object(map)) => {
                        let Some(text) = map.get("$ref").and_then(Value::as_str) else {
                            return Ok(None);
                        };
                        hops += 1;
                        Target { file, at } = self.follow(file, text, diags, hops)?;
                    }
                    _ => return Ok(None),
                }
            }
            at = at.push(&token);
        }
        Ok(Some(Target { file, at }))
    }

    /// The way of old documents to name a model: `Pet` for `#/definitions/Pet`.
    fn bare_name(&self, file: usize, text: &str) -> Option<Target> {
        let name = text.trim_start_matches('#').trim_start_matches('/');
        let holders = ["definitions", "components/schemas"];
        let places = holders
            .iter()
            .map(|holder| Pointer::parse(holder).push(name));
        let tree = &self.list[file].tree;
        places
            .filter(|at| tree.pointer(at.as_str()).is_some())
            .map(|at| Target { file, at })
            .next()
    }

    /// The names that nodes of `file` have of their own.
    pub(super) fn identities(&mut self, file: usize) -> Rc<Identities> {
        let File {
            tree, identities, ..
        } = &mut self.list[file];
        Rc::clone(identities.get_or_insert_with(|| Rc::new(Identities::of(tree))))
    }

    /// The node that calls itself `name`: one of `file`, or of another file that is open.
    fn named(&mut self, file: usize, name: &str) -> Option<Target> {
        if name.starts_with("#/") || name == "#" || name.is_empty() {
            return None;
        }
        let others = (0..self.list.len()).filter(|other| *other != file && !name.starts_with('#'));
        let mut files = std::iter::once(file).chain(others);
        files.find_map(|file| {
            let at = self.identities(file).named(name)?.clone();
            Some(Target { file, at })
        })
    }

    /// Opens the file that a relative URI in `from` names, unless it is open.
    fn open(&mut self, from: usize, uri: &str, diags: &mut Diagnostics) -> Result<usize, Refusal> {
        let base = self.list[from].url.as_deref();
        if let Some(url) = base.and_then(|base| remote::join(base, uri)) {
            return self.fetch(&url, diags);
        }
        if base.is_some() || is_absolute(uri) {
            return self.fetch(uri, diags);
        }
        self.open_file(from, uri, diags)
    }

    /// Fetches what a URL names, unless that has been done.
    fn fetch(&mut self, url: &str, diags: &mut Diagnostics) -> Result<usize, Refusal> {
        if let Some(known) = self.by_url.get(url) {
            return Ok(*known);
        }
        let fetched = self.remote.fetch(url)?;
        if let Some(known) = self.by_url.get(&fetched.url) {
            let known = *known;
            self.by_url.insert(url.to_owned(), known);
            return Ok(known);
        }
        let source = Source::new(fetched.url.clone(), fetched.text);
        let file = self.add(&source, None, Some(fetched.url.clone()), diags);
        self.by_url.insert(url.to_owned(), file);
        self.by_url.insert(fetched.url, file);
        Ok(file)
    }

    /// Reads the tree of a file and gives it its place.
    fn add(
        &mut self,
        source: &Source,
        folder: Option<PathBuf>,
        url: Option<String>,
        diags: &mut Diagnostics,
    ) -> usize {
        let id = diags.origins_mut().add_file(source);
        let tree = crate::load::read(id, source, diags).unwrap_or_default();
        self.list.push(File {
            id,
            tree: Rc::new(tree),
            shown: PathBuf::from(&source.path),
            folder,
            url,
            identities: None,
        });
        self.list.len() - 1
    }

    /// Opens the file that a relative URI in another one on the disk names, unless it is open.
    fn open_file(
        &mut self,
        from: usize,
        uri: &str,
        diags: &mut Diagnostics,
    ) -> Result<usize, Refusal> {
        let path = decoded(uri);
        let outside = || Refusal {
            code: Code::ReferenceOutsideRoot,
            message: format!("`{uri}` is outside the folder that references may not leave"),
        };
        let missing = |reason: String| Refusal {
            code: Code::UnresolvedReference,
            message: format!("`{uri}` cannot be read: {reason}"),
        };
        let shown = lexical(&folder(&self.list[from].shown).join(&path));
        let (Some(folder), Some(root)) = (&self.list[from].folder, &self.root) else {
            return Err(missing("the document is not in a folder".to_owned()));
        };
        let wanted = lexical(&folder.join(&path));
        if !wanted.starts_with(root) {
            return Err(outside());
        }
        let Ok(real) = wanted.canonicalize() else {
            diags.origins_mut().miss(wanted);
            return Err(missing("there is no such file".to_owned()));
        };
        if !real.starts_with(root) {
            return Err(outside());
        }
        if let Some(known) = self.by_path.get(&real) {
            return Ok(*known);
        }
        if !real.is_file() {
            return Err(missing("it is not a file".to_owned()));
        }
        let mut source = Source::read(&real).map_err(|err| missing(err.kind().to_string()))?;
        source.path = shown.display().to_string();
        let folder = real.parent().map(Path::to_path_buf);
        let file = self.add(&source, folder, None, diags);
        self.by_path.insert(real, file);
        Ok(file)
    }
}

/// Whether a URI has a scheme or a host of its own. A scheme of one letter is a drive.
fn is_absolute(uri: &str) -> bool {
    let path = decoded(uri);
    let scheme = path.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        let mut letters = scheme.chars();
        scheme.len() > 1 && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    };
    path.starts_with("//") || scheme.is_some_and(is_scheme)
}

fn is_index(token: &str, len: usize) -> bool {
    token.parse::<usize>().is_ok_and(|index| index < len)
}

/// The folder of a file, `.` if it has none.
fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// A path without `.` and, as far as it goes, without `..`.
fn lexical(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(clean.components().next_back(), Some(Component::Normal(_))) =>
            {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

/// Undoes percent-encoding (RFC 3986, section 2.1); what is not properly encoded stays as it is.
pub(super) fn decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let hex = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes
            .get(at + 1)
            .copied()
            .and_then(hex)
            .zip(bytes.get(at + 2).copied().and_then(hex));
        if let (b'%', Some((high, low))) = (bytes[at], pair) {
            plain.push(high * 16 + low);
            at += 3;
        } else {
            plain.push(bytes[at]);
            at += 1;
        }
    }
    String::from_utf8(plain).unwrap_or_else(|_| text.to_owned())
}
