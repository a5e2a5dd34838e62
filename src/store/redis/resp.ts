/** A reply of the Redis protocol, version 2 (RESP2). Errors are returned, not thrown. */
export type RespReply = string | number | null | Error | readonly RespReply[]

type Parsed = readonly [reply: RespReply, next: number] | undefined

/**
 * Parses the first replies in a stream: https://redis.io/docs/latest/develop/reference/protocol-spec/
 *
 * @param text The bytes received so far, as latin1.
 * @param count The number of replies to parse.
 * @returns The replies; undefined while they are incomplete.
 * @throws SyntaxError when a reply is malformed; RangeError when lists are nested too deeply.
 */
export function parseReplies(text: string, count: number): readonly RespReply[] | undefined {
  return parseList(text, 0, count)?.[0]
}

function parseList(text: string, at: number, count: number): [RespReply[], number] | undefined {
  const replies: RespReply[] = []
  let next = at
  while (replies.length < count) {
    const parsed = parseReply(text, next)
    if (parsed === undefined) return undefined
    replies.push(parsed[0])
    next = parsed[1]
  }
  return [replies, next]
}

function parseReply(text: string, at: number): Parsed {
  const end = text.indexOf('\r\n', at)
  if (end < 0) return undefined
  const line = text.slice(at + 1, end)
  const next = end + 2
  switch (text[at]) {
    case '+':
      return [line, next]
    case '-':
      return [new Error(line), next]
    case ':':
      return [parseNumber(line), next]
    case '$':
      return parseBulk(text, next, parseNumber(line))
    case '*': {
      const count = parseNumber(line)
      return count < 0 ? [null, next] : parseList(text, next, count)
    }
    default:
      throw new SyntaxError('the reply does not follow the Redis protocol')
  }
}

function parseBulk(text: string, at: number, length: number): Parsed {
  if (length < 0) return [null, at]
  const end = at + length
  return text.length < end + 2 ? undefined : [text.slice(at, end), end + 2]
}

function parseNumber(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new SyntaxError('the reply has a malformed number')
  return Number(text)
}
