/** Shows an error below a field or a group of fields, as the server would. */
export function showFieldError(field: HTMLElement, text: string): void {
  hideFieldError(field)
  const error = document.createElement('p')
  error.className = 'error'
  error.id = `${field.id}-error`
  error.textContent = text
  const control = field.closest('.with-button') ?? field
  control.after(error)
  const hint = document.getElementById(`${field.id}-hint`)
  field.setAttribute('aria-describedby', hint ? `${error.id} ${hint.id}` : error.id)
  field.setAttribute('aria-invalid', 'true')
}

/** Removes the error of a field, also one from the server. */
export function hideFieldError(field: HTMLElement): void {
  const error = document.getElementById(`${field.id}-error`)
  if (!error) return
  error.remove()
  field.removeAttribute('aria-invalid')
  const hint = document.getElementById(`${field.id}-hint`)
  if (hint) field.setAttribute('aria-describedby', hint.id)
  else field.removeAttribute('aria-describedby')
}
