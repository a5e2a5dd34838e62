import { parseAst } from 'rolldown/parseAst'
import type { Operators } from './comparisons.ts'
import { Edits } from './edits.ts'

/** A node of the syntax tree (ESTree). */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** What the instrumented modules of a bundle have in common. */
export interface Instrumented {
  /** The number of places that are counted. */
  places: number
  /** Texts and numbers in the code, which an input may need. */
  readonly words: Set<string | number>
}

/** The name under which instrumented code finds its counters and operators, as a property of `globalThis`. */
export const GLOBAL = 'emberlinkFuzz'

const HEAD = `const { counters: __counters, operators: __operators } = globalThis.${GLOBAL};`

const OPERATORS: Readonly<Record<string, keyof Operators>> = {
  '===': 'eq',
  '!==': 'ne',
  '==': 'looseEq',
  '!=': 'looseNe',
  '<': 'lt',
  '>': 'gt',
  '<=': 'le',
  '>=': 'ge',
}

// Expressions that only give types to another one.
const TYPED = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'TSTypeAssertion'])
const MAX_WORD = 48

/**
 * Makes a module count each place that it reaches: function bodies, both sides of each branch, loops, cases and handlers; and
 * call a function for each comparison.
 *
 * @param code TypeScript or JavaScript.
 */
export function instrument(code: string, lang: 'ts' | 'js', shared: Instrumented): string {
  const program = parseAst(code, { lang, preserveParens: true }) as unknown as Node
  const edits = new Edits(code)

  function count(): string {
    shared.places += 1
    return `__counters[${shared.places - 1}]++`
  }

  function visit(node: Node): void {
    if (node.type.startsWith('TS') && !TYPED.has(node.type)) return
    on[node.type]?.(node)
    for (const [key, child] of Object.entries(node)) {
      if (key === 'typeAnnotation' || key === 'source') continue
      for (const each of Array.isArray(child) ? child : [child]) if (isNode(each)) visit(each)
    }
  }

  function countStatement(body: Node): void {
    if (body.type === 'BlockStatement') {
      edits.before(body.start + 1, `${count()};`)
    } else {
      edits.before(body.start, `{${count()};`)
      edits.after(body.end, '}')
    }
  }

  function countExpression(expression: Node): void {
    edits.before(expression.start, `(${count()}, `)
    edits.after(expression.end, ')')
  }

  function onFunction({ body }: Node): void {
    if (!isNode(body)) return
    if (body.type === 'BlockStatement') edits.before(endOfDirectives(body, body.start + 1), `;${count()};`)
    else countExpression(body)
  }

  function onLoop({ body }: Node): void {
    countStatement(body as Node)
  }

  function onIf({ consequent, alternate }: Node): void {
    const then = consequent as Node
    // Before the brace that `countStatement` inserts there, which has to go further in.
    if (!isNode(alternate)) edits.after(then.end, ` else {${count()}}`)
    countStatement(then)
    if (isNode(alternate)) countStatement(alternate)
  }

  function onCase({ consequent }: Node): void {
    const [first] = consequent as Node[]
    if (first !== undefined) edits.before(first.start, `${count()};`)
  }

  function onBinary({ start, end, left, right, operator }: Node): void {
    const name = OPERATORS[operator as string]
    const [a, b] = [left as Node, right as Node]
    if (name === undefined || isPlain(a) || isPlain(b)) return
    edits.before(start, `__operators.${name}((`)
    edits.replace(a.end, b.start, '),(')
    edits.after(end, '))')
  }

  function onLiteral({ value, regex }: Node): void {
    if (typeof value === 'string' && value.length <= MAX_WORD) shared.words.add(value)
    if (typeof value === 'number') shared.words.add(value)
    const { pattern = '' } = (regex ?? {}) as { readonly pattern?: string }
    for (const [word] of pattern.matchAll(/[\w\s"&=;:@/-]{2,}/g)) shared.words.add(word)
  }

  function onTemplate({ value }: Node): void {
    const { cooked } = value as { readonly cooked: string | null }
    if (cooked !== null && cooked.length <= MAX_WORD) shared.words.add(cooked)
  }

  const on: Readonly<Record<string, (node: Node) => void>> = {
    FunctionDeclaration: onFunction,
    FunctionExpression: onFunction,
    ArrowFunctionExpression: onFunction,
    ForStatement: onLoop,
    ForInStatement: onLoop,
    ForOfStatement: onLoop,
    WhileStatement: onLoop,
    DoWhileStatement: onLoop,
    IfStatement: onIf,
    SwitchCase: onCase,
    CatchClause: onLoop,
    ConditionalExpression: ({ consequent, alternate }) => {
      countExpression(consequent as Node)
      countExpression(alternate as Node)
    },
    LogicalExpression: ({ right }) => countExpression(right as Node),
    BinaryExpression: onBinary,
    Literal: onLiteral,
    TemplateElement: onTemplate,
  }
  edits.before(endOfDirectives(program, 0), `;${HEAD}`)
  visit(program)
  return edits.apply()
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

// What a comparison with it tells is in the branch that follows.
function isPlain({ type, value, operator, name }: Node): boolean {
  if (type === 'Literal') return typeof value !== 'string' && typeof value !== 'number'
  return (type === 'UnaryExpression' && operator !== '-') || (type === 'Identifier' && name === 'undefined')
}

/** Returns where the statements of a body begin, after directives such as `'use strict'`. */
function endOfDirectives({ body, hashbang }: Node, start: number): number {
  const directives = (body as Node[]).filter(({ directive }) => typeof directive === 'string')
  return directives.at(-1)?.end ?? (isNode(hashbang) ? hashbang.end : start)
}
