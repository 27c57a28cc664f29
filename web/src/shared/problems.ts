/** What went wrong, as a sentence in the page's language that says what to do (RFC 9457 problem+json from every service). */
import type { InjectionKey } from 'vue'
import type { components } from '../api/intake'
import { said } from './i18n'

export type Problem = components['schemas']['Problem']

export class Failed extends Error {
  /** `status` 0: no answer came. */
  constructor(
    readonly status: number,
    readonly problem: Problem | null = null,
  ) {
    super(problem?.code ?? `status ${status}`)
  }

  get offline(): boolean {
    return this.status === 0
  }

  /** Somebody changed it meanwhile: read it anew, then decide again. */
  get stale(): boolean {
    return this.status === 412
  }

  /** Asking again changes nothing: it is not there, or not for whoever asks. */
  get final(): boolean {
    return this.status === 403 || this.status === 404
  }

  get sentence(): string {
    if (this.problem) return said(this.problem.title_zh, begun(this.problem.title_en))
    if (this.offline)
      return said('现在连不上服务器，内容已保留，网络恢复后请重试', 'The server cannot be reached; nothing is lost: try again when the network is back')
    return said(`服务器没有给出可读的回答（${this.status}），请稍后重试`, `The server's answer (${this.status}) could not be read; try again shortly`)
  }

  /** Field → what is wrong with it; the field as the body calls it, without where it came in. */
  get fields(): Record<string, string> {
    const found: Record<string, string> = {}
    for (const { field, zh, en } of this.problem?.errors ?? []) found[field] = said(zh, en)
    if (this.problem?.field && !(this.problem.field in found)) found[this.problem.field] = this.sentence
    return found
  }

  /** What an administrator can find it by in the log. */
  get reference(): string | null {
    return this.problem?.correlation_id ?? null
  }
}

/** Closes the thing that something is wrong with; given where one can be closed. */
export const CLOSE: InjectionKey<() => void> = Symbol('close')

/** Services begin their English in small letters, for programs that put it behind something else. */
export const begun = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1)

export const failed = (error: unknown): Failed => (error instanceof Failed ? error : new Failed(0))

export function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title_zh' in body && 'code' in body
}
