// Makes the pictures of the README: a shop in rehearsal on a busy day.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closePage, openBrowser, openPage, screens } from "./browser.mjs";
import { Shop } from "./shop.mjs";

const into = process.argv[2];
mkdirSync(into, { recursive: true });

const link = (name, till) => `[[link]]
name = "${name}"
type = "tcp"
listen = "127.0.0.1:0"
till = "${till}"
terminal = "SIM0000001"
channel = "wx"
`;

// A morning that was: it is told to the journal, as nobody waits for it.
const morning = `
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 260),
made AS (SELECT i, unixepoch('now') * 1000 - 240000 - (i * i * 457) % 25000000 AS at_ms FROM n)
INSERT INTO orders (out_trade_no, kind, till, till_named, till_order, content, terminal, channel,
  scan, amount_minor_units, currency, payment_timeout_s, of_order, of_syssn, allow_modify, state,
  reason, needs, syssn, respcd, sysdtm, busicd, chnlsn, card, card_scheme, matched_by_question,
  cancel_wanted, cancel_acknowledged, delivered, created_at_ms, sent_at_ms, updated_at_ms, final_at_ms)
SELECT 'M' || i, 1, CASE i % 3 WHEN 0 THEN 'bar' ELSE 'counter' END, 1, 'M' || i, '', 'SIM0000001',
  CASE WHEN i % 9 < 4 THEN 2 WHEN i % 9 < 6 THEN 3 WHEN i % 9 < 7 THEN 7 ELSE 1 END, 2,
  1800 + (i * 7919) % 24000, '344', 120, '', '', 0, 5, '', 0, 'S' || i, '0000', '', '', '', '', '', 0, 0, 0, 1,
  at_ms, at_ms + 20, at_ms + 9000, at_ms + 9000 FROM made;
INSERT INTO steps (order_id, from_state, event, to_state, reason, at_ms)
SELECT id, 1, 11, 1, 'asked for by the till', created_at_ms FROM orders
UNION ALL SELECT id, 1, 0, 2, 'being sent', sent_at_ms FROM orders
UNION ALL SELECT id, 2, 4, 3, '0000 Order push success', sent_at_ms + 200 FROM orders
UNION ALL SELECT id, 3, 6, 5, '0000 Success', final_at_ms FROM orders;`;

const folder = mkdtempSync(join(tmpdir(), "ecrbridge-pictures-"));
const journal = join(folder, "journal.db");
await (await Shop.open({ journal })).close();
execFileSync("sqlite3", [journal], { input: morning });
const shop = await Shop.open({ journal, extra: link("bar", "bar") + link("counter", "counter") });
await shop.till.ask("pay order=1041 amount=12850 channel=wx", "1041");
await shop.till.ask("pay order=1042 amount=9901 channel=card_payment", "1042");
await shop.till.ask("pay order=1043 amount=4500 channel=alipay", "1043");
await shop.till.ask("refund order=R12 of=1043 amount=1000", "R12");
await shop.till.ask("pay order=1044 amount=4511 channel=payme timeout=60", "1044");

const browser = await openBrowser();
const picture = (page, name) => page.screenshot({ path: join(into, name), optimizeForSpeed: false });
async function open(how) {
  const page = await openPage(browser, shop.url, how);
  await page.waitForSelector("[data-total] .chart");
  return page;
}

shop.till.say("pay order=1045 amount=8803 channel=octopus timeout=120");  // a shopper who takes his time
await shop.till.hears(/^progress order=1045 stage=on_terminal/);
for (const [name, how] of [
  ["page.png", { screen: { ...screens.desktop, height: 1180 } }],
  ["page-dark.png", { screen: { ...screens.desktop, height: 1180 }, dark: true }],
  ["page-800x600.png", { screen: screens.till, language: "zh-Hant" }],
  ["page-phone.png", { screen: { ...screens.phone, deviceScaleFactor: 1 }, language: "zh-Hans" }],
]) {
  const page = await open(how);
  await picture(page, name);
  await closePage(page);
}
const page = await open({});
await (await page.$("section.today")).screenshot({ path: join(into, "page-today.png") });
await page.click('[data-listed="1041"] [data-order]');
await page.waitForSelector("#order[open]");
await picture(page, "page-order.png");
await closePage(page);
await browser.close();
await shop.close();
rmSync(folder, { recursive: true, force: true });
