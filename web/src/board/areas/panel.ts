import { panel } from '../panel'
import { t } from './texts'

export default panel({ order: 30, title: () => t.title, place: 'map', view: () => import('./Areas.vue') })
