/** Lets Ctrl+Enter, or Cmd+Enter, in any field press the main button of its form. */
export function watchSubmitKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing || event.repeat)
      return
    const { target } = event
    const form = target instanceof Element ? target.closest('form') : null
    const button = form?.querySelector<HTMLElement>('button.primary')
    if (!form || !button || target instanceof HTMLButtonElement) return
    event.preventDefault()
    form.requestSubmit(button)
  })
}
