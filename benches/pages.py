"""B2: a page as an application asks for it: a filter, an order, twenty rows, their author, their comments, and how many there are."""

import contextlib
import json
import sqlite3
import urllib.request

from benches.measure import Series, wrk
from benches.targets import ID, BusbarTarget, NodeTarget, PocketBaseTarget
from tests.peers import postgres

PAGE = 20
POSTS_OF_AN_AUTHOR, COMMENTS_OF_A_POST = 100, 2
LEAST = 10
AUTHORS, POSTS, COMMENTS = "benchmark_authors", "benchmark_posts", "benchmark_comments"


def authors(count):
    """The authors: id and name."""
    return [(ID % number, f"author {number}") for number in range(count)]


def posts(count):
    """The posts: id, author, title, score. Scores run from 0 to 99 and repeat, so that the order needs its second column."""
    return [(ID % number, ID % (number % (count // POSTS_OF_AN_AUTHOR)), f"post {number}", number // (count // POSTS_OF_AN_AUTHOR) * 7 % 50) for number in range(count)]


def comments(count):
    """The comments: id, post, text."""
    return [(ID % number, ID % (number // COMMENTS_OF_A_POST), f"comment {number} " + "c" * 60) for number in range(count * COMMENTS_OF_A_POST)]


def get(url, headers):
    """(parsed body, headers)."""
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return json.loads(answer.read()), answer.headers


class Pages:
    """What every target of this benchmark adds to its own: the address of a page, and its answer in one shape."""

    page_path = (f"/api/database/records/{POSTS}?select=id,title,score,author:{AUTHORS}(id,name),comments:{COMMENTS}(id,text)"
                 f"&author_id=eq.{ID}&score=gte.{LEAST}&order=score.desc,id.asc&limit={PAGE}")
    asks = ("prefer: count=exact",)

    def page(self, author):
        """The posts of a page with their author and comments, and the exact count of all."""
        headers = dict(header.split(": ", 1) for header in (self.header, *self.asks) if header)
        body, answered = get(self.url + self.page_path % author, headers)
        rows = [(post["title"], post["score"], post["author"]["name"], sorted(comment["text"] for comment in post["comments"])) for post in body]
        return rows, int(answered["content-range"].split("/")[1])


class BusbarPages(Pages, BusbarTarget):
    """Busbar; its tables are made and filled by its own API."""

    def __init__(self, rows, wrapper=(), database_url=None):
        super().__init__(1, wrapper, database_url, filler=False)
        self.busbar.start()
        self.process = self.busbar.process
        self.related(AUTHORS, {"name": "string"})
        self.related(POSTS, {"author_id": "uuid", "title": "string", "score": "integer"}, author_id=AUTHORS)
        self.related(COMMENTS, {"post_id": "uuid", "text": "string"}, post_id=POSTS)
        self.fill(AUTHORS, ({"id": key, "name": name} for key, name in authors(rows // POSTS_OF_AN_AUTHOR)))
        self.fill(POSTS, ({"id": key, "author_id": author, "title": title, "score": score} for key, author, title, score in posts(rows)))
        self.fill(COMMENTS, ({"id": key, "post_id": post, "text": text} for key, post, text in comments(rows)))
        for name, columns in ((POSTS, "author_id, score DESC, id"), (COMMENTS, "post_id")):
            self.must(self.busbar.call("POST", "/api/database/advance/rawsql", {"query": f"CREATE INDEX {name}_page ON {name} ({columns})"}), 200)
        self.stop()

    def related(self, name, columns, **keys):
        """A table whose named columns point at others' ids."""
        body = {"tableName": name, "rlsEnabled": False,
                "columns": [{"columnName": column, "type": kind, "isNullable": True, "isUnique": False} for column, kind in columns.items()],
                "foreignKeys": [{"referenceTable": table, "referenceColumns": [{"sourceColumn": column, "referenceColumn": "id"}],
                                 "onDelete": "CASCADE", "onUpdate": "NO ACTION"} for column, table in keys.items()]}
        self.must(self.busbar.call("POST", "/api/database/tables", body), 201)


class NodePages(Pages, NodeTarget):
    """fastify over better-sqlite3: three prepared queries for a page."""

    def __init__(self, rows, wrapper=()):
        super().__init__(1, wrapper)
        with contextlib.closing(sqlite3.connect(self.file)) as db, db:
            db.executescript(f"""
                CREATE TABLE {AUTHORS} (id TEXT PRIMARY KEY, name TEXT);
                CREATE TABLE {POSTS} (id TEXT PRIMARY KEY, author_id TEXT REFERENCES {AUTHORS} (id), title TEXT, score INTEGER);
                CREATE TABLE {COMMENTS} (id TEXT PRIMARY KEY, post_id TEXT REFERENCES {POSTS} (id), text TEXT);""")
            db.executemany(f"INSERT INTO {AUTHORS} VALUES (?, ?)", authors(rows // POSTS_OF_AN_AUTHOR))
            db.executemany(f"INSERT INTO {POSTS} VALUES (?, ?, ?, ?)", posts(rows))
            db.executemany(f"INSERT INTO {COMMENTS} VALUES (?, ?, ?)", comments(rows))
            db.executescript(f"CREATE INDEX posts_page ON {POSTS} (author_id, score DESC, id); CREATE INDEX comments_page ON {COMMENTS} (post_id);")


class PocketBasePages(Pages, PocketBaseTarget):
    """PocketBase: the same rows as collections with relations, which it expands."""

    page_path = (f"/api/collections/{POSTS}/records?perPage={PAGE}&sort=-score,id&filter=(author='%015d'%%26%%26score>={LEAST})"
                 f"&expand=author,{COMMENTS}_via_post&fields=id,title,score,expand.author.id,expand.author.name,expand.{COMMENTS}_via_post.id,expand.{COMMENTS}_via_post.text")
    asks = ()

    def __init__(self, rows, wrapper=()):
        super().__init__(1, wrapper)
        self.launch()
        self.process.wait_until(self.listens)
        token = self.call("POST", "/api/collections/_superusers/auth-with-password", {"identity": "bench@example.com", "password": "bench-password"})["token"]
        text, open_to_all = (lambda name: {"name": name, "type": "text"}), {"type": "base", "listRule": "", "viewRule": ""}
        points = lambda name, collection: {"name": name, "type": "relation", "collectionId": collection["id"], "maxSelect": 1}
        author = self.call("POST", "/api/collections", {"name": AUTHORS, "fields": [text("name")], **open_to_all}, token)
        post = self.call("POST", "/api/collections", {"name": POSTS, "fields": [text("title"), {"name": "score", "type": "number"}, points("author", author)],
                                                      "indexes": [f"CREATE INDEX posts_page ON {POSTS} (author, score DESC, id)"], **open_to_all}, token)
        self.call("POST", "/api/collections", {"name": COMMENTS, "fields": [text("text"), points("post", post)],
                                               "indexes": [f"CREATE INDEX comments_page ON {COMMENTS} (post)"], **open_to_all}, token)
        self.stop()
        short = lambda key: f"{int(key[-12:]):015}"
        with contextlib.closing(sqlite3.connect(self.folder / "data" / "data.db")) as db, db:
            db.executemany(f"INSERT INTO {AUTHORS} (id, name) VALUES (?, ?)", ((short(key), name) for key, name in authors(rows // POSTS_OF_AN_AUTHOR)))
            db.executemany(f"INSERT INTO {POSTS} (id, author, title, score) VALUES (?, ?, ?, ?)",
                           ((short(key), short(author), title, score) for key, author, title, score in posts(rows)))
            db.executemany(f"INSERT INTO {COMMENTS} (id, post, text) VALUES (?, ?, ?)", ((short(key), short(post), text) for key, post, text in comments(rows)))

    def page(self, author):
        body, _ = get(self.url + self.page_path % author, {})
        rows = [(post["title"], post["score"], post["expand"]["author"]["name"], sorted(comment["text"] for comment in post["expand"][f"{COMMENTS}_via_post"]))
                for post in body["items"]]
        return rows, body["totalItems"]


def b2(settings, outcome, rounds, kept):
    """Every target serves the same pages; the answers are compared first."""
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(postgres.Postgres(durable=True, wrapper=settings.server))
        makers = [
            lambda: BusbarPages(settings.rows, settings.server),
            lambda: NodePages(settings.rows, settings.server),
            lambda: PocketBasePages(settings.rows, settings.server),
            lambda: BusbarPages(settings.rows, settings.server, database_url=postgres.new_database(cluster.url)),
        ]
        targets = [stack.enter_context(kept(make())).start() for make in makers]
        count = settings.rows // POSTS_OF_AN_AUTHOR
        for author in (0, 1, count // 2, count - 1):
            expected = targets[0].page(author)
            if len(expected[0]) != PAGE or expected[1] < PAGE:
                raise RuntimeError(f"a page of {len(expected[0])} rows of {expected[1]}")
            for target in targets[1:]:
                if target.page(author) != expected:
                    raise RuntimeError(f"{target.name} answers {target.page(author)} for author {author}, not {expected}")

        def ask(target, seconds=settings.seconds):
            report = wrk(target.url, "read", target.page_path, count, connections=64, seconds=seconds, header=target.header, more=target.asks, wrapper=settings.generator)
            return report["rate"], report["p99"]

        for target in targets:
            ask(target, max(1, settings.seconds // 5))
        outcome.series = rounds(settings, [(Series(target.name, "pages/s"), lambda target=target: ask(target)) for target in targets])
        busbar, node, base, on_postgres = outcome.series
        outcome.compare("Busbar / Node", busbar, node, 4, 12)
        outcome.compare("Busbar / PocketBase", busbar, base)
        outcome.compare("Busbar / Busbar on PostgreSQL", busbar, on_postgres)
        outcome.notes.append(f"A page is {PAGE} of {targets[0].page(0)[1]} posts with their author and {COMMENTS_OF_A_POST} comments each, out of {settings.rows} posts.")
