"""Java and the broker's jars: found, or resolved once by Maven into a cache, or named in one line as missing.

Beside the jars lies what Java made of the broker's classes when it first read them (class data sharing, JEP 350): with it
a broker starts in half the time.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gridgov.local.errors import ProgramMissing, explained
from gridgov.local.locks import waiting

POM = Path(__file__).with_name("pom.xml")
_OLDEST_JAVA = 17


@dataclass(frozen=True, slots=True)
class Programs:
    """The `java` to run, the folder of the jars, and the file of their classes as this Java keeps them: not there before
    `learn`, and empty where this Java keeps none."""

    java: str
    jars: Path
    classes: Path

    def command(self, main_class: str, *arguments: str, options: tuple[str, ...] = ()) -> list[str]:
        return [self.java, *self._shared(), *options, "-cp", f"{self.jars}/*", main_class, *arguments]

    def learn(self, run: Callable[[Path, tuple[str, ...]], None]) -> None:
        """Keep the classes that a broker loads, once: `run` one in a folder and with options of Java, to its orderly end."""
        with waiting(self.jars.parent / "lock"):
            if self.classes.exists():
                return
            with tempfile.TemporaryDirectory(dir=self.jars.parent, prefix="new-") as folder:
                new = Path(folder) / "classes.jsa"
                run(Path(folder) / "kafka", (f"-XX:ArchiveClassesAtExit={new}",))
                if not self._accepts(new):
                    new.unlink(missing_ok=True)
                    new.touch()  # so that nobody tries again
                with new.open("rb") as kept:
                    os.fsync(kept.fileno())  # Java crashes where a power cut left half of it
                new.rename(self.classes)

    def _accepts(self, new: Path) -> bool:
        """Whether Java starts with these classes."""
        if not new.exists():
            return False
        command = replace(self, classes=new).command("-version", options=("-Xshare:on",))
        return subprocess.run(command, capture_output=True, check=False, cwd=new.parent).returncode == 0

    def _shared(self) -> tuple[str, ...]:
        kept = self.classes.exists() and self.classes.stat().st_size > 0
        return (f"-XX:SharedArchiveFile={self.classes}",) if kept else ()


def find(environ: Mapping[str, str] = os.environ) -> Programs:
    """Java and the jars, resolving these when the cache does not hold them yet. Raises ProgramMissing, StateError."""
    java, version = _java(environ)
    jars = jars_folder(environ)
    if not jars.is_dir():
        with explained(jars):
            jars.parent.mkdir(parents=True, exist_ok=True)
            with waiting(jars.parent / "lock"):
                if not jars.is_dir():
                    _resolve(jars, environ)
    of_this_java = hashlib.sha256(f"{java} {version}".encode()).hexdigest()[:12]
    return Programs(java, jars, jars.with_name(f"{jars.name}-{of_this_java}.jsa"))


def jars_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the jars of exactly this `pom.xml` lie, or will: under GRIDGOV_CACHE, default ~/.cache/gridgov/kafka."""
    chosen = environ.get("GRIDGOV_CACHE")
    cache = Path(chosen).expanduser() / "kafka" if chosen else Path.home() / ".cache" / "gridgov" / "kafka"
    return cache.absolute() / f"jars-{hashlib.sha256(POM.read_bytes()).hexdigest()[:12]}"


def _java(environ: Mapping[str, str]) -> tuple[str, str]:
    """Where it is, and what it says it is."""
    home = environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java", path=environ.get("PATH"))
    said = ""
    if java is not None:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    number = re.search(r'version "(\d+)', said)
    if java is None or number is None or int(number[1]) < _OLDEST_JAVA:
        raise ProgramMissing(
            f"本机 Kafka 需要 Java {_OLDEST_JAVA} 或更新版本，没有找到；请安装(如 apt install openjdk-17-jre-headless)，"
            "或设置 JAVA_HOME",
            f"local Kafka needs Java {_OLDEST_JAVA} or newer, which was not found: install it (for example apt install "
            "openjdk-17-jre-headless), or set JAVA_HOME",
        )
    return java, said


def _resolve(jars: Path, environ: Mapping[str, str]) -> None:
    maven = shutil.which("mvn", path=environ.get("PATH"))
    if maven is None:
        raise ProgramMissing(
            "取得 Kafka 程序包需要 Maven(mvn)，没有找到；请安装(如 apt install maven)后重试，只需要一次",
            "Maven (mvn) is needed once to get Kafka's jars, and was not found: install it (for example apt install "
            "maven) and try again",
        )
    with tempfile.TemporaryDirectory(dir=jars.parent, prefix="new-") as folder:
        new = Path(folder) / "jars"
        ran = subprocess.run(
            [maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={new}"],
            capture_output=True, text=True, check=False, env=dict(environ), stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if ran.returncode != 0 or not any(new.glob("kafka_*.jar")):
            errors = [line for line in (ran.stdout + ran.stderr).splitlines() if "ERROR" in line] or ["?"]
            raise ProgramMissing(
                f"无法下载 Kafka 程序包：{errors[0][:300]}；请检查网络或 Maven 的设置(settings.xml)后重试",
                f"Kafka's jars cannot be fetched: {errors[0][:300]}; check the network or Maven's settings.xml and try "
                "again",
            )
        new.rename(jars)
