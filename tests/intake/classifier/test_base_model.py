"""The model of a fresh machine: it knows the obvious, is kept, and survives what happens to files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.intake.classifier import storage
from services.intake.classifier.base import CURRENT, load_or_train
from services.intake.classifier.port import Text
from shared.errors import Invalid

OBVIOUS = {
    "urban_construction": Text("物业不作为电梯又困人", "我们是业主，小区物业收了费不修电梯，维修基金也不公开。"),
    "party_government": Text("党员组织关系转移", "党支部不接收我的组织关系，党费没处交。"),
    "land_resources": Text("征地补偿没有到位", "村里土地被征收，征地公告没有贴，补偿费也没有发。"),
    "environment": Text("化工厂偷排废水", "排污口流出黑水，臭味刺鼻，请环保局监测。"),
    "discipline": Text("举报干部收受贿赂", "站长索贿，挪用公款，请纪委监委调查。"),
    "transport": Text("快递不送上门", "快递网点让我自己去镇上取件，还收两块钱。"),
    "economy": Text("理财公司非法集资", "高息揽储，现在不兑付，钱全没了。"),
    "science_it": Text("宽带断网没人修", "电信运营商的光纤三天没有网络。"),
    "civil_affairs": Text("低保被取消", "民政所没有说明就停了我家的低保和高龄津贴。"),
    "agriculture": Text("买到假种子", "水稻没有抽穗，农业局能鉴定吗？村里的种粮补贴也没发。"),
    "commerce_tourism": Text("旅行社强制购物", "导游不让游客下车，要求退款。"),
    "health": Text("医疗事故没有说法", "手术后感染，医院和医生推卸，患者家属无助。"),
    "justice": Text("派出所不立案", "家里被盗，报警后民警一直没有破案。"),
    "education_culture": Text("学校强制补课", "老师周末收补课费，学生没有休息。"),
    "labour_security": Text("社保断缴怎么补", "单位没有签劳动合同，养老保险也没交，工资还拖欠。"),
}


@pytest.mark.parametrize("code", OBVIOUS)
def test_an_obvious_message_of_every_category_is_recognised(base_model, code):
    suggestion = base_model.suggest([OBVIOUS[code]])[0]
    assert suggestion.code == code
    assert suggestion.confidence >= 0.4


def test_places_numbers_and_greetings_do_not_change_the_suggestion(base_model):
    plain = Text("路灯不亮", "晚上一片漆黑，请尽快修好。")
    dressed = Text("A3区路灯不亮", "尊敬的领导：您好！晚上一片漆黑，\n\t\t 请尽快修好。谢谢！")
    assert base_model.suggest([plain])[0].code == base_model.suggest([dressed])[0].code == "urban_construction"


def test_traditional_characters_say_the_same(base_model):
    plain, written = Text("路灯不亮", "晚上一片漆黑，请尽快修好。"), Text("路燈不亮", "晚上一片漆黑，請盡快修好。")
    (one,), (other,) = base_model.suggest([plain]), base_model.suggest([written])
    assert (one.code, one.confidence) == (other.code, other.confidence)


def test_the_second_start_reads_what_the_first_one_kept(base_model, model_dir):
    kept = list(model_dir.glob("base-*.model"))
    assert len(kept) == 1
    before = kept[0].stat().st_mtime_ns
    again = load_or_train(model_dir)
    assert kept[0].stat().st_mtime_ns == before
    texts = list(OBVIOUS.values())
    assert again.suggest(texts) == base_model.suggest(texts)


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"not a model at all\n\x00\x01"])
def test_a_broken_kept_model_is_made_anew(base_model, tmp_path, damage):
    kept = tmp_path / f"base-{base_model.version}.model"
    kept.write_bytes(damage)
    assert load_or_train(tmp_path).version == base_model.version
    assert storage.load(kept).version == base_model.version


def test_a_directory_that_cannot_be_written_does_not_stop_a_start(base_model, tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("no directory")
    assert load_or_train(occupied / "models").version == base_model.version


def test_two_processes_starting_at_once_agree_and_leave_one_whole_file(base_model, tmp_path):
    program = (
        "import sys; from pathlib import Path; from services.intake.classifier.base import load_or_train; "
        "print(load_or_train(Path(sys.argv[1])).version)"
    )
    root = Path(__file__).parents[3]
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], cwd=root, env=os.environ, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    assert {start.communicate(timeout=100)[0].split()[-1] for start in starts} == {base_model.version}
    assert [file.name for file in tmp_path.iterdir()] == [f"base-{base_model.version}.model"]
    assert storage.load(tmp_path / f"base-{base_model.version}.model").version == base_model.version


def test_a_model_trained_by_command_goes_before_the_base_model(small_model, tmp_path):
    storage.save(small_model, tmp_path / CURRENT)
    assert load_or_train(tmp_path).version == small_model.classifier.version


def test_a_damaged_trained_model_stops_the_start_and_says_so(tmp_path):
    (tmp_path / CURRENT).write_bytes(b"half a file")
    with pytest.raises(Invalid) as error:
        load_or_train(tmp_path)
    assert error.value.code == "classifier_model_damaged"
