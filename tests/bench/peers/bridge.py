"""A bridge as an integrator would write it today, with the standard library alone: asyncio for the
tills, sqlite3 in a thread of its own, http.client in a pool of 64. It keeps an order durably before
and after the call, over verified TLS connections that are kept alive; it does not ask what became of
the order. See ../README.md.

    python3 bridge.py JOURNAL CLOUD_PORT CA_FILE

A till says "PAY <order> <amount>\\n" and hears "OK <order> <respcd>\\n".
"""
import asyncio
import hashlib
import http.client
import json
import sqlite3
import ssl
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

JOURNAL, CLOUD_PORT, CA_FILE = sys.argv[1:4]
KEY = 'A1B2C3D4E5F60718293A4B5C6D7E8F90'

db = sqlite3.connect(JOURNAL, check_same_thread=False, isolation_level=None)
db.execute('PRAGMA journal_mode = WAL')
db.execute('PRAGMA synchronous = FULL')
db.execute('CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, order_no TEXT UNIQUE NOT NULL,'
           ' state INTEGER NOT NULL, amount INTEGER NOT NULL, due INTEGER, request TEXT, answer TEXT)')

db_thread = ThreadPoolExecutor(1)
callers = ThreadPoolExecutor(64)
tls = ssl.create_default_context(cafile=CA_FILE)
own = threading.local()  # a connection for each caller


def add(order, amount, request):
    db.execute('INSERT INTO orders (order_no, state, amount, due, request) VALUES (?, 0, ?, ?, ?)',
               (order, amount, int(time.time()) + 3, request))


def end(order, state, answer):
    db.execute('UPDATE orders SET state = ?, answer = ? WHERE order_no = ?', (state, answer, order))


def signed(order, amount):
    fields = {'txamt': amount, 'txcurrcd': 'HKD', 'pay_type': '800008', 'out_trade_no': order,
              'txdtm': time.strftime('%Y-%m-%d %H:%M:%S'), 'mchid': 'R1zQrTdJnn',
              'terminal_id': 'T000123'}
    text = '&'.join(f'{name}={fields[name]}' for name in sorted(fields)) + KEY
    return json.dumps(fields), hashlib.md5(text.encode()).hexdigest().upper()


def call(body, signature):
    connection = getattr(own, 'connection', None)
    if connection is None:
        connection = own.connection = http.client.HTTPSConnection(
            'localhost', int(CLOUD_PORT), context=tls, timeout=10)
    try:
        connection.request('POST', '/ecr/v1/payment/async', body,
                           {'Content-Type': 'application/json', 'X-QF-SIGN': signature})
        return connection.getresponse().read().decode()
    except (http.client.HTTPException, OSError):
        own.connection = None
        raise


async def answer(line):
    words = line.decode('latin1').split()
    if len(words) != 3 or words[0] != 'PAY' or not words[2].isdigit():
        return 'ERR syntax\n'
    loop = asyncio.get_running_loop()
    _, order, amount = words
    body, signature = signed(order, amount)
    await loop.run_in_executor(db_thread, add, order, int(amount), body)
    text = await loop.run_in_executor(callers, call, body, signature)
    code = json.loads(text)['respcd']
    await loop.run_in_executor(db_thread, end, order, 1 if code == '0000' else 2, text)
    return f'OK {order} {code}\n'


async def serve(reader, writer):
    try:
        told = await answer(await reader.readline())
    except Exception as error:  # whatever it is, the till is told
        told = f'ERR {error!r}\n'
    try:
        writer.write(told.encode())
        await writer.drain()
        writer.close()
    except OSError:
        pass


async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0, backlog=1024, limit=8192)
    print('listening on 127.0.0.1:%d' % server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()

asyncio.run(main())
