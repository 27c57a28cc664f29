import { texts } from '../../shared/i18n'

export const t = texts({ title: '我的', acting: '当前岗位', empty: '您上报的民情和办理进展会出现在这里。' }, { title: 'Mine', acting: 'Acting as', empty: 'What you reported, and how it goes on, comes here.' })
