/** How an event is caused: by a version of the API, by a page, or by a command of the operator. */
export type Way = 'page' | 'command' | `v${number}`

/** Who causes an event, for the audit log. Contains nothing that identifies a person without the root key. */
export interface Actor {
  readonly way: Way
  /** The id of the request, as in the header `X-Request-Id`; undefined for a command. */
  readonly requestId: string | undefined
  /** The pseudonym of the account; undefined for an anonymous caller and for the operator. */
  readonly account: string | undefined
}
