declare const brand: unique symbol

/**
 * A string or number with a compile-time name, so that a receipt key does not pass for a secret key. It costs nothing at
 * run time; only the functions that parse or make one cast to it.
 */
export type Brand<Base extends string | number, Name extends string> = Base & { readonly [brand]: Name }

/** A string or number without a brand, which is all that a function may take to give it one. */
export type Unbranded<Base extends string | number> = Base & { readonly [brand]?: never }
