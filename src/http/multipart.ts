import { Busboy } from '@fastify/busboy'
import { MAX_PARAMETERS } from './decode-params.ts'
import { malformed } from './malformed-request.ts'

const LIMITS = { parts: MAX_PARAMETERS, headerPairs: 20, headerSize: 4096 }
// Not empty; whether it is well-formed is another question.
const ANY_BOUNDARY = /;\s*boundary=(?:"[^"]|[^\s;"])/i
// Parameters as in RFC 9110, section 5.6.6; the boundary is one of them, of at most 70 characters of ASCII (RFC 2046, section 5.1.1).
const BOUNDARY =
  /^[^;]*(?:;\s*(?:(?!boundary=)[^\s;="]+=(?:"(?:[^"\\]|\\.)*"|[^\s;"]*)\s*)?)*;\s*boundary=(?:"([ !#-[\]-~]{1,70})"|([!#-:<-[\]-~]{1,70}))\s*(?:;|$)/i

/** Tells whether a Content-Type names a boundary, be it well-formed or not. */
export function hasBoundary(contentType: string): boolean {
  return ANY_BOUNDARY.test(contentType)
}

/** Returns the boundary in a Content-Type; undefined if there is none, or a malformed one. */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, token] = BOUNDARY.exec(contentType) ?? []
  return quoted ?? token
}

/**
 * Splits a `multipart/form-data` body (RFC 7578) into the names and bytes of its parts. The parts are counted first, because
 * parsing a part takes a thousand times as long as finding it.
 *
 * @throws DomainError `malformed_request`.
 */
export async function splitMultipart(body: Buffer, contentType: string): Promise<[string, Buffer][]> {
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) throw malformed('invalid multipart boundary')
  assertFewParts(body, `\r\n--${boundary}`)
  const parts: [string, Buffer][] = []
  // Written anew, so that the parser finds the boundary that the parts were counted by.
  const headers = { 'content-type': `multipart/form-data; boundary="${boundary}"` }
  const parser = new Busboy({ headers, limits: LIMITS, isPartAFile: () => true })
  return new Promise((resolve, reject) => {
    const fail = () => reject(malformed('invalid multipart body'))
    parser.on('file', (name: string | undefined, part) => {
      const chunks: Buffer[] = []
      part.on('data', (chunk: Buffer) => chunks.push(chunk))
      part.on('error', fail)
      part.on('end', () => parts.push([name ?? '', Buffer.concat(chunks)]))
    })
    parser.on('partsLimit', () => reject(tooMany()))
    parser.on('error', fail)
    parser.on('finish', () => resolve(parts))
    parser.end(body)
  })
}

function assertFewParts(body: Buffer, delimiter: string): void {
  // The delimiter after the last part begins none.
  let left = MAX_PARAMETERS + 1
  for (let at = body.indexOf(delimiter); at !== -1; at = body.indexOf(delimiter, at + 1)) {
    left -= 1
    if (left < 0) throw tooMany()
  }
}

function tooMany() {
  return malformed(`more than ${MAX_PARAMETERS} parts`)
}
