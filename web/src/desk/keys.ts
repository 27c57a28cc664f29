/** One key for what is done again and again; not while somebody types or a key is held, and not with
 * Ctrl, Alt or Meta. */
import { onBeforeUnmount, onMounted } from 'vue'

export function onKey(keys: Record<string, () => void>): void {
  function press(event: KeyboardEvent): void {
    const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]')
    const act = keys[event.key.toLowerCase()]
    if (!act || typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  }
  onMounted(() => document.addEventListener('keydown', press))
  onBeforeUnmount(() => document.removeEventListener('keydown', press))
}
