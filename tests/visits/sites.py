"""Sites on this machine that the tests visit."""

import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def on_loopback(host, port, type=0):  # noqa: A002 - as socket.getaddrinfo is called
    """Every name is this machine, an IP address is itself, and nowhere.example has none."""
    if host == "nowhere.example":
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    ip = host if host.replace(".", "").isdigit() or ":" in host else "127.0.0.1"
    return [(socket.AF_INET, type, 6, "", (ip, port))]


class Site:
    """A server with pages: {path: (status, headers, body)}, or a function of the handler. Notes what it is asked."""

    def __init__(self):
        self.pages, self.asked, self.at_once, self.most_at_once = {}, [], 0, 0
        self.times = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.at_once += 1
                site.most_at_once = max(site.most_at_once, site.at_once)
                site.times.append(time.clock_gettime(time.CLOCK_MONOTONIC))
                site.asked.append((self.headers["Host"].partition(":")[0], self.path))
                site.headers = dict(self.headers)
                try:
                    page = site.pages.get(self.path, (404, {}, b"No such page."))
                    if callable(page):
                        page(self)
                    else:
                        status, headers, body = page
                        self.send_response(status)
                        for name, value in headers.items():
                            self.send_header(name, value)
                        self.end_headers()
                        self.wfile.write(body)
                except OSError:
                    # The visitor has left.
                    self.close_connection = True
                finally:
                    site.at_once -= 1

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port

    def at(self, path, host="a.example"):
        """The address of a path, under any name."""
        return f"http://{host}:{self.port}{path}"

    def page(self, path, title="Page A", *, status=200, **headers):
        """Put a page there."""
        body = f"<!doctype html><title>{title}</title>".encode()
        self.pages[path] = (status, {"Content-Type": "text/html; charset=utf-8", **headers}, body)

    def onward(self, path, location, status=302):
        """Send visitors of a path on."""
        self.pages[path] = (status, {"Location": location}, b"")

    @property
    def paths(self):
        """What was asked for besides robots.txt."""
        return [path for _host, path in self.asked if path != "/robots.txt"]


@contextmanager
def running():
    """A Site that answers."""
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()
