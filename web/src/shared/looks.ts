/** How the pages look to this person on this device: light, dark or as the device says, and large type. */
import { ref, watchEffect } from 'vue'
import { store } from './keeping'

export type Theme = 'auto' | 'light' | 'dark'

const themes: readonly string[] = ['auto', 'light', 'dark']
const kept = localStorage.getItem('theme') ?? 'auto'
export const theme = ref<Theme>(themes.includes(kept) ? (kept as Theme) : 'auto')
export const large = ref(localStorage.getItem('large') === 'yes')
export const dark = ref(false)

const device = matchMedia('(prefers-color-scheme: dark)')
const deviceDark = ref(device.matches)
device.addEventListener('change', (event) => (deviceDark.value = event.matches))

watchEffect(() => {
  dark.value = theme.value === 'dark' || (theme.value === 'auto' && deviceDark.value)
  const { classList } = document.documentElement
  classList.toggle('dark', dark.value)
  classList.toggle('large', large.value)
  store('theme', theme.value)
  store('large', large.value ? 'yes' : 'no')
})
