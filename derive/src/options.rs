//! The options in a macro's attribute: `#[name(option, option = value, option(list))]`.

use proc_macro::{Delimiter, Group, Span, TokenStream, TokenTree};

use crate::item::Attribute;
use crate::tokens::{Error, Result};

/// An option as written.
pub(crate) struct Choice {
    pub(crate) name: String,
    pub(crate) span: Span,
    /// The tokens after the name.
    rest: Vec<TokenTree>,
    /// Where the option ends.
    end: Span,
}

/// The options of an attribute.
pub(crate) fn options(attribute: &Attribute) -> Result<Vec<Choice>> {
    let name = attribute.name.as_ref().expect("the attribute is known by its name");
    let group = match attribute.rest.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => group,
        _ => {
            return Err(Error::new(
                name.span(),
                format!("expected options in parentheses: `#[{name}(...)]`"),
            ));
        }
    };
    let mut choices = Vec::new();
    let mut trees = group.stream().into_iter().peekable();
    while let Some(tree) = trees.next() {
        let TokenTree::Ident(name) = tree else {
            return Err(Error::new(tree.span(), "expected the name of an option"));
        };
        let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ',');
        let mut rest = Vec::new();
        while let Some(tree) = trees.next_if(|tree| !is_comma(tree)) {
            rest.push(tree);
        }
        let end = trees.next().map_or_else(|| group.span_close(), |comma| comma.span());
        choices.push(Choice { name: name.to_string(), span: name.span(), rest, end });
    }
    Ok(choices)
}

impl Choice {
    /// An error at the whole option, or at the token that was not expected.
    fn expected(&self, what: &str) -> Error {
        Error::new(self.rest.first().map_or(self.end, TokenTree::span), format!("expected {what}"))
    }

    /// `option`
    pub(crate) fn flag(&self) -> Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.expected("`,`")) }
    }

    /// `option = value`
    pub(crate) fn value(&self) -> Result<&[TokenTree]> {
        match self.rest.as_slice() {
            [TokenTree::Punct(punct), value @ ..] if punct.as_char() == '=' => Ok(value),
            _ => Err(self.expected("`=`")),
        }
    }

    /// `option = path::to::it`
    pub(crate) fn path(&self) -> Result<TokenStream> {
        let value = self.value()?;
        let mut words = 0;
        for tree in value {
            match tree {
                TokenTree::Ident(_) => words += 1,
                TokenTree::Punct(punct) if [':', '$'].contains(&punct.as_char()) => {}
                TokenTree::Group(group) if group.delimiter() == Delimiter::None => words += 1,
                other => return Err(Error::new(other.span(), "expected a path")),
            }
        }
        if words == 0 {
            return Err(Error::new(self.end, "expected a path"));
        }
        Ok(value.iter().cloned().collect())
    }

    /// `option(list)`
    pub(crate) fn list(&self) -> Result<&Group> {
        match self.rest.as_slice() {
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => Ok(group),
            _ => Err(self.expected("parentheses")),
        }
    }
}
