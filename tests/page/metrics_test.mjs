// What Prometheus is told, and what watches over it: packaging/monitoring/.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "yaml";
import { Shop, source } from "./shop.mjs";

const promtool = process.env.ECR_PROMTOOL ?? "promtool";
const monitoring = join(source, "packaging/monitoring");
let shop;
let metrics;
before(async () => {
  shop = await Shop.open({ extra: '[notifications]\nlisten = "127.0.0.1:0"\n' });
  for (const [order, amount] of [["A1", 1000], ["A2", 2001], ["A3", 4511]])
    await shop.till.ask(`pay order=${order} amount=${amount} channel=wx timeout=60`, order);
  metrics = await (await fetch(new URL("/metrics", shop.url))).text();
});
after(async () => { await shop.close(); });

const value = (sample) => Number(new RegExp(`^${sample.replace(/[{}+.]/g, "\\$&")} (\\S+)$`, "m").exec(metrics)?.[1]);
const families = () => new Set([...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));

test("PromtoolHasNothingAgainstTheMetrics", () => {
  execFileSync(promtool, ["check", "metrics"], { input: metrics, stdio: ["pipe", "pipe", "pipe"] });
});

test("TheMetricsTellWhatHasHappened", () => {
  assert.equal(value("ecrbridge_orders_recorded_total"), 3);
  assert.equal(value('ecrbridge_orders{state="in_doubt"}'), 1);
  assert.equal(value("ecrbridge_operator_list_orders"), 1);
  assert.ok(value("ecrbridge_oldest_open_order_age_seconds") > 0);
  assert.equal(value('ecrbridge_order_duration_seconds_count{kind="payment",state="paid"}'), 1);
  assert.equal(value('ecrbridge_order_duration_seconds_count{kind="payment",state="declined"}'), 1);
  assert.equal(value('ecrbridge_order_duration_seconds_bucket{kind="payment",state="paid",le="+Inf"}'), 1);
  assert.equal(value('ecrbridge_cloud_up{merchant=""}'), 1);
  assert.ok(value('ecrbridge_cloud_requests_total{merchant="",outcome="answered"}') >= 6);
  assert.equal(value('ecrbridge_link_up{link="shop"}'), 1);
  assert.equal(value('ecrbridge_link_tills{link="shop"}'), 1);
  assert.equal(value('ecrbridge_terminal_busy{terminal="SIM0000001"}') >= 0, true);
  assert.ok(value('ecrbridge_journal_size_bytes{file="database"}') > 0);
  assert.ok(value("ecrbridge_disk_free_bytes") > 0);
  assert.equal(value('ecrbridge_notifications_total{outcome="received"}'), 0);
});

/** The metrics of ours that an expression speaks of. */
const named = (text) => [...text.matchAll(/ecrbridge_[a-z_]+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, (end, _, at, all) =>
  families().has(all) ? end : ""));

test("TheAlertsAreRulesAboutMetricsThatThereAre", () => {
  const file = join(monitoring, "alerts.yml");
  execFileSync(promtool, ["check", "rules", file], { stdio: "pipe" });
  execFileSync(promtool, ["test", "rules", join(monitoring, "alerts_test.yml")], { stdio: "pipe" });
  const rules = parse(readFileSync(file, "utf8")).groups.flatMap((group) => group.rules);
  const tests = readFileSync(join(monitoring, "alerts_test.yml"), "utf8");
  assert.ok(rules.length >= 8);
  for (const rule of rules) {
    assert.ok(tests.includes(`alertname="${rule.alert}"`), `no test of ${rule.alert}`);
    assert.ok(rule.annotations.summary && rule.annotations.what_to_do, rule.alert);
    for (const name of named(rule.expr)) assert.ok(families().has(name), `${rule.alert}: ${name}`);
  }
});

test("TheDashboardShowsMetricsThatThereAre", () => {
  const dashboard = JSON.parse(readFileSync(join(monitoring, "dashboard.json"), "utf8"));
  const shown = new Set();
  const ids = new Set();
  for (const panel of dashboard.panels) {
    assert.ok(!ids.has(panel.id), panel.title);
    ids.add(panel.id);
    for (const target of panel.targets ?? [])
      for (const name of named(target.expr)) {
        assert.ok(families().has(name), `${panel.title}: ${name}`);
        shown.add(name);
      }
  }
  assert.ok(shown.size >= 12);
});
