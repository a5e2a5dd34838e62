import { hideFieldError, showFieldError } from './field-error.ts'

/** A field for text. */
export type TextField = HTMLInputElement | HTMLTextAreaElement

/** Keeps a form from being sent, and lost, with a text that has too many bytes. */
export function limitBytes(field: TextField): void {
  const text = field.dataset['tooLong'] ?? ''
  const max = Number(field.dataset['maxBytes'])
  const check = () => {
    const tooLong = new TextEncoder().encode(field.value).length > max
    if (!tooLong && field.validity.customError) hideFieldError(field)
    field.setCustomValidity(tooLong ? text : '')
  }
  field.addEventListener('input', check)
  field.addEventListener('invalid', (event) => {
    if (!field.validity.customError) return
    event.preventDefault()
    showFieldError(field, text)
    if (field.form?.querySelector(':is(input, textarea):invalid') === field) field.focus()
  })
  check()
}
