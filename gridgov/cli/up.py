"""`gridgov up`: the embedded form in the foreground."""

from gridgov.embedded.up import run


def up() -> None:
    """启动网格通 · Start GridGov here and keep it running until Ctrl-C."""
    run()
