import { panel } from '../panel'
import { t } from './texts'

export default panel({ order: 20, title: () => t.title, place: 'left', view: () => import('./Channels.vue') })
