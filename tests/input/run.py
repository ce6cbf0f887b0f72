"""Imports the airports (CSV) and the movies (JSON) of the npm package vega-datasets, and compares what Busbar answers with a count by Python.

`python3 -m tests.input.run --database sqlite`
"""

import argparse
import csv
import json
import re
import sys
import urllib.parse

from tests.peers import cache
from tests.peers.process import stop_on_signals
from tests.results import Results
from tests.serve import DATABASES, serving


def column(name, kind):
    """A column that may be null."""
    return {"columnName": name, "type": kind, "isNullable": True, "isUnique": False}


AIRPORTS = [column("iata", "string") | {"isUnique": True, "isNullable": False}, *(column(name, "string") for name in ("name", "city", "state", "country")),
            column("latitude", "float"), column("longitude", "float")]
WHOLE_NUMBERS = ("us_dvd_sales", "running_time_min", "rotten_tomatoes_rating", "imdb_votes")
MONEY = ("us_gross", "worldwide_gross", "production_budget")


def snake(name):
    """`US Gross` becomes `us_gross`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower())


def movie_columns(names, money):
    """The movies' columns, with `money` as the type of the amounts."""
    kinds = {**{name: "integer" for name in WHOLE_NUMBERS}, **{name: money for name in MONEY}, "imdb_rating": "float"}
    return [column(name, kinds.get(name, "string")) for name in names]


def as_text(value):
    """A text column holds a number as its digits, and null as null."""
    return None if value is None else str(value)


class Table:
    """Queries of one table, beside the same question asked of plain Python rows."""

    def __init__(self, results, busbar, name, rows):
        self.results, self.busbar, self.name, self.rows = results, busbar, name, rows

    def make(self, columns):
        status, answer, _ = self.busbar.call("POST", "/api/database/tables", {"tableName": self.name, "columns": columns})
        if status != 201:
            raise RuntimeError(f"creating {self.name}: {status} {answer}")

    def ask(self, query, **headers):
        text = urllib.parse.urlencode(query, doseq=True)
        return self.busbar.call("GET", f"/api/database/records/{self.name}?{text}", headers={name.replace("_", "-"): value for name, value in headers.items()})

    def count(self, title, query, holds):
        """`count=exact` of a filter is the number of rows for which `holds` is true, and so is the number of rows sent."""
        expected = sum(1 for row in self.rows if holds(row))
        status, rows, headers = self.ask(query, prefer="count=exact")
        total = (headers.get("content-range") or "").split("/")[-1]
        self.results.equal(f"{self.name}: {title}: {expected}", (status, total, len(rows)), (200, str(expected), expected))

    def page(self, title, query, expected):
        """The very rows, in their order."""
        status, rows, _ = self.ask(query)
        self.results.equal(f"{self.name}: {title}", (status in (200, 206), rows), (True, expected))


def airports(results, busbar, data):
    """CSV in one request."""
    with open(data / "airports.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["latitude"], row["longitude"] = float(row["latitude"]), float(row["longitude"])
    table = Table(results, busbar, "airports", rows)
    table.make(AIRPORTS)
    status, answer, _ = busbar.call("POST", "/api/database/records/airports", (data / "airports.csv").read_bytes(), headers={"content-type": "text/csv"})
    if not results.equal(f"airports: {len(rows)} rows of CSV are taken in one request", status, 201):
        print(f"        {str(answer)[:500]}")
        return
    table.count("all", {}, lambda row: True)
    table.count("in Texas", {"state": "eq.TX"}, lambda row: row["state"] == "TX")
    table.count("not in the United States", {"country": "neq.USA"}, lambda row: row["country"] != "USA")
    table.count("north of 60, two filters on one column", {"latitude": ["gt.60", "lt.70"]}, lambda row: 60 < row["latitude"] < 70)
    table.count("in a box", {"latitude": ["gte.30", "lte.40"], "longitude": ["gte.-100", "lte.-90"]},
                lambda row: 30 <= row["latitude"] <= 40 and -100 <= row["longitude"] <= -90)
    table.count("International by like", {"name": "like.*International*"}, lambda row: "International" in row["name"])
    table.count("international by ilike", {"name": "ilike.*iNTERnational*"}, lambda row: "international" in row["name"].lower())
    table.count("Texas or Alaska", {"or": "(state.eq.TX,state.eq.AK)"}, lambda row: row["state"] in ("TX", "AK"))
    table.count("some states by in", {"state": "in.(TX,AK,HI)"}, lambda row: row["state"] in ("TX", "AK", "HI"))
    table.count("not some states", {"state": "not.in.(TX,AK,HI)"}, lambda row: row["state"] not in ("TX", "AK", "HI"))
    table.count("Texas and far east or far north", {"state": "eq.TX", "or": "(longitude.gt.-95,and(latitude.gt.35,name.like.*Municipal*))"},
                lambda row: row["state"] == "TX" and (row["longitude"] > -95 or (row["latitude"] > 35 and "Municipal" in row["name"])))
    quoted = next(row for row in rows if "," in row["name"] or '"' in row["name"] or "'" in row["name"])
    table.count(f"the one called {quoted['name']}", {"name": f"eq.{quoted['name']}"}, lambda row: row["name"] == quoted["name"])
    northern = sorted(rows, key=lambda row: (-row["latitude"], row["iata"]))[:10]
    table.page("the ten northernmost", {"select": "iata,latitude", "order": "latitude.desc,iata.asc", "limit": "10"},
               [{"iata": row["iata"], "latitude": row["latitude"]} for row in northern])
    texan = sorted((row for row in rows if row["state"] == "TX"), key=lambda row: (row["city"], row["iata"]))[20:40]
    table.page("a page of Texas by city", {"select": "iata,city,longitude", "state": "eq.TX", "order": "city,iata", "limit": "20", "offset": "20"},
               [{"iata": row["iata"], "city": row["city"], "longitude": row["longitude"]} for row in texan])


def movies(results, busbar, data):
    """JSON in one request; a column too narrow for the amounts refuses the whole of it."""
    with open(data / "movies.json", encoding="utf-8") as file:
        given = [{snake(name): value for name, value in movie.items()} for movie in json.load(file)]
    names = list(given[0])
    narrow = Table(results, busbar, "movies_narrow", given)
    narrow.make(movie_columns(names, "integer"))
    status, answer, _ = busbar.call("POST", "/api/database/records/movies_narrow", given)
    largest = max(movie["worldwide_gross"] or 0 for movie in given)
    results.check(f"movies: {largest} does not fit an integer column", status == 400 and answer.get("code") == "22003", f"{status} {str(answer)[:300]}")
    status, held, _ = narrow.ask({"select": "title"})
    results.equal("movies: and then nothing of the request is kept", (status, held), (200, []))

    rows = [{name: as_text(value) if name not in (*WHOLE_NUMBERS, *MONEY, "imdb_rating") else value for name, value in movie.items()} for movie in given]
    table = Table(results, busbar, "movies", rows)
    table.make(movie_columns(names, "float"))
    status, answer, _ = busbar.call("POST", "/api/database/records/movies", given)
    if not results.equal(f"movies: {len(rows)} objects are taken in one request", status, 201):
        print(f"        {str(answer)[:500]}")
        return
    table.count("all", {}, lambda row: True)
    table.count("without a director", {"director": "is.null"}, lambda row: row["director"] is None)
    table.count("with a director", {"director": "not.is.null"}, lambda row: row["director"] is not None)
    table.count("rated above 8", {"imdb_rating": "gt.8"}, lambda row: (row["imdb_rating"] or 0) > 8)
    table.count("not rated R (null is neither)", {"mpaa_rating": "neq.R"}, lambda row: row["mpaa_rating"] not in (None, "R"))
    table.count("good with critics or with many", {"or": "(rotten_tomatoes_rating.gte.90,imdb_votes.gte.200000)"},
                lambda row: (row["rotten_tomatoes_rating"] or 0) >= 90 or (row["imdb_votes"] or 0) >= 200000)
    table.count("dramas and comedies that earned", {"major_genre": "in.(Drama,Comedy)", "worldwide_gross": "gte.100000000"},
                lambda row: row["major_genre"] in ("Drama", "Comedy") and (row["worldwide_gross"] or 0) >= 1e8)
    table.count("titles that are numbers", {"title": "eq.300"}, lambda row: row["title"] == "300")
    table.count("two hours, between", {"running_time_min": ["gte.115", "lte.125"]}, lambda row: 115 <= (row["running_time_min"] or 0) <= 125)
    earners = sorted(rows, key=lambda row: (-(row["worldwide_gross"] or -1), row["title"] or ""))[:12]
    table.page("the twelve that earned most", {"select": "title,worldwide_gross", "order": "worldwide_gross.desc.nullslast,title", "limit": "12"},
               [{"title": row["title"], "worldwide_gross": row["worldwide_gross"]} for row in earners])
    rated = sorted((row for row in rows if row["director"] is not None and row["imdb_votes"] is not None),
                   key=lambda row: (row["director"], -row["imdb_votes"], row["title"] or ""))[100:120]
    table.page("directors, each with the most voted first, rows 100 to 119",
               {"select": "director,title,imdb_votes", "director": "not.is.null", "imdb_votes": "not.is.null", "order": "director,imdb_votes.desc,title",
                "offset": "100", "limit": "20"},
               [{"director": row["director"], "title": row["title"], "imdb_votes": row["imdb_votes"]} for row in rated])


def main():
    """One server, both imports."""
    stop_on_signals()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    options = parser.parse_args()
    data = cache.npm("input", "tests/input") / "node_modules" / "vega-datasets" / "data"
    results = Results(f"input-{options.database}")
    with serving(options.database) as busbar:
        airports(results, busbar, data)
        movies(results, busbar, data)
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
