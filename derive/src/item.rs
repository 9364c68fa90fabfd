//! Reads the struct or enum that is the input of a macro.
//!
//! The compiler has parsed it before, so this only takes it apart and checks nothing.

use proc_macro::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::tokens::{Error, Result};

/// A struct, enum or union.
pub(crate) struct Item {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) name: Ident,
    pub(crate) generics: Generics,
    pub(crate) body: Body,
}

/// An attribute `#[name …]`.
pub(crate) struct Attribute {
    /// The name; `None` for a path of several names.
    pub(crate) name: Option<Ident>,
    /// The tokens after the name.
    pub(crate) rest: Vec<TokenTree>,
}

pub(crate) enum Body {
    Struct(Vec<Field>),
    Enum(Vec<Variant>),
    Union,
}

pub(crate) struct Variant {
    pub(crate) name: Ident,
    pub(crate) fields: VariantFields,
}

pub(crate) enum VariantFields {
    Unit,
    Tuple(Vec<Field>),
    Named,
}

pub(crate) struct Field {
    /// The name, or the number.
    pub(crate) name: TokenStream,
    pub(crate) ty: TokenStream,
}

/// The parameters of a type, and their bounds.
#[derive(Clone)]
pub(crate) struct Generics {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) bounds: Vec<TokenStream>,
}

#[derive(Clone)]
pub(crate) struct Parameter {
    pub(crate) kind: Kind,
    /// The name; a lifetime includes its quote.
    pub(crate) name: TokenStream,
    /// The parameter with its bounds, and without its default.
    declaration: TokenStream,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Lifetime,
    Type,
    Const,
}

/// Token trees, one after the other.
struct Trees {
    trees: Vec<TokenTree>,
    next: usize,
}

impl Trees {
    fn new(stream: TokenStream) -> Self {
        Self { trees: stream.into_iter().collect(), next: 0 }
    }

    fn peek(&self) -> Option<&TokenTree> {
        self.trees.get(self.next)
    }

    fn take(&mut self) -> Option<TokenTree> {
        let tree = self.trees.get(self.next).cloned();
        self.next += 1;
        tree
    }

    /// Removes the group that a macro has put around the next tree.
    fn ungroup(&mut self) {
        while let Some(group) = self.take_group(Delimiter::None) {
            self.next -= 1;
            self.trees.splice(self.next..=self.next, group.stream());
        }
    }

    fn take_punct(&mut self, char: char) -> bool {
        let found = self.peek().is_some_and(|tree| is_punct(tree, char));
        self.next += usize::from(found);
        found
    }

    fn take_group(&mut self, delimiter: Delimiter) -> Option<Group> {
        match self.peek() {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => {
                let group = group.clone();
                self.next += 1;
                Some(group)
            }
            _ => None,
        }
    }

    fn ident(&mut self) -> Result<Ident> {
        let span = self.peek().map_or_else(Span::call_site, TokenTree::span);
        match self.take() {
            Some(TokenTree::Ident(ident)) => Ok(ident),
            _ => Err(Error::new(span, "expected a name")),
        }
    }

    fn attributes(&mut self) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        while self.take_punct('#') {
            let Some(group) = self.take_group(Delimiter::Bracket) else { break };
            let mut rest = ungrouped(group.stream());
            let name = match rest.as_slice() {
                [TokenTree::Ident(_), path, ..] if is_punct(path, ':') => None,
                [TokenTree::Ident(name), ..] => Some(name.clone()),
                _ => None,
            };
            if name.is_some() {
                rest.remove(0);
            }
            attributes.push(Attribute { name, rest });
        }
        attributes
    }

    /// Skips `pub`, `pub(crate)` and the like. A macro passes them as a group without delimiters.
    fn visibility(&mut self) {
        let is_pub = |tree: &TokenTree| matches!(tree, TokenTree::Ident(ident) if ident.to_string() == "pub");
        match self.peek() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::None => {
                self.next += usize::from(group.stream().into_iter().next().is_none_or(|tree| is_pub(&tree)));
            }
            Some(tree) if is_pub(tree) => {
                self.next += 1;
                // A field of a tuple may be a tuple itself: `pub (crate::A, B)`.
                let restricted = match self.peek() {
                    Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                        let words: Vec<String> =
                            group.stream().into_iter().map(|tree| tree.to_string()).collect();
                        let first = words.first().map_or("", String::as_str);
                        first == "in" || (words.len() == 1 && ["crate", "self", "super"].contains(&first))
                    }
                    _ => false,
                };
                self.next += usize::from(restricted);
            }
            _ => {}
        }
    }

    /// The trees read since a position.
    fn since(&self, place: usize) -> TokenStream {
        self.trees[place..self.next].iter().cloned().collect()
    }

    /// The trees before the next one for which `ends` holds, outside of all angle brackets.
    fn until(&mut self, ends: impl Fn(&TokenTree) -> bool) -> Vec<TokenTree> {
        let (mut depth, mut passed) = (0, Vec::new());
        while let Some(tree) = self.peek() {
            // The arrow of a return type is not a bracket.
            let arrow = is_punct(tree, '>') && passed.last().is_some_and(|before| is_punct(before, '-'));
            if depth == 0 && !arrow && ends(tree) {
                break;
            }
            depth += i32::from(is_punct(tree, '<'));
            depth -= i32::from(is_punct(tree, '>') && !arrow);
            passed.extend(self.take());
        }
        passed
    }
}

fn is_punct(tree: &TokenTree, char: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == char)
}

/// The trees, without the groups that a macro has put around its arguments.
fn ungrouped(stream: TokenStream) -> Vec<TokenTree> {
    let each = |tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => ungrouped(group.stream()),
        tree => vec![tree],
    };
    stream.into_iter().flat_map(each).collect()
}

impl Item {
    pub(crate) fn read(input: TokenStream) -> Result<Self> {
        let mut trees = Trees::new(input);
        let attributes = trees.attributes();
        trees.visibility();
        let keyword = trees.ident()?;
        let name = trees.ident()?;
        let parameters = parameters(&mut trees)?;
        // A tuple struct has its bounds after its fields.
        let tuple = trees.take_group(Delimiter::Parenthesis);
        let bounds = bounds(&mut trees);
        let braced = trees.take_group(Delimiter::Brace).map(|group| group.stream()).unwrap_or_default();
        let body = match keyword.to_string().as_str() {
            "struct" => Body::Struct(match tuple {
                Some(tuple) => tuple_fields(tuple.stream()),
                None => named_fields(braced)?,
            }),
            "enum" => Body::Enum(variants(braced)?),
            _ => Body::Union,
        };
        Ok(Self { attributes, name, generics: Generics { parameters, bounds }, body })
    }
}

fn parameters(trees: &mut Trees) -> Result<Vec<Parameter>> {
    let mut parameters = Vec::new();
    if !trees.take_punct('<') {
        return Ok(parameters);
    }
    while !trees.take_punct('>') {
        trees.attributes();
        trees.ungroup();
        let start = trees.next;
        let kind = match trees.peek() {
            Some(tree) if is_punct(tree, '\'') => Kind::Lifetime,
            Some(TokenTree::Ident(ident)) if ident.to_string() == "const" => Kind::Const,
            _ => Kind::Type,
        };
        trees.next += usize::from(kind != Kind::Type);
        let before = if kind == Kind::Const { trees.next } else { start };
        trees.ident()?;
        let name = trees.since(before);
        trees.until(|tree| ['=', ',', '>'].iter().any(|&char| is_punct(tree, char)));
        let declaration = trees.since(start);
        parameters.push(Parameter { kind, name, declaration });
        // The default.
        trees.until(|tree| is_punct(tree, ',') || is_punct(tree, '>'));
        trees.take_punct(',');
    }
    Ok(parameters)
}

fn bounds(trees: &mut Trees) -> Vec<TokenStream> {
    let mut bounds = Vec::new();
    let is_body =
        |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    if matches!(trees.peek(), Some(TokenTree::Ident(ident)) if ident.to_string() == "where") {
        trees.next += 1;
        loop {
            let bound = trees.until(|tree| is_punct(tree, ',') || is_punct(tree, ';') || is_body(tree));
            if !bound.is_empty() {
                bounds.push(bound.into_iter().collect());
            }
            if !trees.take_punct(',') {
                break;
            }
        }
    }
    bounds
}

fn tuple_fields(stream: TokenStream) -> Vec<Field> {
    let mut trees = Trees::new(stream);
    let mut fields = Vec::new();
    while trees.peek().is_some() {
        trees.attributes();
        trees.visibility();
        let ty = trees.until(|tree| is_punct(tree, ',')).into_iter().collect();
        let number = proc_macro::Literal::usize_unsuffixed(fields.len());
        fields.push(Field { name: TokenTree::from(number).into(), ty });
        trees.take_punct(',');
    }
    fields
}

fn named_fields(stream: TokenStream) -> Result<Vec<Field>> {
    let mut trees = Trees::new(stream);
    let mut fields = Vec::new();
    while trees.peek().is_some() {
        trees.attributes();
        trees.visibility();
        let name = TokenTree::from(trees.ident()?).into();
        trees.take_punct(':');
        let ty = trees.until(|tree| is_punct(tree, ',')).into_iter().collect();
        fields.push(Field { name, ty });
        trees.take_punct(',');
    }
    Ok(fields)
}

fn variants(stream: TokenStream) -> Result<Vec<Variant>> {
    let mut trees = Trees::new(stream);
    let mut variants = Vec::new();
    while trees.peek().is_some() {
        trees.attributes();
        trees.visibility();
        let name = trees.ident()?;
        let fields = if let Some(tuple) = trees.take_group(Delimiter::Parenthesis) {
            VariantFields::Tuple(tuple_fields(tuple.stream()))
        } else if trees.take_group(Delimiter::Brace).is_some() {
            VariantFields::Named
        } else {
            VariantFields::Unit
        };
        // A discriminant is an expression, where `<` may be less-than and `::<` is not.
        let (mut depth, mut path) = (0, false);
        while let Some(tree) = trees.take() {
            if depth == 0 && is_punct(&tree, ',') {
                break;
            } else if is_punct(&tree, '<') && (path || depth > 0) {
                depth += 1;
            } else if is_punct(&tree, '>') && depth > 0 {
                depth -= 1;
            }
            path = is_punct(&tree, ':');
        }
        variants.push(Variant { name, fields });
    }
    Ok(variants)
}

impl Generics {
    /// The names of parameters of a kind.
    pub(crate) fn names(&self, kind: Kind) -> impl Iterator<Item = String> {
        self.parameters.iter().filter(move |parameter| parameter.kind == kind).map(|own| own.name.to_string())
    }

    /// `'a, T: Bound, const N: usize,`, as inside the angle brackets after `impl`.
    pub(crate) fn parameters(&self) -> TokenStream {
        listed(self.parameters.iter().map(|parameter| parameter.declaration.clone()))
    }

    /// `<'a, T: Bound, const N: usize>`, as after `impl`.
    pub(crate) fn declared(&self) -> TokenStream {
        angled(self.parameters())
    }

    /// `<'a, T, N>`, as after the name of the type.
    pub(crate) fn named(&self) -> TokenStream {
        angled(listed(self.parameters.iter().map(|parameter| parameter.name.clone())))
    }

    /// `T: Bound,`, as after `where`.
    pub(crate) fn predicates(&self) -> TokenStream {
        listed(self.bounds.iter().cloned())
    }

    /// `where T: Bound,`.
    pub(crate) fn bounds(&self) -> TokenStream {
        let list = self.predicates();
        if list.is_empty() { list } else { crate::tokens::code!("where $list", list) }
    }

    /// Whether tokens depend on a type or a constant that the user of the type chooses.
    pub(crate) fn is_generic(&self, tokens: &TokenStream) -> bool {
        let names: Vec<String> = self.names(Kind::Type).chain(self.names(Kind::Const)).collect();
        mentions(tokens, &names)
    }
}

/// Whether any of the names occurs.
fn mentions(tokens: &TokenStream, names: &[String]) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Ident(ident) => names.contains(&ident.to_string()),
        TokenTree::Group(group) => mentions(&group.stream(), names),
        _ => false,
    })
}

fn angled(list: TokenStream) -> TokenStream {
    if list.is_empty() { list } else { crate::tokens::code!("< $list >", list) }
}

/// The items, each followed by a comma.
pub(crate) fn listed(items: impl Iterator<Item = TokenStream>) -> TokenStream {
    items.map(|item| crate::tokens::code!("$item ,", item)).collect()
}
