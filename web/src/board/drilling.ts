/** Which place the map and the ranking show: the caller's own (null), or one below it that somebody, or the tour, went to. */
import { ref } from 'vue'

export const chosen = ref<string | null>(null)
