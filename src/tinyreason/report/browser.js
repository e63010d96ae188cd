// The rollout browser: a step by its slider, a group by its button. Texts of models are only ever set as text.
"use strict";

function element(parent, tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  parent.append(made);
  return made;
}

const figure = (value, digits = 2) => (value === null ? "not known" : value.toFixed(digits));
const share = (value) => (value === null ? "not known" : `${(100 * value).toFixed(1)} %`);
const signed = (value) => (value === null ? "not known" : `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`);

function showRollout(parent, rollout, largest) {
  const verdict = rollout.right === null ? ["", "not graded"] : rollout.right ? ["right", "✓ right"] : ["wrong", "✗ wrong"];
  const section = element(parent, "section");
  const head = element(section, "h4");
  element(head, "span", verdict[0], verdict[1]);
  element(head, "span", "", `reward ${figure(rollout.reward)}`);
  element(head, "span", "", `advantage ${signed(rollout.advantage)}`);
  const parts = Object.entries(rollout.rewards).map(([name, value]) => `${name} ${figure(value)}`);
  const facts = [rollout.answer === null ? "no answer" : `answer ${rollout.answer}`, `${rollout.tokens} tokens`];
  if (rollout.truncated) facts.push("cut off");
  element(head, "small", "", [...facts, ...(parts.length > 1 ? parts : [])].join(", "));
  const bar = element(section, "div", "advantage");
  bar.setAttribute("aria-hidden", "true");
  if (rollout.advantage) {
    const length = element(bar, "i", rollout.advantage > 0 ? "up" : "down");
    length.style.width = `${(50 * Math.abs(rollout.advantage)) / largest}%`;
  }
  const text = element(section, "p", "completion");
  for (const [kind, words] of rollout.text) {
    if (kind === "answer") element(text, "mark", "", words);
    else element(text, "span", kind, words);
  }
}

function browse(root, steps) {
  const line = element(root, "p", "step");
  const slider = element(root, "input");
  Object.assign(slider, { type: "range", min: 0, max: steps.length - 1, value: 0, step: 1 });
  slider.setAttribute("aria-label", "optimizer step");
  const buttons = element(root, "div", "groups");
  const question = element(root, "p", "question");
  const gold = element(root, "p");
  const rollouts = element(root, "div", "rollouts");
  const largest = Math.max(1e-9, ...steps.flatMap((step) => step.groups.flatMap((group) => group.rollouts.map((one) => Math.abs(one.advantage ?? 0)))));
  let chosen = 0;

  function showGroup(group) {
    [...buttons.children].forEach((button, place) => button.setAttribute("aria-pressed", String(place === chosen)));
    question.textContent = group.question;
    gold.textContent = `Gold answer: ${group.gold}`;
    rollouts.replaceChildren();
    group.rollouts.forEach((rollout) => showRollout(rollouts, rollout, largest));
  }

  function showStep() {
    const step = steps[Number(slider.value)];
    line.textContent =
      `Step ${step.step}: of ${step.completions} completions ${share(step.right)} right, mean reward ${figure(step.reward)}, ` +
      `${share(step.truncated)} cut off; ${step.groups.length} of ${step.problems} groups here`;
    slider.setAttribute("aria-valuetext", `step ${step.step}`);
    buttons.replaceChildren();
    step.groups.forEach((group, place) => {
      const right = group.rollouts.filter((rollout) => rollout.right).length;
      const button = element(buttons, "button", "", `Group ${place + 1}: ${right} of ${group.rollouts.length} right`);
      button.type = "button";
      button.addEventListener("click", () => {
        chosen = place;
        showGroup(group);
      });
    });
    chosen = Math.min(chosen, step.groups.length - 1);
    showGroup(step.groups[chosen]);
  }

  slider.addEventListener("input", showStep);
  showStep();
}

for (const root of document.querySelectorAll(".browser")) {
  browse(root, JSON.parse(root.querySelector("script").textContent));
}
