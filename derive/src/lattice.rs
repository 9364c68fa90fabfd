//! `Lattice` and `DistributiveLattice` for structs, field by field.
//!
//! The generated code has the form of the implementations for tuples in the library's
//! `src/algebra/compound.rs`, and uses their helpers.

use proc_macro::{Ident, Span, TokenStream};

use crate::item::{Body, Field, Generics, Item, listed};
use crate::options::options;
use crate::tokens::{Error, Result, code, located};

/// A struct whose fields are combined.
pub(crate) struct Struct {
    name: Ident,
    generics: Generics,
    fields: Vec<Field>,
    krate: TokenStream,
    /// Bounds that replace those that the macro would write.
    bounds: Option<TokenStream>,
}

/// A field, and the variable that holds its result.
struct Part<'s> {
    field: &'s TokenStream,
    ty: &'s TokenStream,
    result: Ident,
}

impl Struct {
    pub(crate) fn read(item: Item) -> Result<Self> {
        let Body::Struct(fields) = item.body else {
            let message = "a lattice can be derived only for a struct; for an enum, write `impl Lattice for` it, \
                           which defines the join of two variants";
            return Err(Error::new(item.name.span(), message));
        };
        let mut own = Self {
            name: item.name,
            generics: item.generics,
            fields,
            krate: crate::names::library(),
            bounds: None,
        };
        for attribute in &item.attributes {
            if attribute.name.as_ref().is_none_or(|name| name.to_string() != "lattice") {
                continue;
            }
            for choice in options(attribute)? {
                match choice.name.as_str() {
                    "crate" => own.krate = choice.path()?,
                    "bounds" => own.bounds = Some(choice.list()?.stream()),
                    _ => {
                        let message = "the options are `crate = path` and `bounds(T: Bound, ...)`";
                        return Err(Error::new(choice.span, message));
                    }
                }
            }
        }
        Ok(own)
    }

    fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        self.fields.iter().enumerate().map(|(i, Field { name, ty })| {
            let result = Ident::new(&format!("__result_{i}"), Span::call_site());
            Part { field: name, ty, result }
        })
    }

    /// An implementation of a trait of the library, if all fields of types that the user chooses
    /// meet `bound`.
    fn implementation(&self, of: &str, bound: &TokenStream, body: &TokenStream) -> TokenStream {
        let mut generics = self.generics.clone();
        match &self.bounds {
            Some(bounds) => {
                generics.bounds.extend([bounds.clone()].into_iter().filter(|own| !own.is_empty()))
            }
            None => {
                let chosen = self.fields.iter().filter(|field| self.generics.is_generic(&field.ty));
                generics.bounds.extend(chosen.map(|Field { ty, .. }| code!("$ty: $bound", ty, bound)));
            }
        }
        let (parameters, named, bounds) = (generics.declared(), generics.named(), generics.bounds());
        let (name, krate) = (&self.name, &self.krate);
        code!(
            "#[automatically_derived]
            impl $parameters $krate::algebra::$of for $name $named $bounds { $body }",
            parameters,
            krate,
            of,
            name,
            named,
            bounds,
            body
        )
    }

    pub(crate) fn lattice(&self) -> TokenStream {
        let krate = &self.krate;
        let lattice = code!("$krate::algebra::Lattice", krate);
        let idempotent = self.idempotent(&lattice);
        let (result, help) =
            (code!("$krate::algebra::AlgebraicResult", krate), code!("$krate::algebra::__derive", krate));
        let results = |operation: &str| -> TokenStream {
            let each = self.parts().map(|Part { field, ty, result }| {
                code!(
                    "let $result = <$ty as $lattice>::$operation(&self.$field, &__other.$field);",
                    result,
                    ty,
                    lattice,
                    operation,
                    field
                )
            });
            each.collect()
        };
        let (joined, met) = (results("pjoin"), results("pmeet"));
        let none = self.none();
        let whole = self.whole("mask & $krate::algebra::COUNTER_IDENT != 0");
        let gone = self.each("|| $result.is_none()");
        let nothing = self.each("&& $help::leaves_nothing(&$result, &self.$field, &__other.$field)");
        let settled = self.each(
            "let $result = match $help::settled($result, &self.$field, &__other.$field) {
                ::core::option::Option::Some(result) => result,
                ::core::option::Option::None => return $krate::algebra::AlgebraicResult::None,
            };",
        );
        let statuses = self.parts().map(|Part { field, ty, .. }| {
            code!("<$ty as $lattice>::join_into(&mut self.$field, __other.$field)", ty, lattice, field)
        });
        let statuses = listed(statuses);
        let bottoms = listed(self.parts().map(|Part { field, ty, .. }| {
            code!("$field: <$ty as $lattice>::bottom(&self.$field)?", field, ty, lattice)
        }));
        // A struct without fields is like `()`.
        let bottom = if self.fields.is_empty() {
            code!("::core::option::Option::None")
        } else {
            code!("::core::option::Option::Some(Self { $bottoms })", bottoms)
        };
        let body = code!(
            "$idempotent

            fn pjoin(&self, __other: &Self) -> $result<Self> {
                $joined
                $none
                $whole
            }

            fn join_into(&mut self, __other: Self) -> $krate::algebra::AlgebraicStatus {
                $help::merged(&[$statuses])
            }

            fn pmeet(&self, __other: &Self) -> $result<Self> {
                $met
                $none
                if (false $gone) && (true $nothing) {
                    return $result::None;
                }
                $settled
                $whole
            }

            fn bottom(&self) -> ::core::option::Option<Self> {
                $bottom
            }",
            idempotent,
            result,
            joined,
            none,
            whole,
            krate,
            help,
            statuses,
            met,
            gone,
            nothing,
            settled,
            bottom
        );
        self.implementation("Lattice", &code!("$lattice + ::core::clone::Clone", lattice), &body)
    }

    pub(crate) fn distributive_lattice(&self) -> TokenStream {
        let krate = &self.krate;
        let (lattice, own) =
            (code!("$krate::algebra::Lattice", krate), code!("$krate::algebra::DistributiveLattice", krate));
        let idempotent = self.idempotent(&own);
        let results = self.parts().map(|Part { field, ty, result }| {
            code!(
                "let $result = <$ty as $own>::psubtract(&self.$field, &__other.$field);",
                result,
                ty,
                own,
                field
            )
        });
        let results: TokenStream = results.collect();
        let none = self.none();
        let settled = self.each(
            "let $result = $help::settled($result, &self.$field, &__other.$field)
                .unwrap_or($krate::algebra::AlgebraicResult::Identity($krate::algebra::SELF_IDENT));",
        );
        let whole = self.whole("false");
        // The difference of two structs without fields is nothing.
        let whole = if self.fields.is_empty() {
            code!("$krate::algebra::AlgebraicResult::None", krate)
        } else {
            whole
        };
        let body = code!(
            "$idempotent

            fn psubtract(&self, __other: &Self) -> $krate::algebra::AlgebraicResult<Self> {
                $results
                $none
                $settled
                $whole
            }",
            idempotent,
            krate,
            results,
            none,
            settled,
            whole
        );
        let bound = code!("$own + $lattice + ::core::clone::Clone", own, lattice);
        self.implementation("DistributiveLattice", &bound, &body)
    }

    /// Repeats the template for each field.
    fn each(&self, template: &str) -> TokenStream {
        let krate = &self.krate;
        let help = code!("$krate::algebra::__derive", krate);
        let each = self.parts().map(|Part { field, ty, result }| {
            // The compiler reports a missing bound at the field.
            let place = ty.clone().into_iter().next().map_or_else(Span::call_site, |tree| tree.span());
            located(code!(template, field, result, help, krate), place)
        });
        each.collect()
    }

    fn idempotent(&self, of: &TokenStream) -> TokenStream {
        let each = self.parts().map(|Part { ty, .. }| code!("&& <$ty as $of>::IDEMPOTENT", ty, of));
        let each: TokenStream = each.collect();
        code!("const IDEMPOTENT: bool = true $each;", each)
    }

    /// The return if nothing is left of any field.
    fn none(&self) -> TokenStream {
        if self.fields.is_empty() {
            return TokenStream::new();
        }
        let (krate, all) = (&self.krate, self.each("&& $result.is_none()"));
        code!("if true $all { return $krate::algebra::AlgebraicResult::None; }", krate, all)
    }

    /// The identity of the operands that all fields equal, or a new value.
    fn whole(&self, counter: &str) -> TokenStream {
        let krate = &self.krate;
        let masks = self.each("& $result.identity_mask().unwrap_or(0)");
        let counter = code!(counter, krate);
        let values = self.each("$field: $help::component($result, &self.$field, &__other.$field),");
        code!(
            "let mask = ($krate::algebra::SELF_IDENT | $krate::algebra::COUNTER_IDENT) $masks;
            $krate::algebra::__derive::identity_or(mask & $krate::algebra::SELF_IDENT != 0, $counter, || Self {
                $values
            })",
            krate, masks, counter, values
        )
    }
}
