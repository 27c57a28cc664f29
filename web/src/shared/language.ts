/** The language as Vue sees it: setting it changes every text on the page, and is kept on this device. */
import { ref, watchEffect } from 'vue'
import { follow, spoken, type Language } from './i18n'
import { store } from './keeping'

export const language = ref<Language>(spoken())
follow(() => language.value)

watchEffect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'
  store('language', language.value)
})
