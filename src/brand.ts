declare const brand: unique symbol

/**
 * A string or number that the compiler tells apart from others of its kind, such as a secret key from a receipt key. It
 * costs nothing at run time; only the functions that parse or make one write the cast.
 */
export type Brand<Base extends string | number, Name extends string> = Base & { readonly [brand]: Name }
