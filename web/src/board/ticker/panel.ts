import { panel } from '../panel'
import { t } from './texts'

export default panel({ order: 50, title: () => t.title, place: 'left', view: () => import('./Ticker.vue') })
