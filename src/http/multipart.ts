import { Busboy } from '@fastify/busboy'
import { MAX_PARAMETERS } from './decode-params.ts'
import { malformed } from './malformed-request.ts'

const LIMITS = { parts: MAX_PARAMETERS, headerPairs: 20, headerSize: 4096 }
const BOUNDARY = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i

/** Returns the boundary in a Content-Type, if it has one. */
export function boundaryOf(contentType: string): string | undefined {
  const [, quoted, token] = BOUNDARY.exec(contentType) ?? []
  return quoted ?? token
}

/**
 * Splits a `multipart/form-data` body (RFC 7578) into the names and bytes of its parts. The parts are counted first, because
 * parsing a part takes a thousand times as long as finding it.
 *
 * @param contentType With a boundary.
 * @throws DomainError `malformed_request`.
 */
export async function splitMultipart(body: Buffer, contentType: string): Promise<[string, Buffer][]> {
  assertFewParts(body, `\r\n--${boundaryOf(contentType)}`)
  const parts: [string, Buffer][] = []
  const parser = createParser(contentType)
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

// Throws for some boundaries that `boundaryOf` finds: one of more than 252 characters, or inside of another quoted parameter.
function createParser(contentType: string): InstanceType<typeof Busboy> {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: LIMITS,
      isPartAFile: () => true,
    })
  } catch {
    throw malformed('invalid multipart boundary')
  }
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
