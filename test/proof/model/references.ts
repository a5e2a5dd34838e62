import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a comment of the model says that something stands for: a file of the repository, and a text in it. */
export interface Reference {
  readonly from: string
  readonly path: string
  readonly text: string
}

const REFERENCE = /`([^`\s]+) › ([^`]+)`/g
const DECLARATION = /^(?:inline|proctype|typedef) (\w+)/gm

/** Lists the references of all files of the model. @param folder The folder with the model. */
export function readReferences(folder: string): Reference[] {
  return readModel(folder).flatMap(({ name, source }) =>
    [...source.matchAll(REFERENCE)].map(([, path = '', text = '']) => ({ from: name, path, text })),
  )
}

/** Tells whether the code has what a reference names. @param root The root of the repository. */
export function isMet({ path, text }: Reference, root: string): boolean {
  const file = join(root, path)
  return existsSync(file) && readFileSync(file, 'utf8').includes(text)
}

/** Lists what the model declares without saying, there or at the top of the file, what it stands for. */
export function withoutReference(folder: string): string[] {
  return readModel(folder).flatMap(({ name, source }) => {
    const header = source.slice(0, source.indexOf('*/'))
    return [...source.matchAll(DECLARATION)]
      .filter(({ index }) => !`${header}${commentAbove(source.slice(0, index))}`.includes(' › '))
      .map(([, declared]) => `${name}: ${declared}`)
  })
}

/** Returns the comment at the end of a text; only `#` lines may follow it. */
function commentAbove(text: string): string {
  const [comment = '', rest = ''] = text.slice(text.lastIndexOf('/*')).split('*/')
  return /^\n(?:#.*\n)*$/.test(rest) ? comment : ''
}

function readModel(folder: string): { readonly name: string; readonly source: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pml'))
    .map((name) => ({ name, source: readFileSync(join(folder, name), 'utf8') }))
}
