import { texts } from '../../shared/i18n'

export const t = texts({ title: '随手报', empty: '看到问题，拍照即报。本页正在建设。' }, { title: 'Report', empty: 'Seen something? Photograph it and send. Being built.' })
