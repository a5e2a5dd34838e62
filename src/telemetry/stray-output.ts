import type { Logger } from 'pino'

const MAX_LENGTH = 2000
const FAILED = 1

const ADDRESS = /\b(?!file:)[a-z][a-z\d+.-]*:\/\/\S+|\S+@\S+/gi
// A key in a link, and anything as long and as random.
const KEY = /\b[a-z\d]{31,}\b/gi

type Done = (error?: Error | null) => void

/**
 * Sends to a logger whatever else this process would print as plain text: what libraries write to the console, the warnings
 * of Node.js, and an error that nothing caught, which ends the process with status 1, as it would without this. Only what
 * native code prints by itself cannot be caught.
 *
 * @param first The logger until another one is chosen. It must not write through `process.stdout` or `process.stderr`.
 * @returns A function that chooses the logger from then on.
 */
export function captureStrayOutput(first: Logger): (next: Logger) => void {
  let logger = first
  captureStream(process.stdout, (text) => logger.info({ source: 'stdout' }, text))
  captureStream(process.stderr, (text) => logger.warn({ source: 'stderr' }, text))
  // The only listener so far is the one with which Node.js prints them.
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message, code }: Error & { code?: unknown }) => {
    logger.warn({ source: 'node', code }, withoutSecrets(`${name}: ${message}`))
  })
  process.on('uncaughtException', (err, origin) => {
    logger.fatal({ err, origin }, 'internal error that nothing caught')
    process.exit(FAILED)
  })
  return (next) => {
    logger = next
  }
}

function captureStream(stream: NodeJS.WriteStream, log: (text: string) => void): void {
  stream.write = (chunk: string | Uint8Array, encoding?: BufferEncoding | Done, done?: Done) => {
    const text = withoutSecrets(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()).trim()
    if (text !== '') log(text)
    const written = typeof encoding === 'function' ? encoding : done
    if (written !== undefined) process.nextTick(written)
    return true
  }
}

/** Removes what others may have put into a text: addresses with their passwords, email addresses, keys and tokens. */
function withoutSecrets(text: string): string {
  return text.slice(0, MAX_LENGTH).replace(ADDRESS, '…').replace(KEY, '…')
}
