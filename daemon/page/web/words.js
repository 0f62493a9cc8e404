// How things are said: texts, amounts and times in the chosen language.
import { languages, texts } from "/texts.js";

const store = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* it is asked again */ } },
};
export { store };

function preferred() {
  for (const tag of navigator.languages ?? [navigator.language]) {
    const lower = tag.toLowerCase();
    if (lower.startsWith("en")) return "en";
    if (!lower.startsWith("zh")) continue;
    return /hant|-hk|-tw|-mo/.test(lower) ? "zh-Hant" : "zh-Hans";
  }
  return "en";
}

let language = languages.includes(store.get("language")) ? store.get("language") : preferred();
export const currentLanguage = () => language;
export function chooseLanguage(tag) {
  language = languages.includes(tag) ? tag : "en";
  store.set("language", language);
}

/** The text of a key, with {name} replaced. A missing key is shown as it is: tests look for it. */
export function t(key, values = {}) {
  const three = texts[key];
  if (!three) return key;
  return three[languages.indexOf(language)].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}
export const known = (key) => key in texts;

/** Minor units to "1,234.50", exactly: no floating point is asked for an opinion. */
export function figure(amount, digits) {
  const text = String(Math.abs(amount)).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  const sign = amount < 0 ? "−" : "";
  return sign + whole + (digits > 0 ? "." + text.slice(-digits) : "");
}
export const money = (amount, currency, digits) => `${currency} ${figure(amount, digits)}`;

/** "12.3" to 1230 with two digits; null: no such amount. */
export function minor(text, digits) {
  const match = /^\s*(\d{1,12})(?:\.(\d+))?\s*$/.exec(text.replace(/,/g, ""));
  if (!match || (match[2] ?? "").length > digits) return null;
  const value = Number(match[1] + (match[2] ?? "").padEnd(digits, "0"));
  return value > 0 && Number.isSafeInteger(value) ? value : null;
}

const locale = () => ({ en: "en-GB", "zh-Hans": "zh-CN", "zh-Hant": "zh-HK" })[language];
const two = { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
export const clock = (iso) => new Intl.DateTimeFormat(locale(), two).format(new Date(iso));
export const hour = (iso) => new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(iso));
export function moment(iso) {
  const at = new Date(iso);
  if (at.toDateString() === new Date().toDateString()) return clock(iso);
  return new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", year: "numeric", ...two }).format(at);
}
export function exactly(iso) {
  return clock(iso) + "." + String(new Date(iso).getMilliseconds()).padStart(3, "0");
}

export function channelName(name) {
  return known("channel_" + name) ? t("channel_" + name) : name;
}
export function stateName(o) {
  if (o.code === 22) return t("state_mismatch");
  if (o.code === 24) return t("state_returned");
  if (o.state === "paid" && o.kind === "refund") return t("state_paid_refund");
  return t("state_" + o.state);
}
export function stateColour(o) {
  if (o.code === 22 || o.code === 24 || o.state === "unresolved") return "red";
  if (o.state === "in_doubt") return "yellow";
  if (o.state === "paid") return "green";
  return o.final ? "grey" : "blue";
}
