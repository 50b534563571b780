"""The running gateway: a loop that ticks when something rings, timed jobs that ring, the status page beside them."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from dataclasses import asdict
from types import FrameType

import uvicorn
from apscheduler.schedulers.background import BackgroundScheduler

from gateway.collect import Doorbell
from gateway.commands import Write
from gateway.engine import Engine
from gateway.faults import GatewayError
from gateway.logs import configure_logs, logger
from gateway.web import create_app

# A scan finds the files that no event of the file system announced.
SCAN_SECONDS = 5.0
# The next tick while files wait for their second look.
LOOK_AGAIN_SECONDS = 0.5
RELOAD_SECONDS = 10

log = logger("gateway.run")


def serve(engine: Engine, host: str, port: int, write: Write) -> int:
    """Tick until SIGINT or SIGTERM; the page answers on `host`:`port`. Returns the exit code."""
    bell = threading.Event()
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()
        bell.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    doorbell = Doorbell(engine.home, bell.set)
    doorbell.start()
    reload_wanted = threading.Event()
    scheduler = _schedule(engine, bell, reload_wanted)
    ticked_at = [engine.clock.monotonic()]
    server = _page(engine, host, port, lambda: engine.clock.monotonic() - ticked_at[0], bell.set)
    configure_logs()
    write(f"returns-gateway: watching {engine.home.inbox}, status page on http://{host}:{port}\n")
    try:
        while not stopping.is_set():
            bell.clear()
            if reload_wanted.is_set():
                reload_wanted.clear()
                if engine.reload():
                    _schedule_polls(scheduler, engine, bell)
            idle = _tick(engine)
            ticked_at[0] = engine.clock.monotonic()
            if idle:
                engine.store.checkpoint()
                bell.wait(LOOK_AGAIN_SECONDS if engine.settling else SCAN_SECONDS)
    finally:
        scheduler.shutdown(wait=False)
        doorbell.stop()
        server.should_exit = True
    write("returns-gateway: stopped\n")
    return 0


def _tick(engine: Engine) -> bool:
    """One tick → whether there is nothing left to do. What passes by itself is logged and tried again at the next scan;
    what does not (a disk that cannot be trusted, say) ends the process with its exit code."""
    try:
        ticked = engine.tick()
    except GatewayError as trouble:
        if not trouble.retry:
            raise
        log.warning("tick.put_off", error=trouble.code, subject=trouble.subject)
        return True
    if not ticked.idle:
        log.info("tick.done", **asdict(ticked))
    return ticked.idle


def _schedule(engine: Engine, bell: threading.Event, reload_wanted: threading.Event) -> BackgroundScheduler:
    """Timed work: polls in threads of their own; the loop reads changed partner folders between two ticks."""
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


def _page(
    engine: Engine, host: str, port: int, heartbeat: Callable[[], float], wake: Callable[[], None]
) -> uvicorn.Server:
    """The status page in a thread of its own: it reads, and leaves requests that `wake` tells the loop of."""
    book = lambda: engine.configuration.book  # noqa: E731 - the book of now: a reload makes a new one
    app = create_app(engine.store, engine.home, book, engine.clock, heartbeat=heartbeat, wake=wake)
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False))
    threading.Thread(target=server.run, name="status-page", daemon=True).start()
    return server
