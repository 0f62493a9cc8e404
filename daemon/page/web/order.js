// One order: what happened to it, and what somebody does about it.
import { get, orderPath, post, Refusal } from "/api.js";
import { h, say, stateLight } from "/dom.js";
import { channelName, exactly, figure, known, minor, moment, money, stateName, t } from "/words.js";
import { advices, buttonsOf, orderList } from "/views.js";

const sheet = document.getElementById("order");
const form = document.getElementById("doing");
let shown = null;  // the number of the order in the sheet
let changed = () => {};
export const onChange = (listener) => { changed = listener; };

const amountOf = (o) => money(o.amount, o.currency, o.digits);

function why(failed) {
  if (!(failed instanceof Refusal)) return t("no_answer");
  return failed.reason === "changed" ? t("changed") : t("refused", { why: failed.message });
}

function header(id, title, dialog) {
  return h("div", { class: "line" }, h("h2", { id }, title),
    h("button", { type: "button", class: "plain close", "data-act": "close", "data-key": "close", onclick: () => dialog.close() }, t("close")));
}

// --- The timeline.

/** Bytes as people can read them: what is no printable ASCII or UTF-8 text stands as its number. */
function readable(hex) {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.replace(/[\u0000-\u001f\u007f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
  } catch {
    return Array.from(bytes, (b) => (b >= 32 && b < 127 ? String.fromCharCode(b) : `\\x${b.toString(16).padStart(2, "0")}`)).join("");
  }
}

const traceNames = { "+": "event_opened", "-": "event_closed", ">": "event_from_till", "<": "event_to_till" };

function moments(life) {
  const steps = life.steps.map((step) => ({ at: step.at, step: true, title: t("event_" + step.event),
    state: step.from === step.to ? "" : stateName({ ...life.order, state: step.to, code: -1 }), text: step.reason }));
  const hints = life.notifications.map((hint) => ({ at: hint.at, title: t("event_notification", { kind: hint.kind }), text: hint.syssn }));
  const traces = life.trace.map((record) => ({ at: record.at, title: t(traceNames[record.event]), bytes: record.hex, text: record.link }));
  return [...steps, ...hints, ...traces].sort((a, b) => a.at.localeCompare(b.at));
}

function timeline(life) {
  return h("ol", { class: "time" }, moments(life).map((one) => h("li", { class: one.step ? "step" : null },
    h("span", { class: "at" }, exactly(one.at)), h("strong", null, one.title), one.state ? ` → ${one.state}` : "",
    one.text ? h("div", { class: "quiet small" }, one.text) : null,
    one.bytes ? h("div", { class: "mono" }, readable(one.bytes)) : null)));
}

function facts(life, act) {
  const o = life.order;
  const link = (number, text) => h("button", { type: "button", class: "link", onclick: () => act("details", { number }) }, text);
  const all = [["fact_number", o.number], ["fact_invoice", String(life.invoice).padStart(6, "0")], ["fact_syssn", o.syssn],
    ["fact_channel", channelName(o.channel)], ["fact_till", o.till], ["fact_terminal", o.terminal], ["fact_merchant", o.merchant],
    ["fact_created", moment(o.created_at)], ["fact_final", o.final_at ? moment(o.final_at) : ""], ["fact_card", o.card],
    ["fact_wallet", o.wallet_number], ["fact_of", o.of ? link(o.of, o.of) : ""],
    ["fact_left", o.kind === "payment" && o.state === "paid" && life.left !== null ? money(Math.max(0, life.left), o.currency, o.digits) : ""],
    ["fact_again", life.again ? link(life.again.number, life.again.order) : ""], ["fact_reason", o.reason]];
  return h("dl", { class: "facts" }, all.filter(([, value]) => value).map(([name, value]) =>
    h("div", null, h("dt", null, t(name)), h("dd", null, value))));
}

function build(life, act) {
  const o = life.order;
  const code = "say_code_" + o.code;
  return h("div", { class: "sheet" }, header("order-title", `${t("kind_" + o.kind)} ${o.order}`, sheet),
    h("p", { class: "line" }, stateLight(o), h("span", { class: "amount num" }, amountOf(o))),
    h("p", null, known(code) ? t(code) : o.text, " ",
      o.state === "resolved" && o.resolved_paid !== null ? t("word_" + o.resolved_paid) + " " : "",
      o.kind === "payment" ? t(o.safe_to_retry ? "retry_yes" : "retry_no") : ""),
    advices(o).map((name) => h("p", { class: "advice" }, t("advice_" + name))),
    h("div", { class: "buttons" }, buttonsOf(o, act, null)), facts(life, act),
    life.refunds.length > 0 ? [h("h3", null, t("refunds_of")), orderList(life.refunds, act)] : null,
    h("h3", null, t("timeline")), timeline(life),
    life.trace.length === 0 ? h("p", { class: "quiet small" }, t("no_trace")) : null);
}

async function fill(number) {
  const life = await get(orderPath(number));
  if (shown !== number) return;
  const look = JSON.stringify(life) + document.documentElement.lang;
  if (sheet.look === look) return;
  const key = sheet.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  sheet.look = look;
  sheet.replaceChildren(build(life, doAct));
  if (key) sheet.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

export async function openOrder(number) {
  shown = number;
  sheet.look = null;
  try {
    await fill(number);
    if (!sheet.open) sheet.showModal();
    sheet.scrollTop = 0;
    if (location.hash !== "#order/" + encodeURIComponent(number)) history.replaceState(null, "", "#order/" + encodeURIComponent(number));
  } catch (failed) {
    shown = null;
    say(why(failed));
  }
}
sheet.addEventListener("close", () => {
  shown = null;
  history.replaceState(null, "", location.pathname);
});

/** News: what is open is looked at again. */
export const refreshOrder = () => (shown === null ? Promise.resolve() : fill(shown).catch(() => {}));

// --- Doing something.

async function openForm(title, text, fields, button, danger, submit) {
  const error = h("p", { class: "error", role: "alert" });
  const go = h("button", { type: "submit", class: danger ? "danger" : "main", "data-act": "go" }, button);
  const made = h("form", { class: "sheet", novalidate: true }, header("doing-title", title, form), h("p", null, text), fields, error,
    h("div", { class: "buttons" }, go, h("button", { type: "button", onclick: () => form.close() }, t("back"))));
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    go.disabled = true;
    try {
      const problem = await submit();
      if (problem) error.textContent = problem;
      else form.close();
    } catch (failed) {
      error.textContent = why(failed);
    }
    go.disabled = false;
    changed();
  });
  form.replaceChildren(made);
  form.showModal();
  (made.querySelector("input") ?? go).focus();
}

function resolve(o) {
  const ends = !o.final;
  const name = "resolve-what";
  const choice = (value, text) => h("label", { class: "choice" }, h("input", { type: "radio", name, value }), text);
  const reason = h("input", { id: "resolve-reason", maxlength: 190, autocomplete: "off" });
  const fields = [ends ? h("fieldset", null, h("legend", null, t("resolve_what")), choice("moved", t("resolve_moved")),
    choice("not_moved", t("resolve_not_moved")), choice("unknown", t("resolve_unknown"))) : null,
  h("label", { for: "resolve-reason" }, t(ends ? "resolve_reason" : "resolve_reason_list")), reason];
  openForm(t("resolve_title", { order: o.order }), t(ends ? "resolve_text" : "resolve_list_text"), fields, t("resolve"), false, async () => {
    const what = form.querySelector(`[name=${name}]:checked`)?.value;
    if (ends && !what) return t("resolve_what");
    if (reason.value.trim() === "") return t(ends ? "resolve_reason" : "resolve_reason_list");
    const paid = what === "moved" ? true : what === "not_moved" ? false : null;
    await post(orderPath(o.number) + "/resolve", { paid, reason: reason.value.trim(), seen: o.updated_at });
    say(t("resolved"));
    return "";
  });
}

async function refund(o) {
  const { left } = await get(orderPath(o.number));
  if (left === null || left <= 0) return say(t("refused", { why: money(0, o.currency, o.digits) }));
  // One number for this form: pressed twice, also after a lost answer, it is one refund.
  const number = "PG" + Array.from(crypto.getRandomValues(new Uint8Array(9)), (b) => b.toString(16).padStart(2, "0")).join("");
  const amount = h("input", { id: "refund-amount", inputmode: "decimal", autocomplete: "off", value: figure(left, o.digits) });
  const night = h("input", { type: "checkbox" });
  const fields = [h("label", { for: "refund-amount" }, t("refund_amount", { currency: o.currency })), amount,
    h("label", { class: "choice" }, night, t("refund_night"))];
  const text = t("refund_text", { left: money(left, o.currency, o.digits), amount: amountOf(o) });
  return openForm(t("refund_title", { order: o.order }), text, fields, t("refund"), true, async () => {
    const wanted = minor(amount.value, o.digits);
    if (wanted === null || wanted > left)
      return t("refund_wrong", { min: figure(1, o.digits), left: figure(left, o.digits) });
    await post(orderPath(o.number) + "/refund", { amount: wanted, number, left, when_possible: night.checked });
    say(t("refund_started"));
    return "";
  });
}

async function simply(name, o) {
  try {
    say(t("working"));
    const { order } = await post(orderPath(o.number) + "/" + name, {});
    say(name === "ask" ? t("asked", { state: stateName(order) }) : t("cancel_asked"));
  } catch (failed) {
    openForm(`${t(name)}: ${o.order}`, why(failed), [], t("close"), false, async () => "");
  }
  changed();
}

export function doAct(name, o) {
  if (name === "details") return openOrder(o.number);
  if (name === "resolve") return resolve(o);
  if (name === "refund") return refund(o).catch((failed) => say(why(failed)));
  return simply(name, o);
}
