// An order before it is given: what follows from it, the reason to be typed; then the answer.

import { currentSession } from "../account.js";
import { h, put } from "../dom.js";

export class OrderDialog {
  constructor(answered) {
    this.answered = answered;
    this.element = h("dialog", { class: "order", "aria-labelledby": "order-title" });
  }

  open(model, action) {
    const reason = h("textarea", { id: "reason", rows: 3, maxlength: 500, required: true });
    const give = h("button", { type: "submit" }, action.label);
    const form = h(
      "form",
      {},
      h("h2", { id: "order-title" }, `${action.label}?`),
      h("p", { class: "consequence" }, action.consequence),
      h("label", { for: "reason" }, "Reason, which is kept with the order"),
      reason,
      h("p", { class: "orders" }, this.wayOut("Cancel"), give),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.give(model, action, reason.value.trim());
    });
    put(this.element, form);
    this.element.showModal();
    reason.focus();
  }

  wayOut(text) {
    return h("button", { type: "button", class: "plain", onclick: () => this.close() }, text);
  }

  async give(model, action, reason) {
    if (!reason) return;
    this.say("Waiting for the learner", "The order is on its way into the log.", null);
    const { title, text, kind } = await sent(model, action, reason);
    this.say(title, text, kind);
    this.answered(`${title}: ${text}`);
  }

  say(title, text, kind) {
    put(
      this.element,
      h("h2", { id: "order-title" }, title),
      h("p", { class: "answer", role: "status", "data-kind": kind }, text),
      kind ? h("p", { class: "orders" }, this.wayOut("Close")) : null,
    );
    this.element.querySelector("button")?.focus();
  }

  close() {
    this.element.close();
  }
}

// The learner's answer in words, or why there is none.
async function sent({ key }, { action, challenger }, reason) {
  try {
    const { form_key } = await currentSession();
    const answer = await fetch("/api/orders", {
      method: "POST",
      headers: { "content-type": "application/json", "x-form-key": form_key },
      body: JSON.stringify({ action, model_key: key, challenger, reason }),
    });
    const told = await answer.json();
    if (!answer.ok) return { title: "Not answered", text: told.detail, kind: "failed" };
    const { refused, decision } = told;
    const text = [decision.subject, decision.reason].filter(Boolean).join(": ");
    if (refused) return { title: "Refused by the learner", text, kind: "refused" };
    return { title: `Accepted: ${decision.title}`, text, kind: "accepted" };
  } catch {
    return { title: "Not answered", text: "The server of this page is away.", kind: "failed" };
  }
}
