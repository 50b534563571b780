"""The running gateway: a loop that ticks when something rings, timed jobs that ring, the status page beside them."""

from __future__ import annotations

import signal
import threading
from types import FrameType

import uvicorn
from apscheduler.schedulers.background import BackgroundScheduler

from gateway.collect import Doorbell
from gateway.commands import Write
from gateway.engine import Engine
from gateway.web import create_app

# A file that no event announced is seen at the next scan: events are a hint, never the truth.
SCAN_SECONDS = 5.0
# While files wait for their second look, the next tick comes this soon.
LOOK_AGAIN_SECONDS = 0.5
RELOAD_SECONDS = 10


def serve(engine: Engine, host: str, port: int, write: Write) -> int:
    """Tick until SIGINT or SIGTERM; the page answers on `host`:`port`. Returns the exit code."""
    bell = threading.Event()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()
        bell.set()

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
    doorbell = Doorbell(engine.home, bell.set)
    doorbell.start()
    reload_wanted = threading.Event()
    scheduler = _schedule(engine, bell, reload_wanted)
    server = _page(engine, host, port)
    write(f"returns-gateway: watching {engine.home.inbox}, status page on http://{host}:{port}\n")
    try:
        while not stopping.is_set():
            bell.clear()
            if reload_wanted.is_set():
                reload_wanted.clear()
                if engine.reload():
                    _schedule_polls(scheduler, engine, bell)
            ticked = engine.tick()
            if ticked.idle:
                engine.store.checkpoint()
                bell.wait(LOOK_AGAIN_SECONDS if engine.settling else SCAN_SECONDS)
    finally:
        scheduler.shutdown(wait=False)
        doorbell.stop()
        server.should_exit = True
    write("returns-gateway: stopped\n")
    return 0


def _schedule(engine: Engine, bell: threading.Event, reload_wanted: threading.Event) -> BackgroundScheduler:
    """Timed work: SFTP polls in threads of their own; the loop reads changed partner folders between two ticks."""
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1})
    _schedule_polls(scheduler, engine, bell)
    scheduler.add_job(reload_wanted.set, "interval", seconds=RELOAD_SECONDS, id="reload")
    scheduler.start()
    return scheduler


def _schedule_polls(scheduler: BackgroundScheduler, engine: Engine, bell: threading.Event) -> None:
    for job in scheduler.get_jobs():
        if job.id.startswith("poll:"):
            job.remove()
    for partner, seconds in engine.remotes.polled(engine.configuration.book):

        def poll(partner_id: str = partner.id) -> None:
            engine.remotes.poll(engine.configuration.book[partner_id])
            bell.set()

        scheduler.add_job(poll, "interval", seconds=seconds, id=f"poll:{partner.id}")


def _page(engine: Engine, host: str, port: int) -> uvicorn.Server:
    """The status page in a thread of its own: it only reads."""
    app = create_app(engine.store, engine.home, engine.configuration.book, engine.clock)
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False))
    threading.Thread(target=server.run, name="status-page", daemon=True).start()
    return server
