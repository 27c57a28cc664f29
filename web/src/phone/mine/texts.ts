import { texts } from '../../shared/i18n'

export const t = texts(
  { title: '我的', duties: '我的职责', acting: '当前岗位', reports: '我的上报', begin: '去上报', empty: '您上报的民情和办理进展会出现在这里。', asOf: (when: string) => `${when} 的内容`, course: '办理进展', told: '反映内容', photos: '照片', reported: '上报于', where: '地点', category: '类别', waits: '待上传', sameAs: (number: string) => `与 ${number} 为同一问题，一并办理`, premises: '辖区场所', hazards: '辖区隐患', file: '消防档案', ownHazards: '本场所隐患', activities: '培训和演练' },
  { title: 'Mine', duties: 'My duties', acting: 'Acting as', reports: 'My reports', begin: 'Report something', empty: 'What you reported, and how it goes on, comes here.', asOf: (when: string) => `As of ${when}`, course: 'How it goes on', told: 'What you reported', photos: 'Photos', reported: 'Reported', where: 'Place', category: 'Category', waits: 'To be sent', sameAs: (number: string) => `The same as ${number}; they are seen to together`, premises: 'Premises of my area', hazards: 'Hazards of my area', file: 'Fire-safety file', ownHazards: 'Hazards of my premises', activities: 'Training and drills' },
)
