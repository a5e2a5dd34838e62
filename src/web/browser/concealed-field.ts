/** Shows or hides the text of the field that a button belongs to. */
export function toggleConcealed(button: HTMLElement): void {
  const input = document.getElementById(button.dataset['show'] ?? '')
  const label = button.firstElementChild
  if (!(input instanceof HTMLInputElement) || !label) return
  input.type = input.type === 'password' ? 'text' : 'password'
  const shown = label.textContent
  label.textContent = button.dataset['other'] ?? ''
  button.dataset['other'] = shown
}
