import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '人员', views: '人员各项', posts: '任职', leave: '请假', shifts: '值班', coverage: '缺岗', composition: '队伍构成', facts: '人员情况',
    area: '单位（含下级）', asOf: '日期', role: '岗位', anyRole: '全部岗位', anyState: '全部状态', state: '状态', person: '人员', personId: '人员标识', premises: '所管场所', unit: '单位', from: '开始', to: '结束', span: '任期', filters: '筛选', search: '查询', excel: '导出 Excel', choose: '从左边的列表中选择一条，或新增', save: '保存', kept: '上次填写的内容已恢复', why: '原因（选填）', since: (from: string) => `${from} 起`, between: (from: string, to: string) => `${from} 至 ${to}`, trail: '留痕', optional: '（选填）',
    newPost: '任命', endPost: '结束任职', endOn: '结束日期（当天起不再任职）', noPosts: '这里是各单位的任职：谁在哪个单位任什么岗位。所选条件下没有。可以任命，或用模板导入。',
    newLeave: '请假', leaveFor: '替谁登记（留空为自己请假）', kind: '类别', reason: '事由', noLeave: '这里是请假记录：本人申请，由他人批准；替他人登记的直接生效。所选条件下没有。', grant: '批准', decline: '不批准', withdraw: '销假', answer: '意见（选填）', asked: (who: string, when: string) => `${who} 于 ${when} 提出`, decided: (who: string, when: string) => `${who} 于 ${when} 办理`,
    newShift: '安排值班', endShift: '停止', stopOn: '停止日期（当天起不再值班）', everybody: '该岗位全体', shiftPerson: '人员（留空为该岗位全体）', when: '值班时间', weekdays: '每周', days: '具体日期', addDay: '添加日期', begins: '开始', ends: '结束', nextDay: '（次日）', noShifts: '这里是值班安排：哪个岗位、哪几天、几点到几点。没有安排的岗位视为全天在岗。所选条件下没有。',
    weekday: (day: number) => `周${'一二三四五六日'[day - 1]}`,
    lacking: (lacking: number, all: number) => `缺 ${lacking}，共 ${all}`, covered: '都有人', needs: (kind: string, roles: string) => `${kind}须有${roles}`, more: '显示更多', within: '所在单位',
    people: '人数', postCount: '任职数', concurrent: '兼任多岗', average: '平均年龄', of: (aged: number) => `按已登记出生年月的 ${aged} 人`, byRole: '按岗位', byAge: '按年龄', byGender: '按性别', byEducation: '按学历', count: '人', share: '占比', noPeople: '所选单位当日没有人任职。', unknownHint: '“未登记”的可在“人员情况”中补填。', chart: '构成图',
    born: '出生年月', bornHint: '年、年月或日期，如 1985、1985-06', gender: '性别', education: '学历', notKnown: '未登记', noFacts: '这里是任职人员的出生年月、性别和学历，用于队伍构成，加密保存，只有管理其任职的领导和管理员可见。所选单位没有人任职。',
  },
  {
    title: 'People', views: 'Parts of people', posts: 'Posts', leave: 'Leave', shifts: 'Shifts', coverage: 'Unfilled posts', composition: 'Composition', facts: 'Particulars',
    area: 'Unit and below', asOf: 'Day', role: 'Role', anyRole: 'All roles', anyState: 'All states', state: 'State', person: 'Person', personId: 'Person number', premises: 'Premises', unit: 'Unit', from: 'From', to: 'To', span: 'Held', filters: 'Filters', search: 'Search', excel: 'Excel', choose: 'Choose one from the list, or add one', save: 'Save', kept: 'What you had typed is back', why: 'Why (optional)', since: (from: string) => `from ${from}`, between: (from: string, to: string) => `${from} to ${to}`, trail: 'Trail', optional: ' (optional)',
    newPost: 'Appoint', endPost: 'End the post', endOn: 'First day without it', noPosts: 'Here is who holds which post in which unit; nothing fits. Appoint somebody, or import the template.',
    newLeave: 'Ask for leave', leaveFor: 'For whom (empty: for yourself)', kind: 'Kind', reason: 'Reason', noLeave: 'Here is leave: a person asks, another grants; what is entered for others counts at once. Nothing fits.', grant: 'Grant', decline: 'Decline', withdraw: 'Take back', answer: 'Remark (optional)', asked: (who: string, when: string) => `asked by ${who}, ${when}`, decided: (who: string, when: string) => `decided by ${who}, ${when}`,
    newShift: 'Plan a shift', endShift: 'Stop it', stopOn: 'First day without it', everybody: 'All who hold the role', shiftPerson: 'Person (empty: all who hold the role)', when: 'On duty', weekdays: 'Every week on', days: 'Single days', addDay: 'Add the day', begins: 'Begins', ends: 'Ends', nextDay: ' (next day)', noShifts: 'Here are shifts: which role, on which days, from when to when. A post without any counts round the clock. Nothing fits.',
    weekday: (day: number) => ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][day - 1]!,
    lacking: (lacking: number, all: number) => `${lacking} of ${all} lack one`, covered: 'none is missing', needs: (kind: string, roles: string) => `${kind}: ${roles}`, more: 'Show more', within: 'Within',
    people: 'People', postCount: 'Posts', concurrent: 'With several posts', average: 'Average age', of: (aged: number) => `of the ${aged} whose birth is known`, byRole: 'By role', byAge: 'By age', byGender: 'By gender', byEducation: 'By education', count: 'People', share: 'Share', noPeople: 'Nobody holds a post in this unit on that day.', unknownHint: 'What is not known can be filled in under “Particulars”.', chart: 'Chart',
    born: 'Born', bornHint: 'A year, a month or a day, such as 1985 or 1985-06', gender: 'Gender', education: 'Education', notKnown: 'Not known', noFacts: 'Here are birth, gender and education of who holds a post, for the composition of staff: encrypted, and seen only by leaders and administrators who keep their posts. Nobody holds a post in this unit.',
  },
)

export const needWords = texts({ grid: '网格', community: '社区（村）', key_premises: '消防安全重点单位' }, { grid: 'Grids', community: 'Communities', key_premises: 'Key premises' })
export const leaveKindWords = texts(
  { annual: '年休假', sick: '病假', personal: '事假', training: '培训学习', business: '公出', other: '其他' },
  { annual: 'Annual', sick: 'Sick', personal: 'Personal', training: 'Training', business: 'Business', other: 'Other' },
)
export const leaveStateWords = texts({ asked: '待批准', granted: '已批准', declined: '未批准', withdrawn: '已销假' }, { asked: 'To be granted', granted: 'Granted', declined: 'Declined', withdrawn: 'Taken back' })
export const countWords = texts(
  {
    under_45: '45 岁以下', '45_54': '45–54 岁', '55_up': '55 岁及以上', female: '女', male: '男', primary: '小学及以下', junior: '初中', secondary: '高中、中专', college: '大专', bachelor: '本科', postgraduate: '研究生', unknown: '未登记',
  },
  {
    under_45: 'Under 45', '45_54': '45–54', '55_up': '55 and over', female: 'Women', male: 'Men', primary: 'Primary', junior: 'Junior secondary', secondary: 'Secondary', college: 'College', bachelor: 'Bachelor', postgraduate: 'Postgraduate', unknown: 'Not known',
  },
)
export const verbs = texts(
  { appoint: '任命', end: '结束', ask: '提出', enter: '登记', grant: '批准', decline: '不批准', withdraw: '销假', plan: '安排', state: '修改' },
  { appoint: 'Appointed', end: 'Ended', ask: 'Asked', enter: 'Entered', grant: 'Granted', decline: 'Declined', withdraw: 'Taken back', plan: 'Planned', state: 'Changed' },
)
