import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url))

/** A file of `src`. */
export interface SourceFile {
  /** Relative to `src`. */
  readonly path: string
  /** The first folder of the path, or the name of a file that is in none: `store`, `errors`. */
  readonly room: string
  readonly text: string
  /** Files of `src` that it imports. */
  readonly imports: readonly string[]
  /** Packages and built-in modules that it imports. */
  readonly packages: readonly string[]
}

/** Reads every TypeScript file of `src`. */
export function readSources(): SourceFile[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => parseSource(path.replaceAll('\\', '/'), readFileSync(join(SOURCE, path), 'utf8')))
}

/** Reads the imports of a file, however they are written. */
export function parseSource(path: string, text: string): SourceFile {
  const found = [...text.matchAll(/\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)]
  const names = found.map(([, name = '']) => name)
  const isRelative = (name: string) => name.startsWith('.')
  return {
    path,
    room: path.replace(/\.ts$/, '').split('/')[0] ?? '',
    text,
    imports: names
      .filter((name) => isRelative(name) && /\.[jt]s$/.test(name))
      .map((name) => join(dirname(path), name).replace(/\.js$/, '.ts')),
    packages: names.filter((name) => !isRelative(name)),
  }
}

/** Whether a file reads `process.env`. */
export function readsEnvironment({ text }: SourceFile): boolean {
  return /\bprocess\s*\??(\.\s*env\b|\.?\[)|\{[^{}]*\benv\b[^{}]*\}\s*(=\s*|from 'node:)process\b/.test(text)
}

/** Lists the exported declarations of a file that have no docblock right above them. */
export function undocumented({ path, text }: SourceFile): string[] {
  const lines = text.split('\n')
  return lines.flatMap((line, index) => {
    const isDeclaration = /^export (default )?(async |abstract )*(function|class|interface|type|const|let)\b/
    // The schema above says it.
    const isTypeOfSchema = /^export type \w+ = Wire<(typeof \w+|\(typeof \w+\)\['v2'\])>$/.test(line)
    const isDocumented = (lines[index - 1] ?? '').trimEnd().endsWith('*/')
    return isDeclaration.test(line) && !isTypeOfSchema && !isDocumented ? [`${path}: ${line}`] : []
  })
}

/** Lists the docblocks of a file whose first line, which an editor shows first, is no summary but a tag. */
export function withoutSummary({ path, text }: SourceFile): string[] {
  const blocks = [...text.matchAll(/\/\*\*([\s\S]*?)\*\//g)]
  const contents = blocks.map(([, content = '']) => content.replaceAll(/^[\s*]+/gm, '').trim())
  return contents.filter((content) => /^(@|$)/.test(content)).map((content) => `${path}: ${content}`)
}
