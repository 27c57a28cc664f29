"""`gridgov classifier`: train, evaluate and show the model that suggests categories.

With `--json` the last line of output is one JSON object. A bad file gives one line in Chinese and English and exit code 2.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from services.intake.classifier import storage
from services.intake.classifier.base import CURRENT
from services.intake.classifier.categories import category_tree
from services.intake.classifier.evaluation import Evaluation
from services.intake.classifier.evaluation import evaluate as evaluated
from services.intake.classifier.labelled_file import read_labelled
from services.intake.classifier.training import train as trained_on
from shared.clock import LOCAL, SystemClock
from shared.errors import GridGovError, Invalid

app = typer.Typer(no_args_is_help=True, help="分类建议模型：训练、评估、查看 · The model that suggests categories.")

AsJson = Annotated[bool, typer.Option("--json", help="最后一行输出一个 JSON 对象 · one JSON object as the last line.")]


@app.command()
def evaluate(
    train: Annotated[Path, typer.Option(help="训练用的已标注文件（xlsx 或 csv）/ labelled messages to learn from.")],
    test: Annotated[Path, typer.Option(help="测试用的已标注文件 · labelled messages to be judged on.")],
    as_json: AsJson = False,
) -> None:
    """评估：用一份文件训练，在另一份上测试 · Learn from one file, judge on the other.

    The model learns only from --train and from what GridGov itself ships (its own texts and lexicon, see
    services/intake/data); it never looks at --test before judging. It chooses among the categories that occur in --train.
    """
    with _plain_errors():
        examples, questions = read_labelled(train), read_labelled(test)
        classifier = trained_on(examples, SystemClock().now().astimezone(LOCAL).date()).classifier
        result = evaluated(classifier.only({example.code for example in examples}), questions)
    if as_json:
        figures = asdict(result)
        del figures["categories"]
        print(json.dumps({name: round(value, 4) for name, value in figures.items()} | {"model": classifier.version}))
    else:
        _print_evaluation(result, classifier.version)


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="已标注文件（xlsx 或 csv）/ labelled messages.")],
    out: Annotated[Path, typer.Option(help="模型目录 · the directory for models; the newest is also current.model.")],
    as_json: AsJson = False,
) -> None:
    """训练：得到带版本号的模型 · Train a versioned model; a service started on that directory uses it."""
    with _plain_errors():
        trained = trained_on(read_labelled(data), SystemClock().now().astimezone(LOCAL).date())
        file = out / f"{trained.classifier.version}.model"
        try:
            storage.save(trained, file)
            _publish(file, out / CURRENT)
        except OSError as error:
            raise Invalid(
                "classifier_not_written",
                f"无法写入目录 {out}（{error.strerror}），请检查权限和空间",
                f"cannot write to {out} ({error.strerror}); check permissions and space",
            ) from None
    if as_json:
        print(json.dumps({**trained.facts, "file": str(file)}, ensure_ascii=False))
    else:
        _print_facts(trained.facts)
        Console().print(f"已保存 / saved: {file}", soft_wrap=True)


@app.command()
def show(
    models: Annotated[
        Path | None,
        typer.Option("--dir", help="模型目录或文件；缺省为内置模型 · directory or file; default: built in."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """查看：模型的版本与来源 · Version and origin of a model."""
    with _plain_errors():
        if models is None:
            tree = category_tree()
            facts: dict[str, Any] = {"tree": tree.version, "categories": [c.zh for c in tree.categories]}
            facts["version"] = "内置 / built in (train one with: gridgov classifier train)"
        else:
            file = _model_in(models) if models.is_dir() else models
            storage.load(file)
            facts = dict(storage.facts_of(file))
    if as_json:
        print(json.dumps(facts, ensure_ascii=False))
    else:
        _print_facts(facts)


def _model_in(directory: Path) -> Path:
    """The model a service started on `directory` uses: the one trained by command, else the base model it has kept."""
    current = directory / CURRENT
    kept = sorted(directory.glob("base-*.model"), key=lambda file: file.stat().st_mtime)
    return kept[-1] if kept and not current.exists() else current


def _publish(file: Path, current: Path) -> None:
    temporary = current.with_name(f".{file.name}.current")
    shutil.copyfile(file, temporary)
    temporary.replace(current)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except GridGovError as error:
        print(f"{error.zh} / {error.en}", file=sys.stderr)
        raise typer.Exit(2) from None


def _print_evaluation(result: Evaluation, version: str) -> None:
    names = category_tree().by_code
    table = Table("类别 / category", title=f"模型 / model {version}")
    for heading in ("条数 / messages", "查准 / precision", "查全 / recall", "F1"):
        table.add_column(heading, justify="right")
    for score in result.categories:
        table.add_row(
            names[score.code].zh,
            str(score.messages),
            *(f"{value:.1%}" for value in (score.precision, score.recall, score.f1)),
        )
    console = Console()
    console.print(table)
    console.print(
        f"macro-F1 {result.macro_f1:.4f} · 准确率 / accuracy {result.accuracy:.4f} · 前三 / top-3 {result.top3:.4f} · "
        f"{result.messages} 条 / messages · {result.messages_per_second:,.0f} 条每秒 / per second",
        soft_wrap=True,
    )


def _print_facts(facts: Any) -> None:
    table = Table(show_header=False)
    for name, value in facts.items():
        table.add_row(name, json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value))
    Console().print(table)


if __name__ == "__main__":
    app()
