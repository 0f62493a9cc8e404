// A bridge as an integrator would write it today: net, https, better-sqlite3. It keeps an order
// durably before and after the call, over a verified TLS connection that is kept alive; it does not
// ask what became of the order. See ../README.md.
//
//     node bridge.js JOURNAL CLOUD_PORT CA_FILE
//
// A till says "PAY <order> <amount>\n" and hears "OK <order> <respcd>\n".
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const https = require('https');
const net = require('net');
const Database = require('better-sqlite3');

const [journalFile, cloudPort, caFile] = process.argv.slice(2);
const key = 'A1B2C3D4E5F60718293A4B5C6D7E8F90';
const lineMax = 4096;

const db = new Database(journalFile);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`CREATE TABLE IF NOT EXISTS orders (
  id INTEGER PRIMARY KEY, order_no TEXT UNIQUE NOT NULL, state INTEGER NOT NULL,
  amount INTEGER NOT NULL, due INTEGER, request TEXT, answer TEXT)`);
const add = db.prepare('INSERT INTO orders (order_no, state, amount, due, request) VALUES (?, 0, ?, ?, ?)');
const end = db.prepare('UPDATE orders SET state = ?, answer = ? WHERE order_no = ?');

const agent = new https.Agent({ keepAlive: true, maxSockets: 64, ca: fs.readFileSync(caFile) });

function signature(fields) {
  const text = Object.keys(fields).sort().map((name) => `${name}=${fields[name]}`).join('&');
  return crypto.createHash('md5').update(text + key).digest('hex').toUpperCase();
}

function call(fields, body) {
  return new Promise((resolve, reject) => {
    const request = https.request({
      host: 'localhost', family: 4, port: Number(cloudPort), agent,
      path: '/ecr/v1/payment/async', method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        'X-QF-SIGN': signature(fields),
      },
    }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => { text += part; });
      response.on('end', () => resolve(text));
    });
    request.setTimeout(10000, () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end(body);
  });
}

async function serve(socket, line) {
  const [verb, order, amount] = line.trim().split(/\s+/);
  if (verb !== 'PAY' || !order || !/^\d+$/.test(amount || '')) {
    socket.end('ERR syntax\n');
    return;
  }
  const fields = {
    txamt: amount, txcurrcd: 'HKD', pay_type: '800008', out_trade_no: order,
    txdtm: new Date().toISOString().slice(0, 19).replace('T', ' '),
    mchid: 'R1zQrTdJnn', terminal_id: 'T000123',
  };
  const body = JSON.stringify(fields);
  try {
    add.run(order, Number(amount), Math.floor(Date.now() / 1000) + 3, body);
    const text = await call(fields, body);
    const answer = JSON.parse(text);
    end.run(answer.respcd === '0000' ? 1 : 2, text, order);
    socket.end(`OK ${order} ${answer.respcd}\n`);
  } catch (error) {
    socket.end(`ERR ${error.message}\n`);
  }
}

const server = net.createServer((socket) => {
  let heard = '';
  socket.setEncoding('latin1');
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (part) => {
    heard += part;
    const at = heard.indexOf('\n');
    if (at >= 0) {
      const line = heard.slice(0, at);
      heard = '';
      serve(socket, line);
    } else if (heard.length > lineMax) {
      socket.destroy();
    }
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});
