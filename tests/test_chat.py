"""Talking to a model: what fits into its context, the turn as it is written, and the script in a terminal."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, recipe_process, run_recipe
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, AutoTokenizer

from tinyreason import chatml
from tinyreason.chat import Conversation, Speaker, in_parts
from tinyreason.config import ConfigError
from tinyreason.generation import Decoding, generate
from tinyreason.models import as_trained

QUESTION = "Tom has 3 pens. Tom buys 4 more. How many pens?"


@given(st.data())
def test_reasoning_and_answer_are_told_apart_however_the_text_is_cut(data) -> None:
    text = data.draw(
        st.sampled_from(["3+4=7\n</think>\n\\boxed{7}", "a </thin", "</think></think>7", "<<//think>"])
    )
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)))))
    pieces = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    found = list(in_parts(pieces))
    before, _, after = text.partition("</think>")
    assert "".join(part for reasoning, part in found if reasoning) == before
    assert "".join(part for reasoning, part in found if not reasoning) == after
    assert all(part for _, part in found)
    assert [reasoning for reasoning, _ in found] == sorted((r for r, _ in found), reverse=True)


@pytest.fixture(scope="module")
def tokenizer(sft_run: Path):
    return AutoTokenizer.from_pretrained(sft_run)


def test_a_first_prompt_is_that_of_training_and_turns_follow_as_they_were(tokenizer) -> None:
    conversation = Conversation(tokenizer, None)
    ids, most = conversation.prompt(QUESTION, 100)
    assert tokenizer.decode(ids) == chatml.render_prompt(QUESTION)
    assert most == 100
    conversation.add(QUESTION, "3+4=7\n</think>\n\\boxed{7}")
    ids, _ = conversation.prompt("And one more?", 100)
    turn = "<think>\n3+4=7\n</think>\n\\boxed{7}<|im_end|>\n<|im_start|>user\nAnd one more?<|im_end|>"
    assert turn in tokenizer.decode(ids)
    conversation.system = "Be brief."
    assert tokenizer.decode(conversation.prompt("x", 9)[0]).startswith(
        "<|im_start|>system\nBe brief.<|im_end|>"
    )


def test_the_oldest_turns_leave_where_the_context_ends(tokenizer) -> None:
    conversation = Conversation(tokenizer, 256)
    for number in range(8):
        conversation.add(f"question {number}", f"it is {number}</think>{number}")
    ids, most = conversation.prompt("the last", 1024)
    text = tokenizer.decode(ids)
    assert len(ids) + most == 256
    assert most >= 128
    assert "question 7" in text
    assert "question 0" not in text
    assert text.startswith("<|im_start|>system")
    assert len(conversation.turns) % 2 == 0
    assert conversation.prompt("the last", 1)[0] == ids  # what has left does not come back
    with pytest.raises(
        ConfigError, match=r"the question has \d+ tokens, the model 256 positions; shorten it"
    ):
        conversation.prompt("long " * 300, 10)
    ids, most = Conversation(tokenizer, 256).prompt("pens " * 60, 1024)
    assert 0 < most == 256 - len(ids) < 128


@pytest.fixture(scope="module")
def speaker(sft_run: Path) -> Speaker:
    return Speaker(as_trained(str(sft_run), "float32"))


def said(speaker: Speaker, question: str = QUESTION, most: int = 40):
    ids, most = speaker.conversation().prompt(question, most)
    return speaker.reply(ids, most=most, temperature=0.0)


def test_a_reply_is_what_the_evaluation_would_have_sampled(speaker: Speaker) -> None:
    reply = said(speaker)
    pieces = list(reply)
    [(_, _, own)] = generate(
        speaker.model, speaker.tokenizer, [chatml.render_prompt(QUESTION)], Decoding(40), batch_size=1
    )
    assert "".join(pieces) == reply.text == own.text
    assert (reply.tokens, reply.truncated) == (own.tokens, own.truncated)
    assert len(pieces) > 3  # it comes while it is written
    assert reply.seconds > 0


def test_a_cut_off_and_an_interrupted_reply_are_known(speaker: Speaker, endless: Path) -> None:
    cut = said(speaker, most=2)
    list(cut)
    assert (cut.tokens, cut.truncated, cut.answer, cut.reasoning) == (2, True, None, None)
    long = said(Speaker(as_trained(str(endless), "float32")), most=10_000)
    first = next(iter(long))
    long.stop()
    assert long.text.startswith(first)
    assert 1 <= long.tokens < 5000
    assert long.answer is None


def test_an_error_while_writing_reaches_whoever_reads(speaker: Speaker) -> None:
    reply = speaker.reply([10**6], most=3, temperature=0.0)
    with pytest.raises(IndexError):
        list(reply)


@pytest.mark.parametrize("draft", ["lookup", "model"])
def test_speculative_decoding_writes_the_same(
    draft: str, speaker: Speaker, sft_run: Path, model_folder: Path
) -> None:
    guessing = Speaker(
        as_trained(str(sft_run), "float32"), "lookup" if draft == "lookup" else str(model_folder)
    )
    asked = []
    forward = guessing.model.forward
    guessing.model.forward = lambda *args, **kwargs: (
        asked.append(kwargs["input_ids"].shape[1]) or forward(*args, **kwargs)
    )
    for question in (QUESTION, "Ann has 12 cups. Ann loses 5 cups. How many cups has Ann?"):
        plain, guessed = said(speaker, question), said(guessing, question)
        assert "".join(plain) == "".join(guessed)
    assert any(1 < length < 30 for length in asked)  # several tokens are checked at once


def test_a_draft_of_another_tokenizer_is_refused(sft_run: Path, model_folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(model_folder, other)
    tokenizer = AutoTokenizer.from_pretrained(other)
    tokenizer.add_tokens(["<more>"])
    tokenizer.save_pretrained(other)
    with pytest.raises(ConfigError, match=r"draft: .* has another tokenizer"):
        Speaker(as_trained(str(sft_run), "float32"), str(other))


def test_a_draft_with_other_logits_is_refused(sft_run: Path, model_folder: Path, tmp_path: Path) -> None:
    """As those of Qwen2.5: one tokenizer, embeddings padded to different sizes."""
    other = tmp_path / "padded"
    shutil.copytree(model_folder, other)
    model = AutoModelForCausalLM.from_pretrained(other)
    size = model.config.vocab_size
    model.resize_token_embeddings(size + 64)
    model.save_pretrained(other)
    with pytest.raises(ConfigError, match=rf"padded has {size + 64} logits, the model {size}; take another"):
        Speaker(as_trained(str(sft_run), "float32"), str(other))


def test_a_model_cannot_steer_the_terminal(sft_run: Path, tmp_path: Path) -> None:
    """One whose full stop is an escape character, as the answer's last letter too."""
    steering = tmp_path / "steering"
    shutil.copytree(sft_run, steering)
    content = json.loads((steering / "tokenizer.json").read_text())
    vocabulary = content["model"]["vocab"]
    escape = chr(0x100 + 0x1B)  # as byte-level tokenizers write it
    vocabulary["."], vocabulary[escape] = vocabulary[escape], vocabulary["."]
    (steering / "tokenizer.json").write_text(json.dumps(content))
    flags = ["--model", steering, "--max_completion_length", 40, "--temperature", 0, "--prompt", QUESTION]
    found = run_recipe("scripts/chat.py", *flags, "--json")
    assert "\\u001b" in found
    shown = run_recipe("scripts/chat.py", *flags)
    assert "answer: " in shown
    assert "\x1b" not in shown


def test_one_question_and_questions_from_a_pipe(sft_run: Path) -> None:
    flags = ["--model", sft_run, "--max_completion_length", 40, "--temperature", 0]
    once = run_recipe("scripts/chat.py", *flags, "--prompt", QUESTION)
    assert once.count("answer: ") == 1
    assert "</think>" not in once
    lines = f"{QUESTION}\n\nAnn has 12 cups. Ann loses 5 cups. How many cups has Ann?\n"
    output = run_recipe("scripts/chat.py", *flags, "--json", typed=lines)
    found = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert [each["question"] for each in found] == [line for line in lines.splitlines() if line]
    assert f"answer: {found[0]['answer']}" in once
    for each in found:
        assert set(each) == {
            "question", "reasoning", "answer", "completion", "tokens", "truncated", "seconds",
        }  # fmt: skip
        assert each["completion"].startswith(each["reasoning"] or "")
    assert run_recipe("scripts/chat.py", *flags, typed=lines).count("answer: ") == 2
    assert "temperature is 0 or more" in run_recipe(
        "scripts/chat.py", "--model", sft_run, "--temperature", -1, code=1
    )


def test_a_line_that_is_no_text_does_not_end_the_others(sft_run: Path) -> None:
    process = recipe_process("scripts/chat.py", "--model", sft_run, "--max_completion_length", 9, "--json")
    process.stdin.buffer.write(b"\xff\xfe\n" + QUESTION.encode() + b"\n")
    process.stdin.close()
    output = process.stdout.read()
    assert process.wait(120) == 0
    assert output.count('"question": ') == 2


def test_a_reader_that_has_enough_ends_the_chat(sft_run: Path) -> None:
    process = recipe_process("scripts/chat.py", "--model", sft_run, "--max_completion_length", 9, "--json")
    process.stdin.write(f"{QUESTION}\n" * 500)
    process.stdin.close()
    while not process.stdout.readline().startswith("{"):
        pass
    process.stdout.close()
    assert process.wait(120) == 0


class Terminal:
    """A chat in a terminal of its own."""

    def __init__(self, *flags: object) -> None:
        self.end, other = pty.openpty()
        command = [sys.executable, ROOT / "scripts/chat.py", *map(str, flags)]
        environment = {**os.environ, "TERM": "xterm", "HF_HUB_OFFLINE": "1"}
        self.process = subprocess.Popen(
            command,
            stdin=other,
            stdout=other,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )
        os.close(other)
        self.seen = ""

    def until(self, words: str, limit: float = 120) -> str:
        """What comes up to and with the words."""
        ends = time.monotonic() + limit
        while words not in self.seen:
            assert time.monotonic() < ends, self.seen
            if select.select([self.end], [], [], 0.1)[0]:
                self.seen += os.read(self.end, 65536).decode(errors="replace")
        before, _, self.seen = self.seen.partition(words)
        return before + words

    def type(self, text: str) -> None:
        os.write(self.end, text.encode())


@pytest.fixture
def terminal() -> Iterator:
    opened = []

    def begin(*flags: object) -> Terminal:
        opened.append(Terminal(*flags))
        return opened[-1]

    yield begin
    for each in opened:
        each.process.kill()
        os.close(each.end)


def test_a_conversation_in_a_terminal(terminal, sft_run: Path) -> None:
    chat = terminal("--model", sft_run, "--max_completion_length", 40, "--temperature", 0)
    chat.until("question> ")
    chat.type(f"{QUESTION}\n")
    turn = chat.until("answer: ")
    assert "\x1b[2m" in turn  # dimmed reasoning
    assert "\x1b[1m" in turn  # bright answer
    answer = re.match(r"\S+", chat.until("question> "))[0]
    for words, reply in (
        ("/think", "the reasoning is hidden"),
        ("/temperature 0.5", "temperature 0.5"),
        ("/temperature hot", "'hot' is no number"),
        ("/temperature 0", "temperature 0"),
        ("/system Be brief.", "a new conversation, with the system prompt Be brief."),
        ("/system", "with the system prompt of training"),
        ("/reset", "a new conversation"),
        ("/nonsense", "Ctrl-C interrupts an answer, Ctrl-D leaves"),
    ):
        chat.type(f"{words}\n")
        chat.until(reply)
        chat.until("question> ")
    chat.type(f"{QUESTION}\n")
    assert "\x1b[2m" not in chat.until("answer: ").replace("\x1b[2mCtrl", "")
    assert re.match(r"\S+", chat.until("question> "))[0] == answer
    chat.type("long " * 400 + "\n")
    chat.until("shorten it")
    chat.until("question> ")
    time.sleep(1)  # until it waits for a key
    chat.type("\x04")
    assert chat.process.wait(60) == 0


def test_ctrl_c_interrupts_an_answer_and_not_the_chat(terminal, endless: Path) -> None:
    chat = terminal("--model", endless, "--max_completion_length", 100_000, "--temperature", 0)
    chat.until("question> ")
    chat.type("Hello\n")
    chat.until("\r\n" * 5)  # the first of it has come
    chat.process.send_signal(signal.SIGINT)
    rest = chat.until("question> ")
    assert "answer: None" in rest
    assert "cut off" not in rest
    time.sleep(1)  # until it waits for a key
    chat.process.send_signal(signal.SIGINT)
    chat.until("Ctrl-D leaves")
    chat.until("question> ")
    time.sleep(1)
    chat.type("\x04")
    assert chat.process.wait(60) == 0
