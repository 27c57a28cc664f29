import { panel } from '../panel'
import { t } from './texts'

export default panel({ order: 40, title: () => t.title, place: 'right', view: () => import('./Ranking.vue') })
