"""Why the command stops: one line in Chinese and English that says what to do, never a trace."""


class Stopped(Exception):
    """The replay cannot go on. What was done so far stays done; exit code 1."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    @property
    def line(self) -> str:
        """Both languages, on one line whatever the parts held."""
        return " ".join(f"{self.zh} / {self.en}".split())

    def __str__(self) -> str:
        return self.line


class FileRefused(Stopped):
    """The file, or how the command was called, is not usable; nothing was sent; exit code 2."""
