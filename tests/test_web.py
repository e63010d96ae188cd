"""The web page in a real browser: asked, streaming, stopped, judged; and what it does not let in."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import torch
from conftest import free_port, recipe_process, run_recipe, served

from tinyreason.config import ConfigError
from tinyreason.run.folder import write_rollouts
from tinyreason.web import Settings
from tinyreason.web.desk import Desk, Rate, Turn, verdict, whole_turn

pytest.importorskip("gradio")
ASKED = "Is coin 3 worth 1 or 2?"


def test_a_minute_holds_so_many_questions_from_each_address() -> None:
    rate = Rate(2)
    assert [rate.admits("a", now) for now in (0, 1, 2, 59)] == [True, True, False, False]
    assert rate.admits("b", 2)
    assert rate.admits("a", 60.5)  # the first is a minute ago, the second is not
    assert not rate.admits("a", 60.6)
    rate.admits("c", 1000)
    assert list(rate.times) == ["c"]  # who has gone is forgotten


def test_the_verdict_is_the_graders() -> None:
    turn = Turn("3+4=7", "\\boxed{7}", "3+4=7\n</think>\n\\boxed{7}")
    assert verdict(turn, " 7.0 ").startswith("✓ right: answer 7, right is 7.0")
    assert verdict(turn, "8").startswith("✗ wrong: answer 7, right is 8")
    assert verdict(turn, "") == "Answer: 7"
    cut = Turn("3+4=7", "", "3+4=7")
    assert verdict(cut, "7").startswith("✗ wrong: answer none")
    assert verdict(cut, "") == "No answer that the grader reads."


def test_a_turn_is_divided_as_the_grader_divides_it() -> None:
    text = "a</think>\\boxed{1}</think>\\boxed{2}"
    turn = whole_turn(text)
    assert (turn.reasoning, turn.answer) == ("a</think>\\boxed{1}", "\\boxed{2}")
    assert verdict(turn, "2").startswith("✓ right: answer 2")
    assert whole_turn("3+4") == Turn("3+4", "", "3+4")


def test_a_port_in_use_is_told(sft_run: Path, address: str) -> None:
    port = address.rsplit(":", 1)[1]
    output = run_recipe("scripts/web.py", "--model", sft_run, "--port", port, code=1)
    assert output.endswith(f"error: port: {port} is in use; give another --port\n")


def test_what_is_empty_or_too_long_or_too_often_is_refused() -> None:
    desk = Desk.__new__(Desk)  # without models
    desk.settings, desk.rate, desk.all = Settings("m", max_question_length=5), Rate(1), Rate(2)
    request = visitor("1.2.3.4")
    assert desk.refused("  ", "", request) == "There is no question."
    assert desk.refused("123456", "", request) == "The question has 6 letters, 5 are allowed."
    assert desk.refused("1", "123456", request) == "The right answer has 6 letters, 5 are allowed."
    assert desk.refused("12345", "7", request) is None
    assert desk.refused("12345", "7", request) == "More than 1 questions in a minute; wait a little."
    assert desk.refused("12345", "", visitor("1.2.3.4", "ann")) is None
    assert "More than" in desk.refused("1", "", visitor("1.2.3.5"))  # who makes addresses up is one of all


def visitor(host: str, name: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(client=SimpleNamespace(host=host), username=name)


def test_whoever_stops_listening_stops_the_model(model_folder: Path) -> None:
    desk = Desk(Settings(str(model_folder)))
    torch.manual_seed(1)  # a turn that goes on for long
    turns = desk.turns(0, [("a", "b</think>c", "")], ASKED, 1e9, 1.5)
    next(turns)
    assert "turn" in [thread.name for thread in threading.enumerate()]
    turns.close()
    assert "turn" not in [thread.name for thread in threading.enumerate()]


def test_settings_without_sense_are_refused() -> None:
    with pytest.raises(ConfigError, match="questions_a_minute: 0 is too few"):
        Settings("m", questions_a_minute=0)
    with pytest.raises(ConfigError, match="temperature: -1 is below 0"):
        Settings("m", temperature=-1)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--share", "true"], "share: anybody could use this machine; give --auth NAME:PASSWORD too"),
        (["--auth", "me"], "auth: is not NAME:PASSWORD"),
        (["--run", "src"], "run: src has no rollouts; RL writes them"),
    ],
)
def test_the_script_refuses(sft_run: Path, flags: list[str], words: str) -> None:
    assert words in run_recipe("scripts/web.py", "--model", sft_run, *flags, code=1)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder with two steps of rollouts."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "recipe.yaml").write_text("algorithm: grpo\n")
    for step in range(2):
        columns = {
            "question": [f"question {step}"] * 2, "completion": ["a</think>\\boxed{1}", "b"],
            "gold": ["1"] * 2, "answer": ["1", None], "correct": [1.0, 0.0], "reward": [1.0, 0.0],
            "tokens": [5, 1], "truncated": [False, True],
        }  # fmt: skip
        write_rollouts(folder / "rollouts", step, "0", columns)
    return folder


@contextmanager
def serving(*flags: object) -> Iterator[str]:
    """The address of a page as the script serves it."""
    port = free_port()
    process = recipe_process("scripts/web.py", *flags, "--port", port, PYTHONUNBUFFERED="1")
    with served(process, port) as address:
        yield address


@pytest.fixture(scope="module")
def address(sft_run: Path, endless: Path, run: Path) -> Iterator[str]:
    """The page of a model that is brief, beside one that writes and writes."""
    flags = ["--model", sft_run, "--against", endless, "--run", run]
    flags += ["--temperature", 0.05]  # greedy, the second writes spaces alone; warmer, it ends
    limits = ["--max_completion_length", 50_000, "--max_question_length", 200]
    with serving(*flags, *limits) as address:
        yield address


def test_a_password_guards_every_route(sft_run: Path) -> None:
    with serving("--model", sft_run, "--auth", "ann:a word") as address:
        for route in (
            "config",
            "gradio_api/info",
            "gradio_api/queue/data?session_hash=x",
            "gradio_api/file=README.md",
        ):
            with pytest.raises(HTTPError) as refused:
                urlopen(f"{address}/{route}")
            assert refused.value.code == 401, route
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{address}/gradio_api/queue/join", b"{}")
        assert refused.value.code == 401


@pytest.fixture
def opened(browser, address: str) -> Iterator:
    """The page, which asks nothing of anybody else and has nothing to complain about."""
    page = browser.new_page(viewport={"width": 1100, "height": 800})
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.get_by_role("tab", name="Question").wait_for()
    yield page
    assert errors == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def field(page, label: str):
    return page.get_by_label(label, exact=True).locator("visible=true")


def wait_until(true, seconds: float = 30) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.05)


def test_a_question_is_answered_and_judged(opened) -> None:
    field(opened, "Question").fill(ASKED)
    field(opened, "Right answer, if you know it").fill("12345")
    opened.get_by_role("button", name="Ask").click()
    wait_until(lambda: field(opened, "Verdict").input_value().startswith("✗ wrong: answer"))
    assert re.fullmatch(r"\\boxed\{\w*\}", field(opened, "Answer").input_value())
    reasoning = opened.get_by_role("button", name="Reasoning")
    assert (
        opened.locator("textarea:visible").count() == 5
    )  # question, right answer, reasoning, answer, verdict
    reasoning.click()
    wait_until(lambda: opened.locator("textarea:visible").count() == 4)
    opened.set_viewport_size({"width": 390, "height": 800})  # a phone
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_question_that_the_context_cannot_hold_is_refused_in_words(opened) -> None:
    field(opened, "Question").fill("😀" * 200)  # as many letters as are allowed, each of four tokens
    opened.get_by_role("button", name="Ask").click()
    opened.get_by_text("the model 512 positions; shorten it").wait_for()


def test_two_models_answer_side_by_side_while_they_write_and_stop_when_told(opened) -> None:
    opened.get_by_role("tab", name="Side by side").click()
    field(opened, "Question").fill(ASKED)
    opened.get_by_role("button", name="Ask").click()
    texts = opened.locator("textarea:visible")

    def lengths() -> list[int]:
        """Of reasoning, answer and verdict of the one and the other."""
        return [len(texts.nth(place).input_value()) for place in range(2, 8)]

    wait_until(lambda: lengths()[3] > 20)
    early = lengths()[3]
    wait_until(lambda: lengths()[3] > early + 20)  # it streams
    assert lengths()[2] > 0  # the first one has its verdict
    opened.get_by_role("button", name="Stop").locator("visible=true").click()
    wait_until(lambda: lengths()[3] == (time.sleep(0.5), lengths()[3])[1])
    ended = lengths()[3]
    assert ended < 50_000  # tokens of a letter or more: it was not at its end
    time.sleep(2)
    assert lengths()[3] == ended


def test_a_conversation_folds_its_reasoning_and_gives_a_verdict(opened) -> None:
    opened.get_by_role("tab", name="Chat").click()
    for count in (1, 2):
        field(opened, "Question").fill(ASKED)
        field(opened, "Right answer, if you know it").fill("12345")
        opened.get_by_role("button", name="Send").click()
        wait_until(lambda count=count: opened.get_by_text("✗ wrong: answer").count() == count)
    assert opened.get_by_text(ASKED, exact=True).count() == 2
    assert opened.get_by_text("Reasoning").locator("visible=true").count() == 2
    opened.get_by_role("button", name="New conversation").click()
    wait_until(lambda: opened.get_by_text("✗ wrong: answer").count() == 0)


def test_a_question_that_is_too_long_is_refused_on_the_page(opened) -> None:
    field(opened, "Question").fill("x" * 201)
    opened.get_by_role("button", name="Ask").click()
    opened.get_by_text("The question has 201 letters, 200 are allowed.").wait_for()


def test_the_rollouts_of_a_run_are_looked_through(opened) -> None:
    opened.get_by_role("tab", name="Rollouts").click()
    inside = opened.frame_locator("iframe.rollouts")
    inside.get_by_text("question 0").wait_for()
    inside.get_by_role("slider").focus()
    opened.keyboard.press("ArrowRight")
    inside.get_by_text("question 1").wait_for()
