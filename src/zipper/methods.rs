//! The method table of the zipper traits: one line for each method.
//!
//! Many zippers wrap another zipper, or one of several, and forward each call to it.
//! [`__zipper_methods!`](crate::__zipper_methods) lists the methods of each trait, and
//! [`__forward!`](crate::__forward) turns such a list into an implementation.
//!
//! ```text
//! forward! { … }   in this crate ─┐
//!                                 ├─► __zipper_methods! ─► __forward! ─► impl Trait for Type { … }
//! #[derive(PolyZipper)]  anywhere ┘      the table        the expansion
//! ```
//!
//! To add a method to a trait, declare it in the trait, add its line here, and write it for the
//! zippers that do the work. If a required method has no line, the compiler reports a missing
//! trait item at each forwarding zipper; if a provided one has none, those zippers use its
//! default.
//!
//! # Lines
//! A line is a signature in which square brackets replace the angle brackets of the generics and
//! enclose the bounds after `where`, so that a macro can take it apart.
//!
//! A trait has three blocks: its associated type, methods that some wrappers write themselves, and
//! all others. The second block has the methods whose signatures name the associated type, and
//! those that depend on the zipper's root. A wrapper with an associated type or a root of its own
//! may replace that block.
//!
//! The derive macro expands in the crates of users, where any name may mean something else.
//! Therefore the traits that it implements have full paths here, and the caller names the type
//! parameter of paths (`$K`). The last two traits are implemented in this crate alone; files that
//! forward them import what their lines name.

/// The table: passes the methods of a trait to `__forward!`.
///
/// Takes the trait, a name for the type parameter of paths, and the first argument of
/// `__forward!`.
#[doc(hidden)]
#[macro_export]
macro_rules! __zipper_methods {
    (Zipper, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [] $crate::zipper::Zipper, {} {} {
            fn path_exists(&self) -> bool;
            fn is_val(&self) -> bool;
            fn child_count(&self) -> usize;
            fn child_mask(&self) -> $crate::ByteMask;
        } }
    };
    (ZipperValues<$V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [$V] $crate::zipper::ZipperValues<$V>, {} {} {
            fn val(&self) -> ::core::option::Option<&$V>;
            fn val_at[$K: ::core::convert::AsRef<[u8]>](&self, path: $K) -> ::core::option::Option<&$V>;
            fn vals_at[$K: ::core::iter::IntoIterator<Item: ::core::convert::AsRef<[u8]>>](
                &self, paths: $K
            ) -> ::std::vec::Vec<::core::option::Option<&$V>>;
        } }
    };
    (ZipperReadOnlyValues<$trie:lifetime, $V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [$trie,] [$V] $crate::zipper::ZipperReadOnlyValues<$trie, $V>, {} {} {
            fn get_val(&self) -> ::core::option::Option<&$trie $V>;
            fn get_val_at[$K: ::core::convert::AsRef<[u8]>](
                &self, path: $K
            ) -> ::core::option::Option<&$trie $V>;
            fn get_vals_at[$K: ::core::iter::IntoIterator<Item: ::core::convert::AsRef<[u8]>>](
                &self, paths: $K
            ) -> ::std::vec::Vec<::core::option::Option<&$trie $V>>;
        } }
    };
    (ZipperReadOnlyConditionalValues<$trie:lifetime, $V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [$trie,] [$V] $crate::zipper::ZipperReadOnlyConditionalValues<$trie, $V>, {
            type WitnessT;
        } {
            fn witness['w](&self) -> Self::WitnessT;
            fn get_val_with_witness['w](&self, witness: &'w Self::WitnessT) -> ::core::option::Option<&'w $V>
                where [$trie: 'w];
        } {} }
    };
    (ZipperMoving, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [] $crate::zipper::ZipperMoving, {} {
            fn path(&self) -> &[u8];
            fn at_root(&self) -> bool;
            fn reset(&mut self);
            fn move_to_path[$K: ::core::convert::AsRef<[u8]>](&mut self, path: $K) -> usize;
            fn ascend(&mut self, steps: usize) -> bool;
            fn ascend_byte(&mut self) -> bool;
            fn ascend_until(&mut self) -> bool;
            fn ascend_until_branch(&mut self) -> bool;
            fn to_next_sibling_byte(&mut self) -> bool;
            fn to_prev_sibling_byte(&mut self) -> bool;
            fn to_next_step(&mut self) -> bool;
        } {
            fn val_count(&self) -> usize;
            fn tip_count(&self) -> ::core::option::Option<usize>;
            fn descend_to[$K: ::core::convert::AsRef<[u8]>](&mut self, k: $K);
            fn descend_to_check[$K: ::core::convert::AsRef<[u8]>](&mut self, k: $K) -> bool;
            fn descend_to_existing[$K: ::core::convert::AsRef<[u8]>](&mut self, k: $K) -> usize;
            fn descend_to_val[$K: ::core::convert::AsRef<[u8]>](&mut self, k: $K) -> usize;
            fn descend_to_byte(&mut self, k: u8);
            fn descend_to_existing_byte(&mut self, k: u8) -> bool;
            fn descend_indexed_byte(&mut self, idx: usize) -> bool;
            fn descend_first_byte(&mut self) -> bool;
            fn descend_last_byte(&mut self) -> bool;
            fn descend_until(&mut self) -> bool;
            fn descend_until_max_bytes(&mut self, max_bytes: usize) -> bool;
            fn at_tip(&self) -> bool;
            fn descend_to_check_or_tip(&mut self, k: &[u8]) -> ::core::result::Result<bool, usize>;
            fn descend_beyond(&mut self, bytes: &[u8]);
            fn replace_beyond(&mut self, bytes: &[u8]);
        } }
    };
    (ZipperIteration, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [] $crate::zipper::ZipperIteration, {} {
            fn to_next_val(&mut self) -> bool;
            fn to_prev_step(&mut self) -> bool;
            fn to_prev_val(&mut self) -> bool;
            fn to_next_k_path(&mut self, k: usize) -> bool;
            fn to_next_val_or_tip(&mut self) -> bool;
            fn to_next_k_path_or_tip(&mut self, above: usize, len: usize) -> bool;
        } {
            fn descend_last_path(&mut self) -> bool;
            fn descend_first_k_path(&mut self, k: usize) -> bool;
            fn descend_first_k_path_or_tip(&mut self, k: usize) -> bool;
        } }
    };
    (ZipperReadOnlyIteration<$trie:lifetime, $V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [$trie,] [$V] $crate::zipper::ZipperReadOnlyIteration<$trie, $V>, {} {} {
            fn to_next_get_val(&mut self) -> ::core::option::Option<&$trie $V>;
        } }
    };
    (ZipperReadOnlyConditionalIteration<$trie:lifetime, $V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [$trie,] [$V]
        $crate::zipper::ZipperReadOnlyConditionalIteration<$trie, $V>, {} {
            fn to_next_get_val_with_witness['w](
                &mut self, witness: &'w Self::WitnessT
            ) -> ::core::option::Option<&'w $V> where [$trie: 'w];
        } {} }
    };
    (ZipperAbsolutePath, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [] $crate::zipper::ZipperAbsolutePath, {} {} {
            fn origin_path(&self) -> &[u8];
            fn root_prefix_path(&self) -> &[u8];
        } }
    };
    (ZipperPathBuffer, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [] $crate::zipper::ZipperPathBuffer, {} {} {
            unsafe fn origin_path_assert_len(&self, len: usize) -> &[u8];
            fn prepare_buffers(&mut self);
            fn reserve_buffers(&mut self, path_len: usize, stack_depth: usize);
        } }
    };
    (ZipperConcrete, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [] $crate::zipper::ZipperConcrete, {} {} {
            fn shared_node_id(&self) -> ::core::option::Option<u64>;
            fn is_shared(&self) -> bool;
        } }
    };
    (ZipperForking<$V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [$V] $crate::zipper::ZipperForking<$V>, {
            type ReadZipperT['z] where [Self: 'z];
        } {
            fn fork_read_zipper['z](&'z self) -> Self::ReadZipperT<'z>;
        } {} }
    };
    (ZipperSubtries<$V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [$V] $crate::zipper::ZipperSubtries<$V>, {} {} {
            fn native_subtries(&self) -> bool;
            fn try_make_map(&self) -> ::core::option::Option<$crate::PathMap<$V>>;
            fn trie_ref(&self) -> ::core::option::Option<$crate::zipper::TrieRef<'_, $V>>;
        } }
    };
    (ZipperInfallibleSubtries<$V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [$V] $crate::zipper::ZipperInfallibleSubtries<$V>, {} {} {
            fn make_map(&self) -> $crate::PathMap<$V>;
            fn get_trie_ref(&self) -> $crate::zipper::TrieRef<'_, $V>;
        } }
    };
    (ZipperReadOnlySubtries<$trie:lifetime, $V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [$trie,] [$V] $crate::zipper::ZipperReadOnlySubtries<$trie, $V>, {
            type TrieRefT where [$V: $trie];
        } {
            fn trie_ref_at_path[$K: ::core::convert::AsRef<[u8]>](&self, path: $K) -> Self::TrieRefT;
        } {
            fn known_prefix(&self) -> &[u8];
        } }
    };
    (ZipperProduct, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [] $crate::zipper::ZipperProduct, {} {} {
            fn factor_count(&self) -> usize;
            fn focus_factor(&self) -> usize;
            fn path_indices(&self) -> &[usize];
        } }
    };
    (ZipperWriting<$V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [] [$V] $crate::zipper::ZipperWriting<$V>, {
            type ZipperHead['z] where [Self: 'z];
        } {
            fn zipper_head['z](&'z mut self) -> Self::ZipperHead<'z>;
        } {
            fn get_val_mut(&mut self) -> Option<&mut $V>;
            fn get_val_or_set_mut(&mut self, default: $V) -> &mut $V;
            fn get_val_or_set_mut_with[F](&mut self, func: F) -> &mut $V where [F: FnOnce() -> $V];
            fn set_val(&mut self, val: $V) -> Option<$V>;
            fn remove_val(&mut self, prune: bool) -> Option<$V>;
            fn graft[Z: ZipperInfallibleSubtries<$V>](&mut self, read_zipper: &Z);
            fn graft_src_at[Z: ZipperInfallibleSubtries<$V>, $K: AsRef<[u8]>](&mut self, src: &Z, path: $K);
            fn graft_map(&mut self, map: PathMap<$V>);
            fn graft_masked_branches[Z: ZipperInfallibleSubtries<$V>](
                &mut self, src: &Z, child_mask: ByteMask, remove_unset: bool
            );
            fn graft_child_maps[I: IntoIterator<Item = PathMap<$V>>](
                &mut self, child_mask: ByteMask, maps: I, remove_unset: bool
            );
            fn join_into[Z: ZipperInfallibleSubtries<$V>](&mut self, read_zipper: &Z) -> AlgebraicStatus
                where [$V: Lattice];
            fn join_into_with[Z, F, R](&mut self, read_zipper: &Z, values: F) -> AlgebraicStatus
                where [
                    Z: ZipperInfallibleSubtries<$V>, F: FnMut(&$V, &$V) -> R, R: Into<AlgebraicResult<$V>>
                ];
            fn join_map_into(&mut self, map: PathMap<$V>) -> AlgebraicStatus where [$V: Lattice];
            fn join_into_take[Z](&mut self, src_zipper: &mut Z, prune: bool) -> AlgebraicStatus
                where [$V: Lattice, Z: ZipperInfallibleSubtries<$V> + ZipperWriting<$V>];
            fn join_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool where [$V: Lattice];
            fn meet_k_path_into(&mut self, byte_cnt: usize, prune: bool) -> bool where [$V: Lattice];
            fn meet_into[Z: ZipperInfallibleSubtries<$V>](
                &mut self, read_zipper: &Z, prune: bool
            ) -> AlgebraicStatus where [$V: Lattice];
            fn meet_into_with[Z, F, R](&mut self, read_zipper: &Z, prune: bool, values: F) -> AlgebraicStatus
                where [
                    Z: ZipperInfallibleSubtries<$V>, F: FnMut(&$V, &$V) -> R, R: Into<AlgebraicResult<$V>>
                ];
            fn meet_2[ZA, ZB](&mut self, rz_a: &ZA, rz_b: &ZB) -> AlgebraicStatus
                where [$V: Lattice, ZA: ZipperInfallibleSubtries<$V>, ZB: ZipperInfallibleSubtries<$V>];
            fn subtract_into[Z: ZipperInfallibleSubtries<$V>](
                &mut self, read_zipper: &Z, prune: bool
            ) -> AlgebraicStatus where [$V: DistributiveLattice];
            fn subtract_into_with[Z, F, R](
                &mut self, read_zipper: &Z, prune: bool, values: F
            ) -> AlgebraicStatus
                where [
                    Z: ZipperInfallibleSubtries<$V>, F: FnMut(&$V, &$V) -> R, R: Into<AlgebraicResult<$V>>
                ];
            fn restrict[Z: ZipperInfallibleSubtries<$V>](&mut self, read_zipper: &Z) -> AlgebraicStatus;
            fn restricting[Z: ZipperInfallibleSubtries<$V>](&mut self, read_zipper: &Z) -> bool;
            fn insert_prefix[$K: AsRef<[u8]>](&mut self, prefix: $K) -> bool;
            fn remove_prefix(&mut self, n: usize) -> bool;
            fn take_map(&mut self, prune: bool) -> Option<PathMap<$V>>;
            fn remove_branches(&mut self, prune: bool) -> bool;
            fn remove_unmasked_branches(&mut self, mask: ByteMask, prune: bool);
            fn create_path(&mut self) -> bool;
            fn prune_path(&mut self) -> usize;
            fn prune_ascend(&mut self) -> usize;
        } }
    };
    (ZipperCreation<$trie:lifetime, $V:ident>, $K:ident, $how:tt) => {
        $crate::__forward! { $how [$trie,] [$V] $crate::zipper::ZipperCreation<$trie, $V>, {} {} {
            fn read_zipper_at_path['a, $K: AsRef<[u8]>](
                &'a self, path: $K
            ) -> Result<ReadZipperTracked<'a, 'static, $V>, Conflict> where [$trie: 'a];
            fn read_zipper_at_borrowed_path['a, 'path, $K: AsRef<[u8]> + ?Sized](
                &'a self, path: &'path $K
            ) -> Result<ReadZipperTracked<'a, 'path, $V>, Conflict> where [$trie: 'a];
            fn read_zipper_at_path_timeout['a, $K: AsRef<[u8]>](
                &'a self, path: $K, timeout: Duration
            ) -> Result<ReadZipperTracked<'a, 'static, $V>, Conflict> where [$trie: 'a];
            fn read_zipper_at_path_async['a, $K: AsRef<[u8]>](&'a self, path: $K) -> ReadZipperFuture<'a, $V>
                where [$trie: 'a];
            unsafe fn read_zipper_at_path_unchecked['a, $K: AsRef<[u8]>](
                &'a self, path: $K
            ) -> ReadZipperTracked<'a, 'static, $V> where [$trie: 'a];
            unsafe fn read_zipper_at_borrowed_path_unchecked['a, 'path, $K: AsRef<[u8]> + ?Sized](
                &'a self, path: &'path $K
            ) -> ReadZipperTracked<'a, 'path, $V> where [$trie: 'a];
            fn write_zipper_at_exclusive_path['a, $K: AsRef<[u8]>](
                &'a self, path: $K
            ) -> Result<WriteZipperTracked<'a, 'static, $V>, Conflict> where [$trie: 'a];
            fn write_zipper_at_exclusive_path_timeout['a, $K: AsRef<[u8]>](
                &'a self, path: $K, timeout: Duration
            ) -> Result<WriteZipperTracked<'a, 'static, $V>, Conflict> where [$trie: 'a];
            fn write_zipper_at_exclusive_path_async['a, $K: AsRef<[u8]>](
                &'a self, path: $K
            ) -> WriteZipperFuture<'a, $V> where [$trie: 'a];
            unsafe fn write_zipper_at_exclusive_path_unchecked['a, $K: AsRef<[u8]>](
                &'a self, path: $K
            ) -> WriteZipperTracked<'a, 'static, $V> where [$trie: 'a];
            fn cleanup_write_zipper[Z: ZipperWriting<$V> + ZipperAbsolutePath](&self, z: Z);
        } }
    };
}

/// The expansion: implements a trait by calls of the trait's methods on another zipper.
///
/// The first argument, in braces, describes the implementation:
///
/// - `own` if the parameters and bounds that follow are complete; `each` if the trait's parameters
///   are to be added, and the trait as a bound on each inner type.
/// - The attributes and the head of the `impl`.
/// - `[self zipper (place) arms]`: the way to the other zipper. Each method matches on the place.
///   An arm is a pattern, the inner type, and the inner type as it is written in a bound.
/// - `{}` if the associated type is the inner zipper's; `{ with { … } }` to put items in front,
///   such as the associated type; `{ instead { … } }` to replace the first two blocks of the
///   trait.
///
/// The other arguments come from the table: the trait's parameters, the trait, and its three
/// blocks.
#[doc(hidden)]
#[macro_export]
macro_rules! __forward {
    (
        {
            each $(#[$attribute:meta])* impl[$($generics:tt)*] $type:ty where [$([$($bounds:tt)*])?]
            [$self:ident $zipper:ident $place:tt $([$($pattern:tt)*] $inner:ty [$($bounded:tt)*];)+] $given:tt
        }
        [$($lifetime:tt)*] [$($value:ident)?] $trait:path, $types:tt $typed:tt $methods:tt
    ) => {
        $crate::__forward! {
            {
                own $(#[$attribute])* impl[$($lifetime)* $($generics)* $($value)?] $type
                where [[$($($bounds)*)? $($($bounded)*: $trait,)+]]
                [$self $zipper $place $([$($pattern)*] $inner [$($bounded)*];)+] $given
            }
            [] [] $trait, $types $typed $methods
        }
    };
    (
        {
            own $(#[$attribute:meta])* impl[$($generics:tt)*] $type:ty where [$([$($bounds:tt)*])?]
            $reached:tt $given:tt
        }
        $lifetime:tt $value:tt $trait:path, $types:tt $typed:tt $methods:tt
    ) => {
        $(#[$attribute])*
        impl<$($generics)*> $trait for $type
        where
            $($($bounds)*)?
        {
            $crate::__forward! { @typed $given $reached $trait, $types $typed }
            $crate::__forward! { @methods $reached $trait, $methods }
        }
    };

    // The first two blocks.
    (@typed { instead { $($items:tt)* } } $reached:tt $trait:path, $types:tt $typed:tt) => {
        $($items)*
    };
    (@typed { with { $($given:tt)* } } $reached:tt $trait:path, $types:tt $typed:tt) => {
        $($given)*
        $crate::__forward! { @methods $reached $trait, $typed }
    };
    (@typed {} $reached:tt $trait:path, {} $typed:tt) => {
        $crate::__forward! { @methods $reached $trait, $typed }
    };
    (
        @typed {} [$self:ident $zipper:ident $place:tt [$($pattern:tt)*] $inner:ty [$($bounded:tt)*];]
        $trait:path,
        { type $name:ident $([$($generics:tt)*])? $(where [$($bounds:tt)*])?; } $typed:tt
    ) => {
        type $name<$($($generics)*)?>
            = <$inner as $trait>::$name<$($($generics)*)?>
        where
            $($($bounds)*)?;
        $crate::__forward! {
            @methods [$self $zipper $place [$($pattern)*] $inner [$($bounded)*];] $trait, $typed
        }
    };

    // The methods: the lines are split, and then distinguished by their receivers.
    (
        @methods $reached:tt $trait:path,
        {
            $(
                $($word:ident)+ $([$($generics:tt)*])? ($($parameters:tt)*) $(-> $answer:ty)?
                $(where [$($bounds:tt)*])?;
            )*
        }
    ) => {
        $(
            $crate::__forward! {
                @method $reached $trait,
                [$($word)+] [$($($generics)*)?] ($($parameters)*) [$(-> $answer)?] [$($($bounds)*)?]
            }
        )*
    };
    (
        @method [$self:ident $zipper:ident ($place:expr) $($arm:tt)+] $trait:path,
        [$($word:ident)+] [$($generics:tt)*] (& $($life:lifetime)? self $(, $argument:ident: $type:ty)*)
        [$($answer:tt)*] [$($bounds:tt)*]
    ) => {
        #[inline]
        $($word)+ <$($generics)*>(& $($life)? $self $(, $argument: $type)*) $($answer)*
        where
            $($bounds)*
        {
            $crate::__forward! { @call [$($word)+] $trait, (&$place) ($zipper $(, $argument)*) $($arm)+ }
        }
    };
    (
        @method [$self:ident $zipper:ident ($place:expr) $($arm:tt)+] $trait:path,
        [$($word:ident)+] [$($generics:tt)*] (& $($life:lifetime)? mut self $(, $argument:ident: $type:ty)*)
        [$($answer:tt)*] [$($bounds:tt)*]
    ) => {
        #[inline]
        $($word)+ <$($generics)*>(& $($life)? mut $self $(, $argument: $type)*) $($answer)*
        where
            $($bounds)*
        {
            $crate::__forward! { @call [$($word)+] $trait, (&mut $place) ($zipper $(, $argument)*) $($arm)+ }
        }
    };
    (
        @call [fn $name:ident] $trait:path, ($place:expr) $arguments:tt
        $([$($pattern:tt)*] $inner:ty [$($bounded:tt)*];)+
    ) => {
        match $place {
            $($($pattern)* => <$inner as $trait>::$name $arguments,)+
        }
    };
    (@call [unsafe fn $name:ident] $trait:path, $place:tt $arguments:tt $($arm:tt)+) => {
        // SAFETY: both methods have the contract of the trait, which the caller upholds.
        unsafe { $crate::__forward! { @call [fn $name] $trait, $place $arguments $($arm)+ } }
    };
}

/// Implements zipper traits for a type by forwarding each method to a zipper in it.
///
/// ```text
/// forward! {
///     impl['a, V] Reader<'a, V>, self => self.walk;
///     Zipper;
///     ZipperForking<V> with { type ReadZipperT<'z> = Reader<'z, V> where Self: 'z; };
///     ZipperSubtries<V> where [V: Clone];
/// }
/// forward! { impl[Z,] Box<Z> as Z, self => **self; Zipper; ZipperValues<V>; }
/// ```
///
/// The first form implements each trait under the given bounds. The second form implements each
/// trait if the inner type (`as Z`) implements it, and declares the trait's own parameters.
macro_rules! forward {
    (
        impl $generics:tt $type:ty, $self:ident => $place:expr;
        $(
            $(#[$attribute:meta])* $trait:ident $(<$($argument:tt),+>)? $(where $bounds:tt)?
            $(with $given:tt)? $(instead $items:tt)?;
        )+
    ) => {
        $(
            $crate::__zipper_methods! {
                $trait $(<$($argument),+>)?, K,
                {
                    own $(#[$attribute])* impl $generics $type where [$($bounds)?]
                    [$self zipper ($place) [zipper] _ [];] { $(with $given)? $(instead $items)? }
                }
            }
        )+
    };
    (
        impl $generics:tt $type:ty as $inner:ty, $self:ident => $place:expr;
        $($(#[$attribute:meta])* $trait:ident $(<$($argument:tt),+>)?;)+
    ) => {
        $(
            $crate::__zipper_methods! {
                $trait $(<$($argument),+>)?, K,
                {
                    each $(#[$attribute])* impl $generics $type where []
                    [$self zipper ($place) [zipper] $inner [$inner];] {}
                }
            }
        )+
    };
}

pub(crate) use forward;
