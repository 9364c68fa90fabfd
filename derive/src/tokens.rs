//! Tokens made from text, and errors as tokens.
//!
//! This replaces `quote`. Users compile a derive macro before anything that uses it. This one
//! uses only the compiler's own crate, since `syn`, `quote` and their dependencies take longer to
//! build than the rest.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// The tokens of a text in which each `$name` is replaced by the variable of that name.
///
/// The text is whole Rust, so that its brackets match. The variables keep their spans.
macro_rules! code {
    ($text:expr $(, $name:ident)* $(,)?) => {
        $crate::tokens::fill(
            &$text.parse().expect("the text of a template is Rust"),
            &[$((stringify!($name), $crate::tokens::Hole::tokens(&$name))),*],
        )
    };
}
pub(crate) use code;

/// A value that may replace a `$name`.
pub(crate) trait Hole {
    fn tokens(&self) -> TokenStream;
}

impl Hole for TokenStream {
    fn tokens(&self) -> TokenStream {
        self.clone()
    }
}

impl Hole for Ident {
    fn tokens(&self) -> TokenStream {
        TokenTree::from(self.clone()).into()
    }
}

impl Hole for Literal {
    fn tokens(&self) -> TokenStream {
        TokenTree::from(self.clone()).into()
    }
}

impl Hole for str {
    fn tokens(&self) -> TokenStream {
        self.parse().expect("the text is Rust")
    }
}

impl<T: Hole + ?Sized> Hole for &T {
    fn tokens(&self) -> TokenStream {
        (**self).tokens()
    }
}

/// The template with its holes filled.
pub(crate) fn fill(template: &TokenStream, holes: &[(&str, TokenStream)]) -> TokenStream {
    let mut filled = TokenStream::new();
    let mut trees = template.clone().into_iter();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == '$' => {
                let name = trees.next().expect("a name follows `$`").to_string();
                let hole = holes.iter().find(|(hole, _)| *hole == name);
                filled.extend(hole.unwrap_or_else(|| panic!("nothing is given for ${name}")).1.clone());
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), fill(&group.stream(), holes));
                inner.set_span(group.span());
                filled.extend([TokenTree::from(inner)]);
            }
            other => filled.extend([other]),
        }
    }
    filled
}

/// The tokens, shown in messages as those at `place`. They still resolve as before.
pub(crate) fn located(stream: TokenStream, place: Span) -> TokenStream {
    let each = stream.into_iter().map(|tree| {
        let span = tree.span().located_at(place);
        let mut tree = match tree {
            TokenTree::Group(group) => {
                TokenTree::from(Group::new(group.delimiter(), located(group.stream(), place)))
            }
            other => other,
        };
        tree.set_span(span);
        tree
    });
    each.collect()
}

/// The reason why a macro refuses its input.
pub(crate) struct Error {
    from: Span,
    to: Span,
    message: String,
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self::spanning(span, span, message)
    }

    /// An error that underlines the tokens between two places.
    pub(crate) fn spanning(from: Span, to: Span, message: impl Into<String>) -> Self {
        Self { from, to, message: message.into() }
    }

    /// A call of `compile_error!`. The compiler underlines it from its first token to its last.
    pub(crate) fn into_compile_error(self) -> TokenStream {
        let punct = |char, spacing| {
            let mut punct = Punct::new(char, spacing);
            punct.set_span(self.from);
            TokenTree::from(punct)
        };
        let ident = |name| TokenTree::from(Ident::new(name, self.from));
        let mut message = Literal::string(&self.message);
        message.set_span(self.to);
        let mut group = Group::new(Delimiter::Brace, TokenTree::from(message).into());
        group.set_span(self.to);
        TokenStream::from_iter([
            punct(':', Spacing::Joint),
            punct(':', Spacing::Alone),
            ident("core"),
            punct(':', Spacing::Joint),
            punct(':', Spacing::Alone),
            ident("compile_error"),
            punct('!', Spacing::Alone),
            group.into(),
        ])
    }
}
