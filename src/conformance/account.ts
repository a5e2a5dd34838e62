/** An account of the server, and its API token. */
export interface Account {
  readonly email: string
  readonly token: string
}
