/** What is wrong with a request that never reaches a route, and the status of the response. */
export interface MalformedRequest {
  readonly status: number
  readonly reason: string
}

const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Reasons by the error code of Node's HTTP parser (llhttp). */
const REASONS: Readonly<Record<string, string>> = {
  HPE_INVALID_METHOD: 'invalid method',
  HPE_INVALID_URL: 'an invalid or unescaped character in the request target',
  HPE_INVALID_CONSTANT: 'invalid request line',
  HPE_INVALID_VERSION: 'invalid HTTP version',
  HPE_INVALID_HEADER_TOKEN: 'an invalid character in a header',
  HPE_INVALID_CONTENT_LENGTH: 'invalid Content-Length',
  HPE_UNEXPECTED_CONTENT_LENGTH: 'a second length of the body',
  HPE_INVALID_TRANSFER_ENCODING: 'invalid Transfer-Encoding',
  HPE_INVALID_CHUNK_SIZE: 'invalid chunk size',
  HPE_INVALID_EOF_STATE: 'it ended early',
  HPE_CLOSED_CONNECTION: 'a request after the last one',
  HPE_CR_EXPECTED: 'a line that does not end with CR LF',
  HPE_LF_EXPECTED: 'a line that does not end with CR LF',
  HPE_STRICT: 'a line that does not end with CR LF',
  HPE_PAUSED_H2_UPGRADE: 'HTTP/2 is not supported',
  HPE_HEADER_OVERFLOW: 'the request line and headers are too large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'the chunk extensions are too large',
  ERR_HTTP_REQUEST_TIMEOUT: 'it did not arrive in time',
}

/** Says what is wrong with a request, and with which status to reject it, by an error of Node's HTTP parser. */
export function describeMalformed({ code = '' }: { readonly code?: string }): MalformedRequest {
  return { status: STATUS[code] ?? 400, reason: REASONS[code] ?? 'invalid HTTP' }
}
