"""What is seen in the browser. One question is answered at a time, the others wait in line."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinyreason.config import ConfigError
from tinyreason.report import rollouts_page
from tinyreason.web.desk import Desk, Said, Settings, Turn, verdict, whole_turn

if TYPE_CHECKING:
    from gradio import Blocks

WAITING = 16  # questions that may stand in line
EXAMPLE = "Ann has 26 pens. Ann buys 15 more. How many pens does Ann have?"
STYLE = """
footer {display: none !important}
iframe.rollouts {width: 100%; height: 75vh; border: 1px solid var(--border-color-primary); border-radius: 8px}
"""


def page(settings: Settings) -> "Blocks":
    """The page, with its models loaded. ConfigError where Gradio is not installed."""
    gradio = import_gradio()
    rollouts = rollouts_page(Path(settings.run or settings.model))
    if settings.run and rollouts is None:
        raise ConfigError(f"run: {settings.run} has no rollouts; RL writes them")
    desk = Desk(settings)
    with gradio.Blocks(title=f"{settings.model}, tinyreason", analytics_enabled=False) as blocks:
        gradio.Markdown(f"## {settings.model}\nSolves problems step by step, and may be wrong.")
        with gradio.Tab("Question"):
            question_tab(desk, [settings.model])
        with gradio.Tab("Chat"):
            chat_tab(desk)
        if settings.against:
            with gradio.Tab("Side by side"):
                question_tab(desk, [settings.model, settings.against])
        if rollouts:
            with gradio.Tab("Rollouts"):
                frame = 'class="rollouts" title="rollouts" sandbox="allow-scripts"'
                gradio.HTML(f'<iframe {frame} srcdoc="{escape(rollouts)}"></iframe>')
    return blocks.queue(max_size=WAITING, default_concurrency_limit=1, api_open=False)


def launch(blocks: "Blocks", **where: Any) -> None:
    """Serves the page, without a request to anybody else."""
    gradio = import_gradio()
    theme = gradio.themes.Default(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    blocks.launch(
        theme=theme,
        css=STYLE,
        footer_links=[],
        ssr_mode=False,
        enable_monitoring=False,
        max_file_size="1kb",
        **where,
    )


def question_tab(desk: Desk, models: Sequence[str]) -> None:
    """A question to one or more models, each with reasoning, answer and verdict."""
    gradio = import_gradio()
    question = gradio.Textbox(label="Question", lines=2, placeholder=EXAMPLE)
    gold, temperature, most = controls(desk.settings)
    with gradio.Row():
        ask = gradio.Button("Ask", variant="primary")
        end = gradio.Button("Stop")
    fields = []
    with gradio.Row():
        for name in models:
            with gradio.Column(min_width=300):
                if len(models) > 1:
                    gradio.Markdown(f"**{name}**")
                with gradio.Accordion("Reasoning", open=True):
                    fields.append(gradio.Textbox(show_label=False, lines=4, max_lines=16))
                fields.append(gradio.Textbox(label="Answer", lines=2))
                fields.append(gradio.Textbox(label="Verdict"))

    def answer(
        question: str, gold: str, temperature: float, most: float, request: gradio.Request
    ) -> Iterator[list[str]]:
        shown = [""] * len(fields)
        refuse(desk.refused(question, gold, request))
        for number in range(len(models)):
            place = slice(3 * number, 3 * number + 3)
            turn = Turn("", "", "")
            for turn in spoken(desk.turns(number, [], question, most, temperature)):
                shown[place] = [turn.reasoning, turn.answer, ""]
                yield shown
            shown[place] = [turn.reasoning, turn.answer, verdict(turn, gold)]
            yield shown

    asked = gradio.on(
        [ask.click, question.submit],
        answer,
        [question, gold, temperature, most],
        fields,
        show_progress="hidden",
        concurrency_id="model",
    )
    end.click(None, cancels=[asked])


def chat_tab(desk: Desk) -> None:
    """A conversation: the reasoning of a turn folds away, the verdict stands below it."""
    gradio = import_gradio()
    said = gradio.State([])
    box = gradio.Chatbot(
        label=desk.settings.model,
        height=420,
        render_markdown=False,  # 3*4*5 is no emphasis
        feedback_options=None,
        buttons=["copy"],
    )
    question = gradio.Textbox(label="Question", placeholder=EXAMPLE)
    gold, temperature, most = controls(desk.settings)
    with gradio.Row():
        send = gradio.Button("Send", variant="primary")
        end = gradio.Button("Stop")
        clear = gradio.Button("New conversation")

    def answer(
        question: str,
        gold: str,
        temperature: float,
        most: float,
        said: list[Said],
        request: gradio.Request,
    ) -> Iterator[tuple[list[Any], list[Said], str]]:
        refuse(desk.refused(question, gold, request))
        turn = Turn("", "", "")
        for turn in spoken(desk.turns(0, said, question, most, temperature)):
            grown = [*said, (question, turn.text, "")]
            yield messages(grown, "pending"), grown, ""
        grown = [*said, (question, turn.text, verdict(turn, gold))]
        yield messages(grown), grown, ""

    asked = gradio.on(
        [send.click, question.submit],
        answer,
        [question, gold, temperature, most, said],
        [box, said, question],
        show_progress="hidden",
        concurrency_id="model",
    )
    end.click(messages, said, box, cancels=[asked])
    gradio.on([clear.click, box.clear], lambda: ([], []), None, [box, said], cancels=[asked])


def spoken(turns: Iterator[Turn]) -> Iterator[Turn]:
    """The turns; what the user can mend, a question that the context cannot hold, is shown."""
    try:
        yield from turns
    except ConfigError as error:
        refuse(str(error))


def refuse(why: str | None) -> None:
    """Shows it, where there is something, instead of an answer."""
    if why:
        raise import_gradio().Error(why, duration=5, print_exception=False)


def messages(said: Sequence[Said], status: str = "done") -> list[dict[str, Any]]:
    """A conversation as it is shown, with `status` for the reasoning of its last turn."""
    found = []
    for number, (question, completion, judged) in enumerate(said):
        turn = whole_turn(completion)
        last = status if number == len(said) - 1 else "done"
        folded = {"title": "Reasoning", "status": last}
        found.append({"role": "user", "content": question})
        found.append({"role": "assistant", "content": turn.reasoning, "metadata": folded})
        found += [{"role": "assistant", "content": text} for text in (turn.answer, judged) if text]
    return found


def controls(settings: Settings) -> tuple[Any, Any, Any]:
    """The right answer, the temperature, the most tokens."""
    gradio = import_gradio()
    with gradio.Row():
        gold = gradio.Textbox(label="Right answer, if you know it", scale=2)
        temperature = gradio.Slider(0, 1.5, settings.temperature, step=0.1, label="Temperature")
        longest = settings.max_completion_length
        most = gradio.Slider(1, longest, longest, step=1, label="Most tokens")
    return gold, temperature, most


def import_gradio() -> Any:
    """The gradio package; ConfigError where it is not installed."""
    try:
        import gradio
    except ImportError as error:
        raise ConfigError("the page needs gradio; pip install -e '.[web]'") from error
    return gradio
