import { texts } from '../../shared/i18n'

export const t = texts(
  {
    title: '单位调整', all: '全部方案', waiting: '待我审批', plans: '调整方案', number: '编号', day: '生效日', state: '状态', steps: '步骤', why: '原因', area: '涉及范围', template: '导入模板', draft: '起草方案',
    empty: '这里是合并、拆分、移交、更名和撤销单位的方案。单位不多时点“起草方案”；一次调整很多单位时下载模板，每个单位填一行，再导入 Excel。',
    dayHint: '生效日（当日 0 时生效，今天则立即生效）', whyHint: '调整原因', upload: '先填生效日和原因，再选择填好的表格', imported: (number: string) => `已起草方案 ${number}，请打开预览并提交`,
    before: '调整前', after: '调整后', percent: '增减', residents: '平均人数', households: '平均户数', figures: '数量变化', name: '单位', kind: '类别', unchanged: '单位数量不变。',
    moving: '承接关系', from: '原单位', to: '承接单位', owned: '名下事项', movingMore: (shown: number, all: number) => `只列出前 ${shown} 个，共 ${all} 个，全部见 Excel`, follows: '未结的工单、民情及其时限，由各自系统随之移交，时限不变。',
    troubles: (n: number) => `还有 ${n} 处不能执行，请修改后再提交：`, step: (n: number) => `第 ${n} 步`, alone: '只涉及您管辖的单位，提交后直接生效排期。', others: (n: number) => `涉及 ${n} 个单位，提交后由共同上级审批。`,
    edit: '修改方案', submit: '提交', approve: '批准', decline: '退回修改', cancel: '取消方案', excel: '导出 Excel', answer: '意见', answerHint: '意见（退回时必填）', drafted: '起草', decided: '审批', trail: '留痕',
    failure: '到期未能执行，没有做任何更改：', done: (units: number, posts: number) => `已生效：${units} 个单位变更，${posts} 个任职转到新单位。`, still: (n: number) => `还有 ${n} 个原单位名下的场所等事项正在移交。`, settled: '名下事项已全部移交。',
    confirm: '到生效时刻将一次全部执行。确定吗？', save: '保存草案', addStep: '添加一步', removeStep: '删除这一步', addPart: '添加一个单位', action: '操作', units: '单位', addUnit: '添加单位', remove: (name: string) => `移除${name}`, newCode: '新编码', newName: '新名称', main: '主单位（承接没有坐标的事项）', parent: '新上级', successor: '承接单位', boundary: (name: string) => `边界：${name}`, drawn: '已画', union: '取原单位边界的并集', mergeHint: '不画时取原单位边界的并集；原单位不相邻时没有边界。', splitHint: '有坐标的场所、隐患按边界归入各部分，没有坐标的归主单位；不画边界的部分只能由主单位承接。',
  },
  {
    title: 'Restructuring', all: 'All plans', waiting: 'For me to decide', plans: 'Plans', number: 'Number', day: 'Takes effect', state: 'State', steps: 'Steps', why: 'Why', area: 'Concerns', template: 'Template', draft: 'Draft a plan',
    empty: 'Here are plans by which units merge, split, move, are renamed or dissolved. Draft a small one here; for many units download the template, fill one row per unit, and import it.',
    dayHint: 'Takes effect (at 00:00 of the day; today: at once)', whyHint: 'Why', upload: 'Fill in day and reason, then choose the table', imported: (number: string) => `Drafted ${number}: open it, look at the preview, and submit it`,
    before: 'Before', after: 'After', percent: 'Change', residents: 'Residents, average', households: 'Households, average', figures: 'Figures', name: 'Units', kind: 'Kind', unchanged: 'The number of units stays.',
    moving: 'Who takes over', from: 'Unit', to: 'Successor', owned: 'It owns', movingMore: (shown: number, all: number) => `The first ${shown} of ${all}; the Excel table has all`, follows: 'Open work orders, reports and their limits follow; the limits stay as they are.',
    troubles: (n: number) => `${n} things cannot be done; mend them before you submit:`, step: (n: number) => `Step ${n}`, alone: 'It concerns only your part of the tree: submitting schedules it.', others: (n: number) => `It concerns ${n} units: who stands above all of them decides.`,
    edit: 'Change', submit: 'Submit', approve: 'Approve', decline: 'Send back', cancel: 'Call off', excel: 'Excel', answer: 'Answer', answerHint: 'Answer (needed to send it back)', drafted: 'Drafted', decided: 'Decided', trail: 'Trail',
    failure: 'It could not be done when it was due, and nothing was changed:', done: (units: number, posts: number) => `In effect: ${units} units changed, ${posts} posts moved.`, still: (n: number) => `What ${n} former units own is still being moved.`, settled: 'All they owned has moved.',
    confirm: 'All of it is done at once when it is due. Go on?', save: 'Save the draft', addStep: 'One more step', removeStep: 'Remove this step', addPart: 'One more unit', action: 'What happens', units: 'Units', addUnit: 'Add a unit', remove: (name: string) => `Remove ${name}`, newCode: 'New code', newName: 'New name', main: 'Main (takes what has no point)', parent: 'New parent', successor: 'Successor', boundary: (name: string) => `Boundary: ${name}`, drawn: 'drawn', union: 'Take the union of the units', mergeHint: 'Where nothing is drawn it is the union of the units; none where these do not lie side by side.', splitHint: 'Premises and hazards with a point go to the part in whose boundary they lie, all others to the main one; a part without a boundary gets nothing by itself.',
  },
)

export const stateWords = texts(
  { draft: '草案', proposed: '待审批', approved: '待生效', applied: '已生效', cancelled: '已取消' },
  { draft: 'Draft', proposed: 'Waiting for a decision', approved: 'Scheduled', applied: 'In effect', cancelled: 'Called off' },
)

export const stepWords = texts(
  { merge: '合并', split: '拆分', move: '移交', rename: '更名', dissolve: '撤销', keep: '不变' },
  { merge: 'Merge', split: 'Split', move: 'Move', rename: 'Rename', dissolve: 'Dissolve', keep: 'Keep' },
)

export const ownedWords = texts(
  { unit: '下级单位', post: '任职', premises: '场所', account: '账号', hazard: '隐患', duty: '定期职责', shift: '班次', leave: '请假', activity: '计划活动', meeting: '联席会议', past: '历史记录（检查、职责、已结隐患等）' },
  { unit: 'units below', post: 'posts', premises: 'premises', account: 'accounts', hazard: 'hazards', duty: 'duties', shift: 'shifts', leave: 'leave', activity: 'planned activities', meeting: 'joint meetings', past: 'records of what is over' },
)

export const planVerbs = texts(
  { draft: '起草', change: '修改', submit: '提交审批', schedule: '提交并排期', approve: '批准', decline: '退回', cancel: '取消', apply: '生效', fail: '未能执行', succeed: '随单位调整' },
  { draft: 'Drafted', change: 'Changed', submit: 'Submitted', schedule: 'Scheduled', approve: 'Approved', decline: 'Sent back', cancel: 'Called off', apply: 'Took effect', fail: 'Could not be done', succeed: 'Followed its units' },
)
