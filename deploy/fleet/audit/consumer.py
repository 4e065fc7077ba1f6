#!/usr/bin/python3
"""Messages of the boxes from the broker into PostgreSQL (schema.sql), each once.

The broker has its acknowledgement only after the commit, and keeps the session: what was not acknowledged comes again, and its key makes the
repetition harmless. Without a database it leaves the broker, which keeps the messages meanwhile. With --confirm it says to each box up to which
number it has everything, so that the box need not send that again after its next connection; it publishes nothing else.

    consumer.py --broker mqtts://consumer@centre:8883 --ca ca.pem --password-file F --client-id-file F --database dbname=lanewarden
      [--metrics 127.0.0.1:9109] [--confirm]

Debian: python3-paho-mqtt python3-psycopg2 python3-cryptography
"""
import argparse
import hashlib
import http.server
import json
import re
import signal
import sys
import threading
import time
import urllib.parse
from collections import Counter

import paho.mqtt.client as mqtt
import psycopg2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg2.extras import execute_values

BATCH_MAX = 500
# What came is committed after this much silence, or at once when a batch is full.
QUIET_S = 0.05
RETRY_S = 1.0
# A box is told at most this often.
CONFIRM_EVERY_S = 2.0
BASE = "lanewarden"
# Messages of a box that are not believed, until a person has looked at them: more are named by nothing but the hole in the numbers.
APART_MAX = 10_000
APART_BYTES_MAX = 100_000_000
# Taken back at once.
BACK_MAX = 500
# Open alarms of one kind of a box, and how much of a message stands beside one.
ALARMS_MAX = 1_000
ALARM_BYTES_MAX = 10_000
# An index entry of PostgreSQL has no more than 2,704 bytes.
WHAT_BYTES_MAX = 1_000
# Further ahead of what a series has reached nobody is believed: the hole would stay for good.
LEAP_MAX = 1_000_000
# Not the states of lanes: they are for displays, and many.
TOPICS = ("+/status", "+/heartbeat", "+/report", "+/gap", "+/numbers", "+/+/release", "+/+/report")

# A name that messages of a kind have, and no other kind has: the signature says nothing of the topic.
FORMS = {"status": "status", "release": "withdrawn", "report": "kind", "gap": "gap", "numbers": "notUsed"}

counters = Counter()
connected = {"broker": 0, "database": 0}


def say(text):
    print(text, file=sys.stderr, flush=True)


def text_of(value):
    """PostgreSQL keeps no NUL in a text, and no half of a pair of surrogates."""
    return None if value is None else re.sub("[\0\ud800-\udfff]", "\ufffd", str(value))


def beginning(text, most):
    return text_of(text).encode()[:most].decode(errors="ignore")


class Batch:
    """One transaction. The rows of each table are collected and inserted together."""

    def __init__(self, cursor):
        self.cursor = cursor
        self.boxes = {}
        # By number all that came under it; after `sift` the one that counts.
        self.keyed = {}
        self.not_used = []
        self.told = []
        self.heads = []
        self.alarms = []
        # Boxes of which a chain was named that no head had named before.
        self.begun = set()
        # Digests of what a person has accepted.
        self.accepted = set()

    def take(self, topic, payload, retained=False, redelivered=False):
        levels = topic.split("/")
        if len(levels) < 3 or levels[0] != BASE:
            raise ValueError("topic")
        box, kind = levels[1], levels[-1]
        lane = levels[2] if len(levels) == 4 else ""
        if payload == "":
            return  # somebody cleared what the broker retained
        body = json.loads(payload)
        if not isinstance(body, dict):
            raise ValueError("no object")
        # What the broker retained is no news of the box.
        entry = self.boxes.setdefault(box, {"retained": True, "online": None, "version": ""})
        entry["retained"] &= retained
        if kind in ("status", "heartbeat"):
            self.take_status(box, entry, kind, body, payload, topic, redelivered)
        else:
            self.take_numbered(box, lane, kind, body, payload, topic)

    def take_status(self, box, entry, kind, body, payload, topic, redelivered):
        # A redelivered one may come after newer ones (NATS); the newest came as retained when this connection began.
        if "status" in body and not redelivered:
            entry["online"] = body["status"] == "online"
        if "version" in body and not redelivered:
            entry["version"] = text_of(body["version"])
        if "numbers" in body:
            told = body["numbers"]
            series, first, last = (box, text_of(str(told["series"])), "mqtt"), int(told["first"]), int(told["last"])
            if not 1 <= first <= last + 1:
                raise ValueError(f"numbers {first} {last}")
            digest = hashlib.sha256(payload.encode()).digest()
            self.told.append(((series, last), (digest, box, "", kind, body, payload, None, topic, (series, first, last))))
        if "evidence" in body:
            head = body["evidence"]
            self.heads.append((box, text_of(str(head["chain"])), int(head["last"]), text_of(str(head["head"])), int(head["wallMs"]),
                               text_of(str(head["key"])), str(head["signature"]), payload))

    def take_numbered(self, box, lane, kind, body, payload, topic):
        number = body.get("number")
        if number is None and kind == "report":
            # Boxes of the first version gave their watch reports no number: these count by themselves.
            number = {"box": box, "series": "report", "destination": "mqtt", "n": body["id"]}
        if number is None:
            raise ValueError("no number")
        if number["box"] != box:
            self.alarms.append((box, "otherBox", f"{number['box']} {number['n']}", payload))
            return
        series, n = (box, text_of(str(number["series"])), text_of(str(number["destination"]))), int(number["n"])
        digest = hashlib.sha256(payload.encode()).digest()
        unused = body.get("notUsed")
        if unused is not None:
            unused = ((box, text_of(str(unused["series"])), series[2]), int(unused["first"]), int(unused["last"]))
        evidence = body.get("evidence")
        if evidence is not None:
            evidence = (text_of(str(evidence["chain"])), int(evidence["row"]), bytes.fromhex(evidence["digest"]))
        row = (digest, box, lane, kind, body, payload, evidence, topic, unused)
        self.keyed.setdefault((series, n), []).append(row)

    def write(self, back):
        """`back`: how many of what was kept apart are taken back at most. Returns up to which number everything of a series is there, of those that were touched."""
        self.write_boxes()
        # First: messages beside them count by what they name.
        self.write_heads()
        self.take_back(back)
        self.sift()
        ids = self.series_ids()
        fresh = self.write_keys(ids)
        self.check_rows(ids, fresh)
        self.write_rows([((ids[series], n), row) for (series, n), row in self.keyed.items() if (ids[series], n) in fresh])
        if self.not_used:
            execute_values(self.cursor, "insert into not_used (series, first, last) values %s on conflict do nothing",
                           [(ids[series], first, last) for series, first, last in self.not_used])
        for (series, last), row in self.told:
            self.cursor.execute("update series set oldest = greatest(oldest, %s), last = greatest(last, %s) where id = %s",
                                (row[8][1], last, ids[series]))
        self.cursor.execute("call advance(%s)", (list(ids.values()),))
        # The newest series of a box last: its topic keeps one.
        self.cursor.execute("select box, series, whole from series where id = any (%s) and destination = 'mqtt' and series <> 'report' order by id",
                            (list(ids.values()),))
        wholes = self.cursor.fetchall()
        for box, kind, what, payload in self.alarms:
            self.cursor.execute("""insert into alarm (box, kind, what, payload) select %s, %s, %s, %s
                where (select count(*) from alarm where box = %s and kind = %s and closed_by is null) < %s on conflict do nothing""",
                                (beginning(box, WHAT_BYTES_MAX), kind, beginning(what, WHAT_BYTES_MAX), beginning(payload, ALARM_BYTES_MAX),
                                 beginning(box, WHAT_BYTES_MAX), kind, ALARMS_MAX))
        return wholes

    def write_boxes(self):
        if not self.boxes:
            return
        execute_values(self.cursor, "insert into box (box) values %s on conflict do nothing", [(box,) for box in self.boxes])
        execute_values(self.cursor, """
            update box b set heard = case when v.retained then b.heard else now() end,
              online = coalesce(v.online::boolean, b.online), version = coalesce(nullif(v.version, ''), b.version)
            from (values %s) as v (box, retained, online, version) where b.box = v.box and
              (not v.retained and b.heard < now() - interval '10 s' or b.online <> v.online::boolean or v.version not in ('', b.version))""",
                       [(box, entry["retained"], entry["online"], entry["version"]) for box, entry in self.boxes.items()])

    def take_back(self, most):
        """What was kept apart, once a person has accepted it or a head has named its chain."""
        self.cursor.execute("""update apart set taken = now() where id in
            (select id from apart where accepted_by is not null and taken is null order by id limit %s) returning topic, payload""", (most,))
        for topic, payload in self.cursor.fetchall():
            self.accepted.add(hashlib.sha256(payload.encode()).digest())
            self.take(topic, payload)
        if self.begun:
            self.cursor.execute("""delete from apart where id in
                (select id from apart where why = 'noHead' and taken is null and box = any (%s) order by id limit %s) returning topic, payload""",
                                (list(self.begun), most))
            for topic, payload in self.cursor.fetchall():
                self.take(topic, payload)

    def sift(self):
        """Of all that came under one number the first that is believed; what is not is kept apart and has no number here."""
        rows = self.told + [(key, row) for key, came in sorted(self.keyed.items()) for row in came]
        if not rows:
            return
        self.cursor.execute("select box, evidence_key, signs from box where box = any (%s)", (list({row[1] for _, row in rows}),))
        known = {box: [key, signs] for box, key, signs in self.cursor.fetchall()}
        chains = list({(row[1], row[6][0]) for _, row in rows if row[6]})
        named = set(execute_values(self.cursor, """select b, c from (values %s) as v (b, c)
            where exists (select from head where box = b and chain = c)""", chains, fetch=True, page_size=len(chains)) if chains else ())
        reached = self.reached(rows)
        self.keyed, self.told, doubted = {}, [], []
        for key, row in rows:
            why = None if row[0] in self.accepted else self.doubt(row, known[row[1]], named) or leap(key, row, reached)
            if why is not None:
                doubted.append((key, row, why))
            elif row[3] in ("status", "heartbeat"):
                self.told.append((key, row))
            else:
                self.believe(key, row)
        self.keep_apart(doubted)

    def reached(self, rows):
        """By series, its highest number so far."""
        keys = list({series for (series, _), _ in rows} | {row[8][0] for _, row in rows if row[8]})
        found = execute_values(self.cursor, """select s.box, s.series, s.destination,
              greatest(s.last, s.whole, (select max(n) from message where series = s.id))
            from series s join (values %s) as k (b, s, d) on s.box = k.b and s.series = k.s and s.destination = k.d""", keys, fetch=True, page_size=len(keys))
        return {(box, series, destination): n for box, series, destination, n in found}

    def doubt(self, row, state, named):
        """Why a message is not believed: a password of the broker is nobody's word. Once a box has signed one message, only signed ones count."""
        _, box, lane, kind, body, payload, evidence, *_ = row
        key, signs = state
        if key is not None and is_signed_message(payload, body.get("signature"), key):
            # A status comes before what waited unsigned on the box when it began to sign.
            if not signs and "number" in body:
                self.cursor.execute("update box set signs = true where box = %s", (box,))
                state[1] = True
            return None if FORMS.get(kind) in body and body.get("lane", "") == lane else "otherTopic"
        if signs:
            return "unsigned"
        # A version that signs heads and no messages: its releases name rows of the chain.
        if key is None or kind != "release":
            return None
        if evidence is None:
            return "noEvidence"
        return None if (box, evidence[0]) in named else "noHead"

    def believe(self, key, row):
        (_, series, _), n = key
        first = self.keyed.setdefault(key, row)
        if first[0] != row[0] and series != "report":
            self.alarms.append((row[1], "otherContents", f"{series} {n} {row[0].hex()}", row[5]))
        elif first is not row:
            counters["repeated"] += 1
        elif row[8] is not None:
            self.not_used.append(row[8])

    def keep_apart(self, doubted):
        for (key, n), row, why in doubted:
            digest, box, payload, topic = row[0], row[1], row[5], row[7]
            # Of before the box signed its messages. From the box nothing comes again under another topic.
            self.cursor.execute("""select from message m join series s on s.id = m.series
                where (s.box, s.series, s.destination) = %s and m.n = %s and m.digest = %s""", (key, n, digest))
            if why != "otherTopic" and self.cursor.fetchone() is not None:
                counters["repeated"] += 1
                continue
            self.cursor.execute("""insert into apart (box, topic, payload, why, digest) select %s, %s, %s, %s, %s
                where (select count(*) < %s and coalesce(sum(octet_length(payload)), 0) < %s from apart where box = %s and taken is null)
                on conflict (box, digest) do nothing returning id""",
                                (box, text_of(topic), text_of(payload), why, digest, APART_MAX, APART_BYTES_MAX, box))
            if self.cursor.fetchone() is not None:
                self.alarms.append((box, "unproven", f"{why} {key[1]} {n} {digest.hex()}", payload))

    def series_ids(self):
        keys = sorted({key for key, _ in self.keyed} | {key for key, *_ in self.not_used} | {key for (key, _), _ in self.told})
        if not keys:
            return {}
        execute_values(self.cursor, "insert into series (box, series, destination) values %s on conflict do nothing", keys)
        rows = execute_values(self.cursor, """select box, series, destination, id from series
            join (values %s) as k (b, s, d) on box = b and series = s and destination = d""", keys, fetch=True)
        return {(box, series, destination): number for box, series, destination, number in rows}

    def write_keys(self, ids):
        if not self.keyed:
            return set()
        rows = [(ids[series], n, row[0], *(row[6][1:] if row[6] else (None, None))) for (series, n), row in self.keyed.items()]
        fresh = set(execute_values(self.cursor, """insert into message (series, n, digest, chain_row, row_digest) values %s
            on conflict do nothing returning series, n""", rows, "(%s, %s, %s, %s::bigint, %s::bytea)", fetch=True, page_size=len(rows)))
        counters["new"] += len(fresh)
        old = {(ids[series], n): (series, row) for (series, n), row in self.keyed.items() if (ids[series], n) not in fresh}
        if old:
            kept = execute_values(self.cursor, "select series, n, digest from message join (values %s) as k (s, i) on series = s and n = i",
                                  list(old), fetch=True, page_size=len(old))
            for number, n, digest in kept:
                series, row = old[number, n]
                # A report without a number is worded anew when it is sent again, by the clock of then.
                if bytes(digest) == row[0] or series[1] == "report":
                    counters["repeated"] += 1
                else:
                    self.alarms.append((row[1], "otherContents", f"{series[1]} {n} {row[0].hex()}", row[5]))
        return fresh

    def write_rows(self, rows):
        releases, reports = [], []
        for (series, n), (_, box, lane, kind, body, payload, *_rest) in rows:
            key = (series, n, box, text_of(lane))
            if kind == "release":
                releases.append((body["time"], *key, text_of(body["id"]), body.get("method"), text_of(body.get("verdict")),
                                 text_of(body.get("plate")), text_of(body.get("operator")), body.get("passed"),
                                 body.get("reported"), bool(body.get("withdrawn")), text_of(payload)))
            else:
                # Times of a box without a clock are wrong, and messages without a time have the moment of their arrival.
                at = body.get("from") or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
                reports.append((at, *key, text_of(body.get("kind", kind)), text_of(payload)))
        if releases:
            execute_values(self.cursor, """insert into release (time, series, n, box, lane, id, method, verdict, plate, attendant,
                passed, reported, withdrawn, payload) values %s""", releases, page_size=BATCH_MAX)
        if reports:
            execute_values(self.cursor, "insert into report (time, series, n, box, lane, kind, payload) values %s", reports,
                           page_size=BATCH_MAX)

    def check_rows(self, ids, fresh):
        """Rows of the chain follow one another as numbers do, and a series keeps to one chain."""
        rows = [(ids[series], n, row[6][0], row[6][1]) for (series, n), row in self.keyed.items() if row[6] and (ids[series], n) in fresh]
        if not rows:
            return
        execute_values(self.cursor, """update series s set chain = v.chain from
            (select distinct on (series) series, chain from (values %s) as r (series, n, chain, chain_row) order by series, n) v
            where s.id = v.series and s.chain is null""", rows, page_size=len(rows))
        # Against the number before it only: one forged message is one alarm, and not one for each that follows.
        wrong = execute_values(self.cursor, """select v.series, v.n, s.chain is distinct from v.chain
            from (values %s) as v (series, n, chain, chain_row) join series s on s.id = v.series
            left join lateral (select chain_row from message m where m.series = v.series and m.n < v.n and m.chain_row is not null
                               order by m.n desc limit 1) earlier on true
            where s.chain is distinct from v.chain or earlier.chain_row >= v.chain_row""",
                               rows, fetch=True, page_size=len(rows))
        named = {(ids[series], n): (series, row) for (series, n), row in self.keyed.items()}
        for number, n, is_other in wrong:
            series, row = named[number, n]
            chain, seq, digest = row[6]
            self.alarms.append((row[1], "otherChain" if is_other else "row", f"{series[1]} {n} {chain} {seq} {digest.hex()}", row[5]))

    def write_heads(self):
        for box, chain, last, head, wall_ms, key, signature, payload in self.heads:
            what = f"{chain} {last} {head} {wall_ms}"
            if not is_signed(f"lanewarden head 1\n{chain}\n{last}\n{head}\n{wall_ms}", key, signature):
                self.alarms.append((box, "signature", what, payload))
                continue
            self.cursor.execute("update box set evidence_key = coalesce(evidence_key, %s) where box = %s returning evidence_key", (key, box))
            if self.cursor.fetchone()[0] != key:
                # It names no chain of this box, until a person has put the key into its row.
                self.alarms.append((box, "otherKey", key, payload))
                continue
            # At the same row another head: the past was rewritten. A later signature over fewer rows: it was set back.
            self.cursor.execute("""select exists (select from head where box = %(box)s and chain = %(chain)s and last = %(last)s and head <> %(head)s),
                exists (select from head where box = %(box)s and chain = %(chain)s and last > %(last)s and signed < to_timestamp(%(ms)s / 1000.0))""",
                                {"box": box, "chain": chain, "last": last, "head": head, "ms": wall_ms})
            rewritten, rolled_back = self.cursor.fetchone()
            if rewritten:
                self.alarms.append((box, "rewritten", what, payload))
            if rolled_back:
                self.alarms.append((box, "rolledBack", what, payload))
            self.cursor.execute("select exists (select from head where box = %s and chain = %s)", (box, chain))
            if not self.cursor.fetchone()[0]:
                self.begun.add(box)
            self.cursor.execute("""insert into head (box, chain, last, head, signed, payload)
                values (%s, %s, %s, %s, to_timestamp(%s / 1000.0), %s) on conflict do nothing""", (box, chain, last, head, wall_ms, payload))


def leap(key, row, reached):
    """Watch reports of the first version go on from the next million after a damaged database, and have no holes."""
    ends = [key] + ([(row[8][0], row[8][2])] if row[8] else [])
    return "leap" if any(n > reached.get(series, 0) + LEAP_MAX for series, n in ends if series[1] != "report") else None


def is_signed_message(payload, signature, key):
    """The signature is the last name of the text, over the SHA-256 of what the text is without it."""
    end = f',"signature":"{signature}"}}'
    if not isinstance(signature, str) or not payload.endswith(end):
        return False
    digest = hashlib.sha256((payload[:-len(end)] + "}").encode()).hexdigest()
    return is_signed(f"lanewarden message 1\n{digest}", key, signature)


def is_signed(text, key, signature):
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), text.encode())
        return True
    except (InvalidSignature, ValueError):
        return False


def store(database, messages, back=BACK_MAX):
    """Commits all of them or none; raises psycopg2.OperationalError while there is no database. Returns what is whole after the commit."""
    with database, database.cursor() as cursor:
        batch = Batch(cursor)
        for message in messages:
            try:
                batch.take(message.topic, message.payload.decode(), message.retain, message.dup)
            except Exception as error:
                unreadable(batch, message.topic, message.payload, error)
        return batch.write(back)


def unreadable(batch, topic, payload, error):
    """Not a message of a box: an alarm, and acknowledged, because it would come again for ever."""
    counters["unreadable"] += 1
    box = (topic.split("/") + ["", ""])[1]
    why = beginning(f"{topic} {type(error).__name__} {error}", WHAT_BYTES_MAX // 2)
    batch.alarms.append((box, "unreadable", f"{why} {hashlib.sha256(payload).hexdigest()}", payload.decode("utf-8", "replace")))


def is_of_database(error):
    """Whatever else fails is the fault of a message; so is class 54, a limit: PostgreSQL calls it operational."""
    if isinstance(error, (psycopg2.errors.UndefinedTable, psycopg2.errors.UndefinedColumn, psycopg2.errors.InsufficientPrivilege)):
        return True  # an older schema.sql
    return isinstance(error, (psycopg2.OperationalError, psycopg2.InterfaceError)) and not (error.pgcode or "").startswith("54")


def store_all(database, messages):
    """A message that cannot be stored must not hold up the others: it is named, alone."""
    try:
        return store(database, messages)
    except Exception as error:
        if is_of_database(error):
            raise
    if len(messages) > 1:
        return [whole for message in messages for whole in store_all(database, [message])]
    try:
        wholes = store(database, messages, 0)
    except Exception as error:
        if is_of_database(error):
            raise
        with database, database.cursor() as cursor:
            batch = Batch(cursor)
            unreadable(batch, messages[0].topic, messages[0].payload, error)
            return batch.write(0)
    store_back(database)
    return wholes


def store_back(database):
    """The oldest that a person has accepted, alone: one of these is what cannot be stored."""
    try:
        store(database, [], 1)
    except Exception as error:
        if is_of_database(error):
            raise
        with database, database.cursor() as cursor:
            cursor.execute("""update apart set taken = now() where id = (select min(id) from apart where accepted_by is not null and taken is null)
                returning topic, payload""")
            batch = Batch(cursor)
            for topic, payload in cursor.fetchall():
                unreadable(batch, topic, payload.encode(), error)
            batch.write(0)


def run(options, stop):
    database = None
    while not stop.is_set():
        try:
            if database is None or database.closed:
                database = psycopg2.connect(options.database, connect_timeout=10)
                connected["database"] = 1
            receive(options, database, stop)
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            connected["database"] = 0
            say(f"database: {str(error).strip()}")
            if database is not None:
                database.close()
        except OSError as error:
            say(f"broker: {error}")
        stop.wait(RETRY_S)


def receive(options, database, stop):
    """One connection from start to end. Single-threaded: an acknowledgement never gets into another connection, where its number means another message."""
    address = urllib.parse.urlsplit(options.broker)
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=options.client_id, clean_session=False, manual_ack=True)
    if address.username:
        client.username_pw_set(address.username, options.password)
    if address.scheme == "mqtts":
        client.tls_set(options.ca)
    waiting = []
    confirmed = Confirmed(client)
    client.on_message = lambda _client, _data, message: waiting.append(message)
    client.on_connect = lambda _client, _data, _flags, reason, _properties: arrived(client, reason)
    client.connect(address.hostname, address.port or (8883 if address.scheme == "mqtts" else 1883), keepalive=30)
    try:
        while not stop.is_set():
            count = len(waiting)
            if client.loop(QUIET_S if waiting else 0.5) != mqtt.MQTT_ERR_SUCCESS:
                raise OSError("the connection ended")
            if waiting and (len(waiting) >= BATCH_MAX or len(waiting) == count):
                wholes = store_all(database, waiting)
                counters["committed_at"] = time.time()
                for message in waiting:
                    client.ack(message.mid, message.qos)
                waiting.clear()
                if options.confirm:
                    confirmed.add(wholes)
            confirmed.tell()
    finally:
        connected["broker"] = 0
        client.disconnect()


class Confirmed:
    """What boxes are to be told: retained, so that who is away has it first when it is back. One that is lost with the connection follows with the next message."""

    def __init__(self, client):
        self.client = client
        self.wholes = {}
        self.told_at = 0.0

    def add(self, wholes):
        for box, series, whole in wholes:
            self.wholes[box, series] = whole

    def tell(self):
        now = time.monotonic()
        if not self.wholes or now - self.told_at < CONFIRM_EVERY_S:
            return
        self.told_at = now
        for (box, series), whole in self.wholes.items():
            self.client.publish(f"{BASE}/{box}/received", json.dumps({"series": series, "through": whole}), retain=True)
        self.wholes.clear()


def arrived(client, reason):
    if reason.is_failure:
        raise OSError(f"refused: {reason}")
    connected["broker"] = 1
    client.subscribe([(f"{BASE}/{topic}", 1) for topic in TOPICS])


FIGURES = {
    "alarms": ("Open alarms.", "select kind, count(*) from alarm where closed_by is null group by kind", ("kind",)),
    "missing_messages": ("Numbers that have not come; lost: the box no longer has them.",
                         "select box, case when lost then 'lost' else 'late' end, sum(last - first + 1) from missing group by 1, 2", ("box", "state")),
    "box_online": ("1 while the broker holds its connection.", "select box, park, online::int from box", ("box", "park")),
    "box_heard_timestamp_seconds": ("When anything of it was last received.", "select box, extract(epoch from heard) from box", ("box",)),
}


def figures(database):
    yield "# TYPE lanewarden_centre_messages_total counter"
    for result in ("new", "repeated", "unreadable"):
        yield f'lanewarden_centre_messages_total{{result="{result}"}} {counters[result]}'
    yield "# TYPE lanewarden_centre_committed_timestamp_seconds gauge"
    yield f"lanewarden_centre_committed_timestamp_seconds {counters['committed_at']}"
    yield "# TYPE lanewarden_centre_connected gauge"
    for to, value in connected.items():
        yield f'lanewarden_centre_connected{{to="{to}"}} {value}'
    with psycopg2.connect(database, connect_timeout=5) as connection, connection.cursor() as cursor:
        for name, (text, query, labels) in FIGURES.items():
            yield f"# HELP lanewarden_centre_{name} {text}\n# TYPE lanewarden_centre_{name} gauge"
            cursor.execute(query)
            for row in cursor:
                pairs = ",".join(f"{label}={json.dumps(value, ensure_ascii=False)}" for label, value in zip(labels, row))
                yield f"lanewarden_centre_{name}{{{pairs}}} {row[-1]}"
    connection.close()


def serve(address, database):
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            lines = []
            try:
                lines.extend(figures(database))
            except psycopg2.Error as error:
                # What it knows without the database goes out all the same.
                lines = [line for line in lines if not line.startswith("#")] or [f"# {type(error).__name__}"]
            body = ("\n".join(lines) + "\n").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    host, port = address.rsplit(":", 1)
    server = http.server.ThreadingHTTPServer((host, int(port)), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def content(file_name):
    if file_name is None:
        return None
    with open(file_name, encoding="utf-8") as file:
        return file.read().strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--broker", required=True, help="mqtts://USER@HOST:PORT")
    parser.add_argument("--ca", help="certificate of the authority, PEM")
    parser.add_argument("--password-file")
    parser.add_argument("--client-id", default="lanewarden-consumer", help="names the session that the broker keeps: never change it")
    parser.add_argument("--client-id-file", help="the same from a file: a secret, because any user of the broker who knows it can empty the session")
    parser.add_argument("--database", required=True, help="of libpq: dbname=lanewarden")
    parser.add_argument("--metrics", help="HOST:PORT")
    parser.add_argument("--confirm", action="store_true",
                        help="tell boxes what is in the database. Not where another program receives the same messages and must lose none either")
    options = parser.parse_args()
    options.password = content(options.password_file)
    options.client_id = content(options.client_id_file) or options.client_id
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    if options.metrics:
        serve(options.metrics, options.database)
    run(options, stop)


if __name__ == "__main__":
    main()
