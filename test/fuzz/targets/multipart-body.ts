import { strict as assert } from 'node:assert'
import { parseParts } from '../../../src/http/decode-params.ts'
import { boundaryOf, hasBoundary, splitMultipart } from '../../../src/http/multipart.ts'
import { openParameter } from '../../../src/http/open-parameter.ts'
import { accepted } from '../accepted.ts'
import { isMalformed } from '../malformed.ts'
import type { Target } from '../target.ts'

const CURL = 'multipart/form-data; boundary=------------------------d74496d66958873e'

/** Bodies as `multipart/form-data`: always an answer, and each part byte for byte. */
export const target: Target = {
  name: 'multipart-body',
  input: 'a Content-Type, a zero byte, and a multipart body',
  seeds: () => [
    bodyOf(CURL, [
      ['secret', 'the cake is in the oven\n'],
      ['ttl', '3600'],
    ]),
    bodyOf('multipart/form-data; boundary="b c"', [
      ['recipient[]', 'ada@example.com'],
      ['', ''],
    ]),
    `${CURL}\0--${boundaryOf(CURL)}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=secret; filename*=UTF-8''a%20b\r\n\r\n\xe9\r\n--${boundaryOf(CURL)}--`,
    `${CURL}\0--`,
  ],
  async run(input) {
    const end = input.indexOf(0)
    const contentType = input.toString('latin1', 0, end === -1 ? input.length : end)
    const body = input.subarray(end === -1 ? input.length : end + 1)
    openParameter(body.toString(), 'multipart/form-data')
    // Other types and those without a boundary are read otherwise.
    if (!/^multipart\/form-data\b/i.test(contentType) || !hasBoundary(contentType)) return
    const parts = await settled(splitMultipart(body, contentType))
    if (parts === undefined) return
    accepted(() => parseParts(parts), isMalformed)
    const boundary = boundaryOf(contentType)
    const isPlain = parts.every(
      ([name, bytes]) => /^[a-z[\]]+$/.test(name) && !bytes.includes(`--${boundary}`),
    )
    if (!isPlain || boundary === undefined || !/^[a-zA-Z0-9-]{1,70}$/.test(boundary)) return
    const again = bodyOf(
      `multipart/form-data; boundary=${boundary}`,
      parts.map(([name, bytes]) => [name, bytes.toString('latin1')]),
    )
    assert.deepEqual(
      await settled(splitMultipart(Buffer.from(again.slice(again.indexOf('\0') + 1), 'latin1'), contentType)),
      parts,
    )
  },
}

function bodyOf(contentType: string, parts: readonly (readonly [name: string, value: string])[]): string {
  const boundary = boundaryOf(contentType)
  const encoded = parts.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return `${contentType}\0${encoded.join('')}--${boundary}--\r\n`
}

const TURNS = 50

/** Waits for the parser, which takes a few turns of the event loop; undefined when it rejects the body. */
async function settled<T>(parsing: Promise<T>): Promise<T | undefined> {
  let state: 'running' | 'done' = 'running'
  const parsed = parsing.then(
    (value) => value,
    (error: unknown) => {
      if (!isMalformed(error)) throw error
      return undefined
    },
  )
  const done = parsed.finally(() => {
    state = 'done'
  })
  done.catch(() => undefined)
  for (let turn = 0; turn < TURNS && (state as string) === 'running'; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.equal(state, 'done', 'the parser never ends')
  return parsed
}
