import { showOn } from './announce.ts'
import { drawPassword } from './draw-password.ts'
import { hideFieldError, showFieldError } from './field-error.ts'

/** Inserts a generated password at the cursor of a text area, or in place of its selection, and selects it. */
export function insertPassword(button: HTMLElement): void {
  const { password: target = '', done = '', none = '' } = button.dataset
  const area = document.getElementById(target)
  const length = document.getElementById('password_length')
  const group = document.getElementById('password')
  if (!(area instanceof HTMLTextAreaElement && length instanceof HTMLSelectElement && group)) return
  const sets = chosenSets(group)
  if (sets.length === 0) {
    showFieldError(group, none)
    group.querySelector('input')?.focus()
    return
  }
  hideFieldError(group)
  insert(area, drawPassword(Number(length.value), sets))
  button.focus()
  showOn(button, done)
}

/** Puts the cursor of a text area at the end of its text, where a password goes unless the sender moves it. */
export function placeCursor(button: HTMLElement): void {
  const area = document.getElementById(button.dataset['password'] ?? '')
  if (!(area instanceof HTMLTextAreaElement)) return
  area.setSelectionRange(area.value.length, area.value.length)
}

function chosenSets(group: HTMLElement): string[] {
  const boxes = [...group.querySelectorAll<HTMLInputElement>('input:checked')]
  const excluded = boxes.map((box) => box.dataset['excluded'] ?? '').join('')
  return boxes
    .map((box) => Array.from(box.dataset['characters'] ?? ''))
    .map((set) => set.filter((character) => !excluded.includes(character)).join(''))
    .filter((set) => set !== '')
}

function insert(area: HTMLTextAreaElement, text: string): void {
  const start = area.selectionStart
  area.focus({ preventScroll: true })
  // Unlike `setRangeText`, this can be undone, which brings back a selection that it replaced.
  if (!document.execCommand('insertText', false, text)) {
    area.setRangeText(text)
    area.dispatchEvent(new Event('input', { bubbles: true }))
  }
  area.setSelectionRange(start, start + text.length)
}
