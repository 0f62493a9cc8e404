// The sections of the page.
import { h, light, s, show, stateLight } from "/dom.js";
import { channelName, clock, figure, hour, moment, money, t } from "/words.js";

const place = (id) => document.getElementById(id);
const amountOf = (o) => money(o.amount, o.currency, o.digits);
const kindOf = (o) => t("kind_" + o.kind);

/** Why somebody has to look: the words of the operator's list. */
export function advices(o) {
  const all = o.needs.filter((need) => need !== "unresolved");
  if (o.state === "unresolved") all.push("unresolved");
  else if (o.state === "in_doubt" && !all.includes("mismatch")) all.push("in_doubt");
  return all;
}

const acts = ["ask", "refund", "resolve", "cancel"];
export function buttonsOf(o, act, primary) {
  return acts.filter((name) => o.can.includes(name)).map((name) =>
    h("button", { type: "button", class: name === primary ? "main" : null, "data-key": name + o.number,
      "data-act": name, "aria-label": `${t(name)}: ${o.order}`, onclick: () => act(name, o) }, t(name)));
}

function detailsLink(o, act) {
  return h("button", { type: "button", class: "link", "data-key": "details" + o.number, "data-order": o.number,
    "aria-label": t("details_of", { order: o.order }), onclick: () => act("details", o) }, o.order);
}

function caseOf(o, act) {
  const grave = o.code === 22 || o.state === "unresolved" || o.needs.includes("late");
  return h("article", { class: "card case" + (grave ? " red" : ""), "data-case": o.number },
    h("div", { class: "line" }, stateLight(o), h("h3", null, detailsLink(o, act)),
      h("span", { class: "quiet small" }, `${kindOf(o)} · ${channelName(o.channel)} · ${o.till} · ${moment(o.created_at)}`),
      h("span", { class: "amount num" }, amountOf(o))),
    advices(o).map((name) => h("p", { class: "advice" }, t("advice_" + name))),
    o.reason ? h("p", { class: "quiet small" }, `${t("fact_reason")}: ${o.reason}`) : null,
    h("div", { class: "buttons" }, buttonsOf(o, act, o.needs.includes("late") ? "refund" : "resolve")));
}

export function showAttention(overview, act) {
  const orders = overview.attention;
  const count = overview.counts.attention;
  const badge = place("attention-count");
  badge.textContent = String(count);
  badge.className = count > 0 ? "count some" : "count";
  show(place("attention"), orders, () => {
    if (orders.length === 0) return h("p", { class: "card quiet" }, t("attention_none"));
    const made = orders.map((o) => caseOf(o, act));
    if (count > orders.length) made.push(h("p", { class: "quiet" }, t("attention_more", { count: count - orders.length })));
    return made;
  });
}

function runningCard(o, act) {
  const card = h("article", { class: "card", "data-running": o.number },
    h("div", { class: "line" }, stateLight(o), h("h3", null, detailsLink(o, act)),
      h("span", { class: "amount num" }, amountOf(o))),
    h("p", { "data-stage": o.stage ?? "" },
      (o.stage ? t("stage_" + o.stage) : t("state_" + o.state)) + (o.ahead ? " · " + t("ahead", { count: o.ahead }) : "")),
    h("p", { class: "quiet small" }, `${kindOf(o)} · ${channelName(o.channel)} · ${o.till}` + (o.terminal ? ` · ${o.terminal}` : "") + " · ",
      h("span", { class: "num", "data-since": o.created_at })));
  if (o.sent_at && o.pays_until)
    card.append(h("div", { class: "bar", "aria-hidden": "true" }, h("div", { "data-from": o.sent_at, "data-to": o.pays_until })));
  const buttons = buttonsOf(o, act, null);
  if (buttons.length > 0) card.append(h("div", { class: "buttons" }, buttons));
  return card;
}

export function showRunning(overview, act) {
  const running = overview.running.filter((o) => o.state !== "in_doubt");  // those are above
  show(place("running"), running, () =>
    running.length === 0 ? h("p", { class: "card quiet" }, t("running_none"))
      : running.map((o) => runningCard(o, act)));
}

/** What moves with the time alone. */
export function tick(ahead) {
  const now = Date.now() + ahead;
  for (const element of document.querySelectorAll("[data-since]")) {
    const seconds = Math.max(0, Math.floor((now - Date.parse(element.dataset.since)) / 1000));
    element.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  for (const element of document.querySelectorAll("[data-from]")) {
    const from = Date.parse(element.dataset.from);
    const part = (now - from) / (Date.parse(element.dataset.to) - from);
    element.style.width = `${Math.min(100, Math.max(0, 100 - part * 100))}%`;
  }
}

export function orderList(orders, act) {
  return h("ul", { class: "list card" }, orders.map((o) =>
    h("li", { "data-listed": o.number, "data-state": o.state },
      h("span", null, detailsLink(o, act), h("br"),
        h("span", { class: "when" }, `${o.kind === "refund" ? kindOf(o) + " · " : ""}${channelName(o.channel)} · ${moment(o.created_at)}`)),
      stateLight(o), h("span", { class: "num" }, figure(o.amount, o.digits)))));
}

export function showLatest(orders, act) {
  show(place("latest"), orders, () =>
    orders.length === 0 ? h("p", { class: "card quiet" }, t("latest_none")) : orderList(orders, act));
}

// --- Lights.

function offsetText(ms) {
  const seconds = Math.round(Math.abs(ms ?? 0) / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function lightCard(title, items) {
  return h("section", { class: "card" }, h("h3", null, title), h("ul", null, items.map(([name, it, values, more]) =>
    h("li", { "data-light": it.light }, h("div", { class: "line" }, h("strong", null, name),
      light(it.word === "busy" ? "blue" : it.light, t("light_" + it.word))),
      h("div", { class: "quiet small" }, t("say_" + it.word, values), more ? h("div", null, more) : null)))));
}

export function showLights(overview) {
  const data = [overview.cloud, overview.terminals, overview.links.map((l) => ({ ...l, tills: l.tills.map((x) => x.name) }))];
  show(place("lights"), data, () => [
    lightCard(t("cloud"), overview.cloud.map((c) => [c.merchant || t("main_merchant"), c,
      { used: c.requests_used, max: c.requests_max, offset: offsetText(c.clock_offset_ms) }])),
    lightCard(t("terminals"), overview.terminals.map((x) => [x.name || x.id, x, {}, x.name ? x.id : null])),
    lightCard(t("links"), overview.links.map((l) => [l.name, l, { count: l.connected },
      [l.where, l.problem, l.tills.map((x) => x.name).join(", ")].filter(Boolean).join(" · ")])),
  ]);
}

export function showWhole(overview) {
  const parts = [...overview.cloud, ...overview.terminals, ...overview.links];
  const red = parts.some((part) => part.light === "red");
  const yellow = parts.some((part) => part.light === "yellow");
  const count = overview.counts.attention;
  show(place("whole"), [red, yellow, count, overview.stopping], () => {
    const made = [];
    if (overview.stopping) made.push(light("yellow", t("stopping")));
    else if (red) made.push(light("red", t("trouble")));
    else if (yellow) made.push(light("yellow", t("worth_a_look")));
    if (count > 0) made.push(light("yellow", t("needs_you", { count })));
    if (made.length === 0) made.push(light("green", t("all_well")));
    return made.flatMap((one) => [one, " "]);
  });
}

// --- Today.

function figureCard(name, sum, total, amount) {
  return h("div", { class: "figure" }, h("div", { class: "quiet" }, name),
    h("div", { class: "value num" }, money(amount, total.currency, total.digits)),
    sum === null ? null : h("div", { class: "quiet num" }, t("times", { count: sum.count })));
}

function chart(today, total) {
  const hours = new Array(24).fill(0);
  const begin = Date.parse(today.since);
  for (const one of today.by_hour)
    if (one.currency === total.currency) {
      const index = Math.floor((Date.parse(one.from) - begin) / 3600000);
      if (index >= 0 && index < 24) hours[index] += one.payments.amount;
    }
  const most = Math.max(...hours, 1);
  // The day begins by QFPay's clock, ours may be a moment off: to the nearest minute.
  const label = (index) => hour(new Date(Math.round((begin + index * 3600000) / 60000) * 60000).toISOString());
  const said = hours.map((amount, index) => [amount, index]).filter(([amount]) => amount > 0)
    .map(([amount, index]) => `${label(index)}: ${money(amount, total.currency, total.digits)}`).join("; ");
  return h("div", { class: "chart" }, s("svg", { viewBox: "0 0 720 120", preserveAspectRatio: "none", role: "img",
    "aria-label": `${t("by_hour")}. ${said}` },
    s("line", { class: "floor", x1: 0, x2: 720, y1: 100, y2: 100 }),
    hours.map((amount, index) => amount === 0 ? null : s("rect", { x: index * 30 + 5, width: 20, rx: 3,
      y: 100 - Math.max(2, (amount / most) * 96), height: Math.max(2, (amount / most) * 96) },
      s("title", { text: `${label(index)}: ${money(amount, total.currency, total.digits)}` })))),
    h("div", { class: "line quiet small", "aria-hidden": "true" }, [0, 6, 12, 18].map((index) =>
      h("span", { class: "num hour" }, label(index)))));
}

function table(title, column, rows, name, total) {
  return h("table", null, h("caption", null, title),
    h("thead", null, h("tr", null, h("th", { scope: "col" }, column), h("th", { scope: "col", class: "num" }, t("number_of")),
      h("th", { scope: "col", class: "num" }, `${t("net")} (${total.currency})`))),
    h("tbody", null, rows.filter((one) => one.currency === total.currency).sort((a, b) => b.net - a.net).map((one) =>
      h("tr", null, h("th", { scope: "row" }, name(one)), h("td", { class: "num" }, String(one.payments.count + one.refunds.count)),
        h("td", { class: "num" }, figure(one.net, total.digits))))));
}

export function showToday(today) {
  show(place("today"), today, () => today.totals.map((total) => {
    const figures = [figureCard(t("payments"), total.payments, total, total.payments.amount),
      figureCard(t("refunds"), total.refunds, total, total.refunds.amount),
      figureCard(t("net"), null, total, total.net)];
    if (total.returned.count > 0) figures.push(figureCard(t("returned_total"), total.returned, total, total.returned.amount));
    const hand = total.payments_by_hand.count + total.refunds_by_hand.count;
    if (hand > 0) figures.push(figureCard(t("by_hand_total"), { count: hand }, total, total.payments_by_hand.amount - total.refunds_by_hand.amount));
    const empty = total.payments.count + total.refunds.count === 0;
    return h("div", { class: "card", "data-total": total.currency }, h("div", { class: "figures" }, figures),
      h("p", { class: "quiet small" }, t("since", { time: clock(today.since) })),
      empty ? null : [chart(today, total), h("div", { class: "tables" },
        table(t("by_channel"), t("channel"), today.by_channel, (one) => channelName(one.channel), total),
        table(t("by_till"), t("till"), today.by_till, (one) => one.till, total))]);
  }));
}
