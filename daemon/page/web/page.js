// The page: asks for what is shown when there are news, and says when it cannot.
import { get, post, Refusal, remove } from "/api.js";
import { h, say, show, translate } from "/dom.js";
import { doAct, onChange, openOrder, refreshOrder } from "/order.js";
import { orderList, showAttention, showLatest, showLights, showRunning, showToday, showWhole, tick } from "/views.js";
import { chooseLanguage, currentLanguage, minor, moment, stateName, store, t } from "/words.js";

const place = (id) => document.getElementById(id);
const latestCount = 10;
const foundMax = 50;
const newsPace = 150;      // ms: several news are one look
const todayPace = 2000;    // ms: sums are looked at less often
const withoutNews = 15000; // ms: then it is looked at anyhow
const oldAfter = 35000;    // ms: what is shown is not news any more

let session = null;
let overview = null;
let latest = [];
let today = null;
let lookedAt = 0;    // when the last look succeeded, by this browser's clock
let seenAt = null;   // when what is shown was true, by the bridge's clock
let ahead = 0;       // ms, of the bridge's clock before this browser's
let source = null;
let ended = new Map();  // number to state, of the latest orders: what is new is said aloud

function showAll() {
  document.documentElement.lang = currentLanguage();
  document.title = overview?.counts.attention > 0 ? `(${overview.counts.attention}) ecrbridge` : "ecrbridge";
  if (!overview) return;
  showWhole(overview);
  showAttention(overview, doAct);
  showRunning(overview, doAct);
  showLatest(latest, doAct);
  showLights(overview);
  if (today) showToday(today);
  place("rehearsal").hidden = !overview.rehearsal;
  place("footer").textContent = t("version", { version: overview.version, total: overview.counts.total });
  tick(ahead);
}

function sayEnds() {
  const first = ended.size === 0;
  for (const o of latest) {
    const before = ended.get(o.number);
    if (!first && before !== o.state && (o.final || o.state === "in_doubt")) say(`${o.order}: ${stateName(o)}`);
    ended.set(o.number, o.state);
  }
  if (ended.size > 1000) ended = new Map(latest.map((o) => [o.number, o.state]));
}

function stale(is) {
  const strip = place("stale");
  strip.hidden = !is;
  strip.textContent = is ? (seenAt ? t("stale", { time: moment(seenAt) }) : t("stale_never")) : "";
}

let looking = false;
let again = false;
async function look() {
  if (looking) { again = true; return; }
  looking = true;
  try {
    const asked = Date.now();
    const [now, list] = await Promise.all([get("overview"), get("orders?limit=" + latestCount)]);
    overview = now;
    latest = list.orders;
    seenAt = now.now;
    lookedAt = Date.now();
    ahead = Date.parse(now.now) - (asked + Date.now()) / 2;
    stale(false);
    sayEnds();
    showAll();
    await refreshOrder();
    wantToday();
  } catch (failed) {
    if (failed instanceof Refusal && failed.status === 401) return begin();
    stale(true);
  } finally {
    looking = false;
    if (again) { again = false; soon(); }
  }
}

let soonTimer = null;
function soon() {
  if (soonTimer === null) soonTimer = setTimeout(() => { soonTimer = null; look(); }, newsPace);
}

let todayTimer = null;
let todayAt = 0;
function wantToday() {
  if (todayTimer !== null) return;
  todayTimer = setTimeout(async () => {
    todayTimer = null;
    todayAt = Date.now();
    today = await get("today").catch(() => today);
    showAll();
  }, Math.max(0, todayAt + todayPace - Date.now()));
}

function listen() {
  source?.close();
  source = new EventSource("/api/v1/events");
  source.addEventListener("news", soon);
  source.addEventListener("error", () => {
    stale(true);
    soon();  // perhaps only the listening has failed: then this says so
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

// --- Finding.

const millis = (id) => (place(id).value ? new Date(place(id).value).getTime() : null);

async function find(before) {
  const number = place("search-number").value.trim();
  const digits = today?.totals[0]?.digits ?? 2;
  const text = place("search-amount").value.trim();
  const amount = text === "" ? null : minor(text, digits);
  const found = place("found");
  const tell = (words) => show(found, words, () => h("p", { class: "card quiet" }, words));
  if (text !== "" && amount === null) return tell(t("search_wrong_amount"));
  const query = new URLSearchParams({ limit: foundMax });
  if (number !== "") query.set("number", number);
  else {
    if (amount !== null) query.set("amount", amount);
    if (millis("search-since") !== null) query.set("since", millis("search-since"));
    const until = before ?? millis("search-before");
    if (until !== null) query.set("before", until);
  }
  try {
    const answer = await get("orders?" + query);
    let orders = answer.orders;
    if (number !== "" && amount !== null) orders = orders.filter((o) => o.amount === amount);
    show(found, [answer, orders.length], () => {
      const made = [h("p", { class: "quiet" }, orders.length === 0 ? t("found_none") : t("found", { count: orders.length }))];
      if (orders.length > 0) made.push(orderList(orders, doAct));
      if (answer.orders.length === foundMax) made.push(h("p", { class: "quiet" }, t("found_limit", { count: foundMax })));
      const edge = answer.orders.length === foundMax ? answer.orders.at(-1).created_at : answer.unseen_before;
      if (answer.unseen_before) made.push(h("p", { class: "quiet" }, t("found_edge", { time: moment(answer.unseen_before) })));
      if (edge && number === "")
        made.push(h("button", { type: "button", "data-key": "further", onclick: () => find(Date.parse(edge)) }, t("further")));
      return made;
    });
  } catch {
    tell(t("stale_never"));
  }
}

// --- Beginning.

function chooseTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now === "dark" ? "light" : "dark";
  store.set("theme", document.documentElement.dataset.theme);
}

async function begin() {
  try {
    session = await get("session");
  } catch {
    stale(true);
    setTimeout(begin, 3000);
    return;
  }
  stale(false);
  place("door").hidden = session.known;
  place("shop").hidden = !session.known;
  place("leave").hidden = !(session.token_needed && session.known);
  if (!session.known) {
    source?.close();
    place("token").focus();
    return;
  }
  wantToday();
  await look();
  listen();
  const number = /^#order\/(.+)$/.exec(location.hash);
  if (number) openOrder(decodeURIComponent(number[1]));
}

place("token-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const error = place("door-error");
  error.textContent = "";
  try {
    await post("session", { token: place("token").value });
    place("token").value = "";
    await begin();
  } catch (failed) {
    error.textContent = failed instanceof Refusal && failed.status === 401 ? t("wrong_token") : t("stale_never");
  }
});
place("leave").addEventListener("click", async () => { await remove("session").catch(() => {}); location.reload(); });
place("search-form").addEventListener("submit", (event) => { event.preventDefault(); find(null); });
place("theme").addEventListener("click", chooseTheme);
place("language").value = currentLanguage();
place("language").addEventListener("change", (event) => {
  chooseLanguage(event.target.value);
  translate(document);
  place("found").replaceChildren();
  place("found").shown = null;
  showAll();
  refreshOrder();
});
addEventListener("hashchange", () => {
  const number = /^#order\/(.+)$/.exec(location.hash);
  if (number) openOrder(decodeURIComponent(number[1]));
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && session?.known) soon(); });

if (store.get("theme")) document.documentElement.dataset.theme = store.get("theme");
document.documentElement.lang = currentLanguage();
translate(document);
onChange(soon);
setInterval(() => {
  tick(ahead);
  if (lookedAt > 0 && Date.now() - lookedAt > oldAfter) stale(true);
}, 1000);
setInterval(() => { if (session?.known) soon(); }, withoutNews);
begin();
