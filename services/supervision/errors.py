"""What supervision refuses: one row per code, with its two texts."""

from shared.errors import Conflict, NotFound

CLOCK_NOT_FOUND = NotFound.row(
    "clock_not_found", "没有这个计时，或您无权查看。", "There is no such clock, or it is not yours to see."
)
CLOCK_STEP_NOT_DUE = Conflict.row(
    "clock_step_not_due",
    "计时的“{step}”步骤尚未到期或已执行，请按当前状态重新读取后再试。",
    "The step {step} of this clock is not due, or was taken already: read the clock again.",
)
