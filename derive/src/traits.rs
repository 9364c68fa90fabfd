//! The traits that an enum of zippers can have.

use std::collections::BTreeSet;
use std::fmt;

use proc_macro::Ident;

macro_rules! traits {
    ($($name:ident: $value:literal $lifetime:literal [$($needs:ident)*];)*) => {
        /// A trait of zippers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(clippy::enum_variant_names, reason = "they are the names of the traits")]
        pub(crate) enum Trait {
            $($name,)*
        }

        impl Trait {
            pub(crate) fn all() -> BTreeSet<Self> {
                BTreeSet::from([$(Self::$name,)*])
            }

            pub(crate) fn of_name(name: &Ident) -> Option<Self> {
                let name = name.to_string();
                $(
                    if name == stringify!($name) {
                        return Some(Self::$name);
                    }
                )*
                None
            }

            /// Whether the trait has a parameter for the type of values.
            pub(crate) fn has_value(self) -> bool {
                match self {
                    $(Self::$name => $value,)*
                }
            }

            /// Whether the trait has a parameter for the lifetime of values.
            pub(crate) fn has_lifetime(self) -> bool {
                match self {
                    $(Self::$name => $lifetime,)*
                }
            }

            /// The supertraits.
            fn needs(self) -> &'static [Self] {
                match self {
                    $(Self::$name => &[$(Self::$needs,)*],)*
                }
            }
        }

        impl fmt::Display for Trait {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$name => stringify!($name),)*
                })
            }
        }
    };
}

traits! {
    Zipper: false false [];
    ZipperValues: true false [];
    ZipperReadOnlyValues: true true [ZipperValues];
    ZipperReadOnlyConditionalValues: true true [ZipperValues];
    ZipperMoving: false false [Zipper];
    ZipperIteration: false false [ZipperMoving];
    ZipperReadOnlyIteration: true true [ZipperReadOnlyValues ZipperIteration];
    ZipperReadOnlyConditionalIteration: true true [ZipperReadOnlyConditionalValues ZipperIteration];
    ZipperAbsolutePath: false false [ZipperMoving];
    ZipperPathBuffer: false false [ZipperMoving];
    ZipperConcrete: false false [];
    ZipperForking: true false [];
    ZipperSubtries: true false [ZipperValues Zipper];
    ZipperInfallibleSubtries: true false [ZipperSubtries];
    ZipperReadOnlySubtries: true true [ZipperSubtries];
    ZipperProduct: false false [ZipperAbsolutePath ZipperIteration];
}

impl Trait {
    /// The message for a name that is not a trait of zippers.
    pub(crate) fn unknown() -> String {
        let known: Vec<String> = Self::all().iter().map(Self::to_string).collect();
        format!("the macro does not implement this trait; it implements {}", known.join(", "))
    }

    /// Adds the trait and all its supertraits.
    pub(crate) fn add_to(self, traits: &mut BTreeSet<Self>) {
        if traits.insert(self) {
            self.needs().iter().for_each(|needed| needed.add_to(traits));
        }
    }
}
