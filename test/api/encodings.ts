import type { Answer, Api } from './client.ts'

type Values = Readonly<Record<string, string>>

/** A way in which parameters can arrive. */
export type Encoding = (values: Values) => {
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** Every way in which parameters can arrive. Source: docs/api/v1.md section 1. */
export const ENCODINGS: Readonly<Record<string, Encoding>> = {
  'an urlencoded body': (values) => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: urlencode(values),
  }),
  'an urlencoded body with only the necessary escaped': (values) => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body: urlencode(values, (text) => text.replace(/[%&+=\ufffd]/g, encodeURIComponent)),
  }),
  'text fields of a multipart body': (values) => multipart(values, ''),
  'file parts of a multipart body': (values) => multipart(values, '; filename="secret.txt"'),
  'a JSON body': (values) => ({
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(values),
  }),
  'the query string, with no body': (values) => ({ query: `?${urlencode(values)}` }),
  'a body with no Content-Type': (values) => ({ body: Buffer.from(urlencode(values)) }),
  'a body with an unknown Content-Type': (values) => ({
    headers: { 'content-type': 'text/x-unheard-of' },
    body: urlencode(values),
  }),
  'a body with a malformed Content-Type': (values) => ({
    headers: { 'content-type': 'nonsense' },
    body: urlencode(values),
  }),
  'a urlencoded body that claims to be multipart, without a boundary': (values) => ({
    headers: { 'content-type': 'multipart/form-data' },
    body: urlencode(values),
  }),
}

/** POSTs parameters so encoded. */
export function post(caller: Api, path: string, encoding: Encoding, values: Values): Promise<Answer> {
  const { query = '', headers, body } = encoding(values)
  return caller.call('POST', path + query, { ...(headers && { headers }), ...(body && { body }) })
}

/** Returns headers and body of `multipart/form-data`, with each value as it is. */
export function multipart(values: Values, disposition: string): { headers: Values; body: Uint8Array } {
  const boundary = 'a-line-that-no-secret-holds-5f1c9e'
  const parts = Object.entries(values).map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${disposition}\r\n\r\n${value}\r\n`,
  )
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.from(`${parts.join('')}--${boundary}--\r\n`),
  }
}

function urlencode(values: Values, quote: (text: string) => string = encodeURIComponent): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quote(value)}`)
    .join('&')
}
