"""Joint fire meetings (消防联席会议): called, held, minutes approved; each resolution becomes one work order."""
