import { panel } from '../panel'
import { t } from './texts'

export default panel({ order: 10, title: () => t.title, place: 'head', view: () => import('./Numbers.vue') })
