import type { Static } from 'typebox'

/** The type of a wire object, of what is sent by its schema. An optional field may also be undefined, which omits it. */
export type Wire<Schema> = Sendable<Static<Schema & object>>

type Sendable<Value> = Value extends readonly (infer Item)[]
  ? readonly Sendable<Item>[]
  : Value extends object
    ? {
        readonly [Key in keyof Value]: Record<never, never> extends Pick<Value, Key>
          ? Sendable<Value[Key]> | undefined
          : Sendable<Value[Key]>
      }
    : Value

/** The schema of a text. */
export const text = { type: 'string' } as const
/** The schema of a whole number. */
export const whole = { type: 'integer' } as const

/**
 * Builds the schema of a wire object. It serialises a response, so that a field missing here never leaves the server.
 *
 * @param required The fields that are always sent.
 */
export function object<
  const Properties extends Readonly<Record<string, object>>,
  const Required extends readonly (keyof Properties)[],
>(properties: Properties, required: Required) {
  return { type: 'object', properties, required, additionalProperties: false } as const
}
