"""`gridgov up`: the embedded form in the foreground."""

from gridgov.embedded.up import run


def up() -> None:
    """启动网格通 · Start GridGov here and keep it running until Ctrl-C.

    设置用环境变量 · Settings are environment variables: GRIDGOV_PORT, GRIDGOV_STATE, GRIDGOV_KAFKA, DATABASE_URL … (README)."""
    run()
