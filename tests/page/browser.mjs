// A real browser, and what every page in it must hold to.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export const screens = {
  desktop: { width: 1280, height: 800 },
  till: { width: 800, height: 600 },
  phone: { width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

export async function openBrowser() {
  return puppeteer.launch({
    executablePath: process.env.ECR_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    // Root has no sandbox; the pages are ours.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
  });
}

/** A tab that remembers what went wrong in it. */
export async function openPage(browser, url, { screen = screens.desktop, language = "en", dark = false } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.problems = [];
  page.bytes = 0;
  page.on("console", (message) => {
    if (["error", "warn"].includes(message.type())) page.problems.push(message.text());
  });
  page.on("pageerror", (failed) => page.problems.push(String(failed)));
  page.on("request", (request) => {
    // The calendar in a field of its own is Chromium's.
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith("data:")) page.problems.push("asks for " + request.url());
  });
  const wire = await page.createCDPSession();
  await wire.send("Network.enable");
  wire.on("Network.dataReceived", ({ dataLength }) => { page.bytes += dataLength; });
  await page.setViewport(screen);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
  await page.evaluateOnNewDocument((tag) => { try { localStorage.setItem("language", tag); } catch { /* about:blank */ } }, language);
  await page.goto(url, { waitUntil: "load" });
  return page;
}

export const closePage = (page) => page.browserContext().close();

/** What axe-core has against the page as it stands. */
export async function violations(page) {
  // Under the page's own policy no script of ours could be put in: it is evaluated by the debugger.
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => axe.run(document, { runOnly: { type: "tag", values: tags } }), rules);
  return found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ") + " " + n.failureSummary).join(" | ")}`);
}

/** What stands out to the right, so that somebody would have to scroll. */
export const overflow = (page) => page.evaluate(() => {
  const width = document.documentElement.clientWidth;
  const all = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest(".unseen, .skip, dialog:not([open])"));
  return document.documentElement.scrollWidth > width + 1 ? all.slice(0, 5).map((e) => e.outerHTML.slice(0, 120)) : [];
});
