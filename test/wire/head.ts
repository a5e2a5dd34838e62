/** What one request puts into the head that all requests of its client share. */
export interface RequestParts {
  /** Value of the Authorization header. */
  readonly authorization?: string | undefined
  /** An empty body still has its Content-Length and Content-Type; without a body there is neither. */
  readonly body?: string | undefined
  /** Media type of the body, for clients that send more than one. */
  readonly type?: string
}

/**
 * Fills in the head that a client sends.
 * @param request Method and path below `/api/v1`, or one that begins with `/api/`: `POST /share`, `GET /api/v2/status`.
 * @param headers As recorded from the client, one a line and in its order, with `{host}`, `{authorization}`, `{length}`
 *   and `{type}` for what differs. A line without its value is left out, and so is `Content-…` without a body.
 * @param host `127.0.0.1:PORT`.
 */
export function fillHead(request: string, headers: string, host: string, parts: RequestParts): string[] {
  const { authorization, body, type } = parts
  const length = body === undefined ? undefined : String(Buffer.byteLength(body))
  const values: Readonly<Record<string, string | undefined>> = { host, authorization, length, type }
  const lines = headers
    .trim()
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => body !== undefined || !line.startsWith('Content-'))
    .flatMap((line) => {
      const [placeholder = '', name = ''] = /\{(\w+)\}/.exec(line) ?? []
      if (placeholder === '') return [line]
      const value = values[name]
      return value === undefined ? [] : [line.replace(placeholder, () => value)]
    })
  const [method, path = ''] = request.split(' ')
  return [`${method} ${path.startsWith('/api/') ? path : `/api/v1${path}`} HTTP/1.1`, ...lines]
}
