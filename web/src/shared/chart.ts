/** A chart of bars, for as long as its component lives: new numbers, another size or look replace the old ones in it. Loaded
 * lazily; the tooltip is drawn, for one of HTML carries style attributes, which the policy refuses. */
import { BarChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption, type EChartsType } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { onBeforeUnmount, onMounted, watch, type ShallowRef } from 'vue'
import { dark } from './looks'

use([BarChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface Series {
  name: string
  values: number[]
}

/** The value of a property of the theme, such as `--text`. */
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Draws `option()` into `box`, and anew when what it is made `of` changes. */
export function draws(box: Readonly<ShallowRef<HTMLElement | null>>, of: () => unknown, option: () => EChartsCoreOption): void {
  let chart: EChartsType | null = null
  let sized: ResizeObserver | null = null
  const draw = () => chart?.setOption({ animation: false, textStyle: { fontFamily: token('--font') }, tooltip: { renderMode: 'richText', trigger: 'axis' }, ...option() }, { notMerge: true })
  onMounted(() => {
    chart = init(box.value!, undefined, { renderer: 'canvas' })
    draw()
    sized = new ResizeObserver(() => chart?.resize())
    sized.observe(box.value!)
  })
  watch(() => JSON.stringify([of(), dark.value]), draw)
  onBeforeUnmount(() => {
    sized?.disconnect()
    chart?.dispose()
  })
}
