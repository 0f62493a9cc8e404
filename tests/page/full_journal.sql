-- A hundred thousand orders over ninety days, most of them paid, three thousand of them today, and
-- one that nobody could be asked about any more. For a journal that a bridge has made.
BEGIN;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000),
made AS (
  SELECT i, CASE WHEN i % 40 = 0 THEN 6 WHEN i % 77 = 0 THEN 7 ELSE 5 END AS state,
    CAST(unixepoch('now') * 1000.0 - CASE WHEN i > 97000 THEN (100000 - i) * 1000
      ELSE 3600000 + (97000 - i) * 80000.0 END AS INTEGER) AS at_ms FROM n)
INSERT INTO orders (out_trade_no, kind, till, till_named, till_order, content, terminal, channel,
  scan, amount_minor_units, currency, payment_timeout_s, of_order, of_syssn, allow_modify, state,
  reason, needs, syssn, respcd, sysdtm, busicd, chnlsn, card, card_scheme, matched_by_question,
  cancel_wanted, cancel_acknowledged, delivered, created_at_ms, sent_at_ms, updated_at_ms,
  final_at_ms)
SELECT 'H' || i, 1, 'till' || (i % 6), 1, 'H' || i, '', 'SIM0000001', i % 7 + 1, 2,
  100 + (i * 7919) % 90000, '344', 120, '', '', 0, state, '', 0, 'S' || i, '0000', '', '', '', '', '',
  0, 0, 0, 1, at_ms, at_ms + 20, at_ms + 9000, at_ms + 9000 FROM made;
INSERT INTO steps (order_id, from_state, event, to_state, reason, at_ms)
SELECT id, 1, 11, 1, 'accepted', created_at_ms FROM orders
UNION ALL SELECT id, 1, 0, 2, 'sending', sent_at_ms FROM orders
UNION ALL SELECT id, 2, 4, 3, 'pushed', sent_at_ms + 200 FROM orders
UNION ALL SELECT id, 3, CASE state WHEN 5 THEN 6 WHEN 6 THEN 7 ELSE 8 END, state, 'the cloud says so',
  final_at_ms FROM orders;
INSERT INTO orders (out_trade_no, kind, till, till_named, till_order, content, terminal, channel,
  scan, amount_minor_units, currency, payment_timeout_s, of_order, of_syssn, allow_modify, state,
  reason, needs, syssn, respcd, sysdtm, busicd, chnlsn, card, card_scheme, matched_by_question,
  cancel_wanted, cancel_acknowledged, delivered, created_at_ms, sent_at_ms, updated_at_ms)
SELECT 'LOST', 1, 'till1', 1, 'LOST', '', 'SIM0000001', 2, 2, 6600, '344', 120, '', '', 0, 10,
  'out of the reach of an enquiry', 4, '', '', '', '', '', '', '', 0, 0, 0, 1,
  unixepoch('now') * 1000 - 8640000000, unixepoch('now') * 1000 - 8639999000,
  unixepoch('now') * 1000 - 8000000000;
INSERT INTO steps (order_id, from_state, event, to_state, reason, at_ms)
SELECT id, 1, 11, 1, 'accepted', created_at_ms FROM orders WHERE out_trade_no = 'LOST'
UNION ALL SELECT id, 1, 0, 2, 'sending', sent_at_ms FROM orders WHERE out_trade_no = 'LOST'
UNION ALL SELECT id, 2, 5, 4, 'no answer', sent_at_ms + 30000 FROM orders WHERE out_trade_no = 'LOST'
UNION ALL SELECT id, 4, 10, 10, 'out of the reach of an enquiry', updated_at_ms FROM orders
  WHERE out_trade_no = 'LOST';
COMMIT;
